// SPDX-License-Identifier: MIT

package import Diagnostics
import ExperimentSpec

/// The live table as text: a pure function of the batch's progress and the terminal's size.
package struct TableRenderer: Hashable, Sendable {
  package let style: TerminalStyle

  /// Below this many columns each trial takes two lines.
  private static let narrowest = 60

  /// The lines of the moving region, each at most `columns` − 1 wide and at most `height` of them:
  /// some terminals wrap when the last column is filled.
  package func lines(_ batch: BatchProgress, columns: Int, height: Int) -> [TerminalText] {
    let isNarrow = columns < Self.narrowest
    let size = isNarrow ? 2 : 1
    let fits = size * batch.rows.count + 2 <= height
    let rows = fits ? batch.rows[...] : batch.rows.prefix(max(0, (height - 3) / size))
    let hidden = batch.rows.count - rows.count
    let more =
      hidden > 0 ? [TerminalText(" " + style.ellipsis + " and \(hidden) more", .faint)] : []
    let widths =
      isNarrow
      ? TableColumns(narrow: columns - 1, hasTrends: style.usesUnicode)
      : TableColumns(batch, columns, hasTrends: style.usesUnicode)
    let labels = TerminalText.distinct(
      rows.map { style.shown($0.job.label) }, columns: widths.label, mark: style.ellipsis)
    let trials = zip(rows, labels).flatMap { row, label -> [TerminalText] in
      let cells = cells(
        widths, row.fraction, episodes: row.shownEpisodes,
        trend: style.sparkline(row.trend, columns: widths.trend),
        mean: style.shown(Numbers.score(row.mean)), rate: style.shown(Numbers.rate(row.rate)),
        left: duration(row.secondsLeft))
      return isNarrow
        ? [name(row, columns: columns - 2), Self.line(cells)]
        : [Self.line(self.label(widths, label, String(row.job.trial.seed)) + cells)]
    }
    let sum = cells(widths, batch.fraction, left: duration(batch.secondsLeft))
    let room = widths.label + 2 + widths.seed
    let heading = Self.line(
      label(widths, "trial", "seed", .faint)
        + cells(
          widths, nil, episodes: "episodes", trend: TerminalText("trend", .faint), mean: "smoothed",
          rate: "dec/s", left: "left", .faint))
    let lines =
      isNarrow
      ? trials + more + [
        Self.line(Array(sum.prefix(2))),
        TerminalText(" ") + summary(batch, columns: columns - 2, withLeft: true),
      ]
      : (rows.isEmpty ? [] : [heading]) + trials + more + [
        Self.line([Cell(summary(batch, columns: room, withLeft: false), room, gap: 1)] + sum)
      ]
    return lines.map { $0.clipped(columns: columns - 1) }
  }

  /// What stands of a trial, or of the batch, behind its name.
  ///
  /// - Parameter fraction: nil for the heading.
  private func cells(
    _ widths: TableColumns, _ fraction: Double?, episodes: String = "",
    trend: TerminalText = .init(), mean: String = "", rate: String = "", left: String,
    _ role: TerminalText.Role = .plain
  ) -> [Cell] {
    let bar =
      fraction.map { style.bar($0, columns: widths.bar) } ?? TerminalText("progress", .faint)
    // Whole percent, rounded down.
    let percent = fraction.map { "\(Int($0 * 100))%" } ?? ""
    return [
      Cell(bar, widths.bar, gap: widths.gap),
      Cell(TerminalText(percent, role), 4, isRight: true, gap: 1),
      Cell(TerminalText(episodes, role), widths.episodes, isRight: true),
      Cell(trend, widths.trend, gap: widths.gap),
      Cell(TerminalText(mean, role), widths.mean, isRight: true),
      Cell(TerminalText(rate, role), widths.rate, isRight: true),
      Cell(TerminalText(left, role), widths.left, isRight: true),
    ]
  }

  private func label(
    _ widths: TableColumns, _ text: String, _ seed: String, _ role: TerminalText.Role = .plain
  ) -> [Cell] {
    [
      Cell(TerminalText(text, role), widths.label, gap: 1),
      Cell(TerminalText(seed, role), widths.seed, isRight: true),
    ]
  }

  /// The line above a trial's numbers where there is no room beside them.
  private func name(_ row: BatchProgress.Row, columns: Int) -> TerminalText {
    let seed = "  seed \(row.job.trial.seed)" + (row.isEvaluating ? " eval" : "")
    let label = TerminalText.fitted(
      style.shown(row.job.label), columns: max(4, columns - seed.count), mark: style.ellipsis)
    return TerminalText(" " + label) + TerminalText(seed, .faint)
  }

  private struct Cell {
    let text: TerminalText
    let width: Int
    let isRight: Bool
    let gap: Int

    init(_ text: TerminalText, _ width: Int, isRight: Bool = false, gap: Int = 2) {
      (self.text, self.width, self.isRight, self.gap) = (text, width, isRight, gap)
    }
  }

  /// One line out of its cells; those without room are left out.
  private static func line(_ cells: [Cell]) -> TerminalText {
    var line = TerminalText()
    for cell in cells where cell.width > 0 {
      line.append(String(repeating: " ", count: cell.gap))
      let spaces = TerminalText(
        String(repeating: " ", count: max(0, cell.width - cell.text.width)))
      line = line + (cell.isRight ? spaces + cell.text : cell.text + spaces)
    }
    return line
  }

  private func duration(_ seconds: Double?) -> String { style.shown(Durations.text(seconds)) }

  /// `5 of 12 done · 1 failed · 3 min 12 s`, as much of it as fits.
  private func summary(_ batch: BatchProgress, columns: Int, withLeft: Bool) -> TerminalText {
    var pieces: [(text: String, role: TerminalText.Role)] = []
    if batch.isStopping {
      pieces.append((batch.rows.isEmpty ? "stopping" : "stopping \(batch.rows.count)", .caution))
    }
    pieces.append(("\(batch.done) of \(batch.total) done", .strong))
    if batch.failed > 0 { pieces.append(("\(batch.failed) failed", .bad)) }
    if withLeft, let left = batch.secondsLeft {
      pieces.append((duration(left) + " left", .plain))
    } else {
      pieces.append((Durations.text(batch.seconds), .faint))
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

  /// The one line that stays of a trial that ended, at most `columns` − 1 wide.
  ///
  /// - Parameter labelColumns: the widest label of the batch, so that such lines align.
  package func line(
    ended end: JobEnd, label: String, seed: Int, labelColumns: Int, columns: Int
  ) -> TerminalText {
    let symbol = [.good: style.success, .bad: style.failure][end.role] ?? style.pause
    let text = style.shown(Wording.endedShort(end, isNarrow: columns < Self.narrowest))
    let (usable, seedText) = (columns - 1, "  seed \(seed)  ")
    let room = usable - 3 - TerminalText.width(seedText)
    // A long reason takes from the label, at most half of it.
    let labelRoom = min(labelColumns, max(room / 2, room - TerminalText.width(text)))
    let shown = TerminalText.fitted(style.shown(label), columns: labelRoom, mark: style.ellipsis)
    var line = TerminalText(" ")
    line.append(symbol + " ", end.role)
    line.append(TerminalText.padded(shown, columns: labelRoom))
    line.append(seedText, .faint)
    line.append(
      TerminalText.clipped(text, columns: max(0, usable - line.width), mark: style.ellipsis),
      end.role == .good ? .plain : end.role)
    return line.clipped(columns: usable)
  }
}

/// How wide the columns are; 0 where there is no room for one.
private struct TableColumns {
  /// A label is not cut shorter than this for a column that can be done without.
  private static let readableLabel = 18
  private static let bars = 8...32

  let label, seed, bar, episodes, trend, mean, rate, left: Int
  /// Spaces before bar and sparkline.
  let gap: Int

  /// Of the second of two lines for each trial.
  init(narrow usable: Int, hasTrends: Bool) {
    (label, seed, episodes, rate, mean, left, gap) = (1, 0, 0, 0, 6, 11, 1)
    // Space, bar, percent (5), gap, sparkline, gap, mean and time left (19).
    let room = max(2, usable - 1 - 5 - 2 - 19)
    trend = hasTrends && room >= 12 ? (room - 1) / 2 : 0
    bar = trend > 0 ? room - 1 - trend : room
  }

  /// The widest set of columns that fits.
  ///
  /// - Parameter hasTrends: whether the terminal can show sparklines.
  init(_ batch: BatchProgress, _ columns: Int, hasTrends: Bool) {
    let longest = max(Self.readableLabel, batch.widestLabel)
    (seed, gap) = (max(4, batch.widestSeed), 2)
    left = max(11, Durations.text(batch.secondsLeft).count)
    // Those that can be done without, the one that tells least first: bar and percent say what the
    // episodes do. "8,000/8,000", and "eval 100/100" in the same place.
    let episodes = max(12, 2 * Numbers.whole(batch.largestTarget).count + 1)
    let mean = batch.rows.map { Numbers.score($0.mean).count }.reduce(8, max)
    var widths = [episodes, 7, hasTrends ? Self.bars.lowerBound : 0, mean]
    let fixed = 1 + 2 + seed + 2 + 1 + 4 + 2 + left
    func spare() -> Int {
      columns - 1 - fixed - widths.reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) }
    }
    let least = Self.readableLabel + Self.bars.lowerBound
    for index in widths.indices where spare() < least { widths[index] = 0 }
    (self.episodes, rate, self.mean) = (widths[0], widths[1], widths[3])
    // Room that is left makes whole labels first, then longer bars and sparklines alike.
    label = max(1, min(longest, spare() - Self.bars.lowerBound))
    let room = max(1, spare() - label)
    bar = max(1, min(Self.bars.upperBound, widths[2] > 0 ? (room + widths[2]) / 2 : room))
    trend =
      widths[2] > 0 ? max(widths[2], min(Self.bars.upperBound, room + widths[2] - bar)) : 0
  }
}
