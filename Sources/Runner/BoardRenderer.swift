// SPDX-License-Identifier: MIT

import Diagnostics

/// The live table as text: a pure function of the board and the terminal's size.
package struct BoardRenderer: Hashable, Sendable {
  package var style: BoardStyle

  package init(style: BoardStyle) { self.style = style }

  /// The lines of the moving region, each at most `columns` − 1 wide and at most `height` of them.
  package func lines(_ board: BatchBoard, columns: Int, height: Int) -> [TerminalText] {
    let lines =
      columns < BoardLayout.narrowest
      ? stacked(board, columns: columns, height: height)
      : table(board, columns: columns, height: height)
    return lines.map { $0.clipped(columns: columns - 1) }
  }

  // MARK: - A line for each trial

  private func table(_ board: BatchBoard, columns: Int, height: Int) -> [TerminalText] {
    let shownRows = board.rows.prefix(
      board.rows.count + 2 <= height ? board.rows.count : height - 3)
    let total = duration(board.secondsLeft)
    let layout = BoardLayout(board, columns: columns, hasTrends: style.usesUnicode)
    var lines: [TerminalText] = []
    if !shownRows.isEmpty {
      lines.append(
        layout.line(
          label: TerminalText("trial", .faint), seed: "seed", bar: TerminalText("progress", .faint),
          percent: "", episodes: "episodes", trend: TerminalText("trend", .faint), mean: "smoothed",
          rate: "dec/s", left: "left",
          role: .faint))
    }
    let labels = TerminalText.distinct(
      shownRows.map { style.shown($0.label) }, columns: layout.label, mark: style.ellipsis)
    for (row, label) in zip(shownRows, labels) {
      lines.append(
        layout.line(
          label: TerminalText(label), seed: String(row.seed),
          bar: style.bar(row.fraction, columns: layout.bar), percent: style.percent(row.fraction),
          episodes: Self.episodes(row),
          trend: style.sparkline(row.trend, columns: layout.trend),
          mean: style.shown(Numbers.score(row.mean)),
          rate: style.shown(Numbers.rate(row.rate)), left: duration(row.secondsLeft)))
    }
    lines += more(board.rows.count - shownRows.count)
    let room = layout.label + 2 + layout.seed
    lines.append(
      layout.line(
        label: summary(board, columns: room, withLeft: false), seed: "",
        bar: style.bar(board.fraction, columns: layout.bar), percent: style.percent(board.fraction),
        episodes: "", trend: TerminalText(), mean: "", rate: "", left: total))
    return lines
  }

  /// Such as `4,120/8,000`, or `eval 40/100`.
  static func episodes(_ row: BatchBoard.Row) -> String {
    let text =
      row.target > 0
      ? "\(Numbers.whole(row.done))/\(Numbers.whole(row.target))" : Numbers.whole(row.done)
    return row.isEvaluating ? "eval " + text : text
  }

  // MARK: - Two lines for each trial

  private func stacked(_ board: BatchBoard, columns: Int, height: Int) -> [TerminalText] {
    let usable = columns - 1
    let fits = 2 * board.rows.count + 2 <= height
    let shownRows = board.rows.prefix(fits ? board.rows.count : max(0, (height - 3) / 2))
    var lines: [TerminalText] = []
    for row in shownRows {
      let seed = "  seed \(row.seed)" + (row.isEvaluating ? " eval" : "")
      let label = TerminalText.fitted(
        style.shown(row.label), columns: max(4, usable - 1 - seed.count), mark: style.ellipsis)
      lines.append(TerminalText(" " + label) + TerminalText(seed, .faint))
      let mean = style.shown(Numbers.score(row.mean))
      let tail =
        TerminalText.padded(mean, columns: 6, right: true)
        + "  " + TerminalText.padded(duration(row.secondsLeft), columns: 11, right: true)
      lines.append(barLine(row.fraction, trend: row.trend, tail: tail, usable: usable))
    }
    lines += more(board.rows.count - shownRows.count)
    lines.append(barLine(board.fraction, trend: nil, tail: "", usable: usable))
    lines.append(TerminalText(" ") + summary(board, columns: usable - 1, withLeft: true))
    return lines
  }

  /// A bar with its percent, a sparkline where the terminal has one, and the mean and what is left.
  private func barLine(
    _ fraction: Double, trend: Trend?, tail: String, usable: Int
  ) -> TerminalText {
    // Space, bar, percent (5), gap, sparkline, gap, mean and time left (19).
    let room = max(2, usable - 1 - 5 - 2 - 19)
    let trendColumns = style.usesUnicode && room >= 12 ? (room - 1) / 2 : 0
    let bar = trendColumns > 0 ? room - 1 - trendColumns : room
    var line = TerminalText(" ") + style.bar(fraction, columns: bar)
    line.append(" " + style.percent(fraction))
    guard let trend else { return line }
    if trendColumns > 0 {
      let sparkline = style.sparkline(trend, columns: trendColumns)
      line.append(" ")
      line = line + sparkline
      line.append(String(repeating: " ", count: trendColumns - sparkline.width))
    }
    line.append("  " + tail)
    return line
  }

  // MARK: - Shared

  private func more(_ count: Int) -> [TerminalText] {
    count > 0 ? [TerminalText(" " + style.ellipsis + " and \(count) more", .faint)] : []
  }

  private func duration(_ seconds: Double?) -> String { style.shown(Durations.text(seconds)) }

  /// `5 of 12 done · 1 failed · 3 min 12 s`, as much of it as fits.
  private func summary(_ board: BatchBoard, columns: Int, withLeft: Bool) -> TerminalText {
    var pieces: [(text: String, role: TerminalText.Role)] = []
    if board.isStopping {
      pieces.append((Wording.stoppingShort(board.rows.count), .caution))
    }
    pieces.append(("\(board.done) of \(board.total) done", .strong))
    if board.failed > 0 { pieces.append(("\(board.failed) failed", .bad)) }
    if withLeft, board.secondsLeft != nil {
      pieces.append((duration(board.secondsLeft) + " left", .plain))
    } else {
      pieces.append((Durations.text(board.seconds), .faint))
    }
    var line = TerminalText()
    for piece in pieces {
      let separator = line.width > 0 ? style.separator : ""
      guard line.width + separator.count + TerminalText.width(piece.text) <= columns else {
        continue
      }
      line.append(separator, .faint)
      line.append(piece.text, piece.role)
    }
    return line
  }
}

extension BoardRenderer {
  /// The one line that stays of a trial that ended, at most `columns` − 1 wide.
  ///
  /// - Parameter labelColumns: the widest label of the batch, so that such lines align.
  package func line(
    ended end: JobEnd, label: String, seed: Int, labelColumns: Int, columns: Int
  ) -> TerminalText {
    let (symbol, role): (String, TerminalText.Role) =
      switch end.result {
      case .finished: (style.success, .good)
      case .stopped, .later: (style.pause, .caution)
      case .failed, .again: (style.failure, .bad)
      }
    let text = style.shown(
      Wording.endedShort(end, isNarrow: columns < BoardLayout.narrowest))
    let (usable, seedText) = (columns - 1, "  seed \(seed)  ")
    let room = usable - 3 - TerminalText.width(seedText)
    // A long reason takes from the label, at most half of it.
    let labelRoom = min(labelColumns, max(room / 2, room - TerminalText.width(text)))
    let shownLabel = TerminalText.padded(
      TerminalText.fitted(style.shown(label), columns: labelRoom, mark: style.ellipsis),
      columns: labelRoom)
    var line = TerminalText(" ")
    line.append(symbol + " ", role)
    line.append(shownLabel)
    line.append(seedText, .faint)
    line.append(
      TerminalText.clipped(text, columns: max(0, usable - line.width), mark: style.ellipsis),
      role == .good ? .plain : role)
    return line.clipped(columns: usable)
  }
}
