// SPDX-License-Identifier: MIT

import Diagnostics

extension Figure {
  /// A figure of the probability of improvement between all variants: each cell says how often a run
  /// of the row beats a run of the column.
  ///
  /// A cell that is clear is bold and framed, so that colour is not needed.
  ///
  /// - Parameters:
  ///   - labels: the variants in the order shown, best first.
  ///   - cells: `cells[row][column]`, probabilities 0…1; the diagonal is not shown.
  package static func improvementMatrix(
    title: String = "", labels: [String], cells: [[Estimate]]
  ) -> Figure {
    precondition(
      cells.count == labels.count && cells.allSatisfy { $0.count == labels.count },
      "\(labels.count) variants need as many rows and columns, not \(cells.map(\.count))")
    let matrix = ImprovementMatrix(labels: labels, cells: cells)
    return Figure("Probability of improvement", title: title) { matrix.draw(on: &$0) }
  }
}

/// See `Figure.improvementMatrix`.
private struct ImprovementMatrix {
  let labels: [String]
  let cells: [[Estimate]]

  func draw(on sheet: inout Sheet) -> String {
    guard labels.count > 1 else {
      let sentence = "fewer than two variants"
      sheet.addParagraph(sentence, style: sheet.labelStyle, color: .mutedInk, maximumLines: 1)
      return "Probability of improvement: \(sentence)."
    }
    let head = sheet.labelStyle
    let numberWidth = head.width(of: "\(labels.count)")
    let names = labels.map { head.width(of: $0) }.max() ?? 0
    // On a narrow sheet the names stand below, and rows bear their numbers only.
    let nameRoom = sheet.isWide ? min(names, sheet.innerWidth * 0.34) + 8 : 0
    let left = sheet.margin + nameRoom + numberWidth + 8
    let size = min((sheet.width - sheet.margin - left) / Double(labels.count), 46)
    let top = sheet.bottom + head.lineHeight + 2
    let corner = Rect(x: left, y: top, width: size, height: size)
    addHeads(to: &sheet, corner, nameRoom: nameRoom, numberWidth: numberWidth)
    for row in labels.indices {
      for column in labels.indices where row != column {
        addCell(cells[row][column], in: cell(row, column, from: corner), to: &sheet)
      }
    }
    sheet.bottom = top + Double(labels.count) * size
    if !sheet.isWide { addNames(to: &sheet) }
    addKey(to: &sheet, left: left)
    return description
  }

  /// Numbers over the columns and before the rows, thinned where they would touch, and the names.
  ///
  /// - Parameter corner: the cell at the top left.
  private func addHeads(
    to sheet: inout Sheet, _ corner: Rect, nameRoom: Double, numberWidth: Double
  ) {
    let style = sheet.labelStyle
    let every = max(1, Int(((numberWidth + 4) / corner.width).rounded(.up)))
    let height = style.ascent + style.descent
    let names = style.shortened(labels, to: max(nameRoom - 8, 0))
    let everyRow = max(1, Int(((height + 0.5) / corner.width).rounded(.up)))
    for index in labels.indices {
      let center = cell(index, index, from: corner).center
      if index.isMultiple(of: every) {
        sheet.add(
          text: "\(index + 1)", at: Point(center.x, corner.y - 4 - style.descent), style: style,
          color: .mutedInk, anchor: .middle)
      }
      guard index.isMultiple(of: everyRow) else { continue }
      sheet.add(
        text: "\(index + 1)", at: Point(corner.x - 8, center.y), style: style,
        color: .mutedInk, anchor: .end, baseline: .middle)
      if nameRoom > 0 {
        sheet.add(
          text: names[index], at: Point(sheet.margin, center.y), style: style, color: .ink,
          baseline: .middle)
      }
    }
  }

  private func cell(_ row: Int, _ column: Int, from corner: Rect) -> Rect {
    Rect(
      x: corner.x + Double(column) * corner.width, y: corner.y + Double(row) * corner.height,
      width: corner.width, height: corner.height
    ).grown(by: corner.width > 12 ? -1 : -0.25)
  }

  private func addCell(_ cell: Estimate, in rect: Rect, to sheet: inout Sheet) {
    let color = cell.value.map { share in Paint { $0.diverging.color(at: share) } } ?? .grid
    sheet.marks.append(
      .rect(
        rect, fill: color,
        stroke: cell.isClear ? Stroke(.ink, width: rect.width > 24 ? 1.25 : 0.75) : nil,
        radius: min(3, rect.width / 6)))
    let size = min(rect.width * 0.36, sheet.tickStyle.size + 1)
    let style = TextStyle(size: size, weight: cell.isClear ? .semibold : .regular)
    guard size >= 7.5, style.width(of: "100") + 2 <= rect.width else { return }
    let legible = Paint { theme in
      let (ground, ink, surface) = (color[theme], theme.ink, theme.surface)
      return ground.contrast(with: ink) > ground.contrast(with: surface) ? ink : surface
    }
    sheet.add(
      text: percent(cell), at: rect.center, style: style, color: legible, anchor: .middle,
      baseline: .middle)
  }

  private func addNames(to sheet: inout Sheet) {
    sheet.bottom += 8
    let number = sheet.labelStyle.width(of: "\(labels.count)  ")
    let names = sheet.labelStyle.shortened(labels, to: sheet.innerWidth - number)
    for (index, name) in names.enumerated() {
      sheet.addParagraph(
        "\(index + 1)  \(name)", style: sheet.labelStyle, color: .ink, maximumLines: 1)
    }
  }

  /// What the colours mean.
  private func addKey(to sheet: inout Sheet, left: Double) {
    let style = sheet.tickStyle
    let start = sheet.isWide ? left : sheet.margin
    let width = min(220, sheet.width - sheet.margin - start)
    sheet.bottom += 12
    let steps = 44
    for step in 0..<steps {
      let rect = Rect(
        x: start + width * Double(step) / Double(steps), y: sheet.bottom,
        width: width / Double(steps) + 0.3, height: 8)
      let t = Double(step) / Double(steps - 1)
      sheet.marks.append(.rect(rect, fill: Paint { $0.diverging.color(at: t) }))
    }
    sheet.bottom += 11
    let ends: [(String, Double, TextAnchor)] = [
      ("0 %", start, .start), ("50", start + width / 2, .middle), ("100 %", start + width, .end),
    ]
    for (label, x, anchor) in ends {
      sheet.add(
        text: label, at: Point(x, sheet.bottom + style.ascent), style: style,
        color: .mutedInk, anchor: anchor)
    }
    sheet.bottom += style.lineHeight
    for line in style.wrapped(
      "A seed of the row beats one of the column. Framed: beyond chance.",
      to: sheet.width - sheet.margin - start, maximumLines: 4)
    {
      sheet.add(
        text: line, at: Point(start, sheet.bottom + style.ascent), style: style,
        color: .mutedInk)
      sheet.bottom += style.lineHeight
    }
  }

  private func percent(_ cell: Estimate) -> String {
    guard let probability = cell.value, (0...1).contains(probability) else {
      return Numbers.nothing
    }
    return Numbers.fixed(100 * probability, decimals: 0)
  }

  private var description: String {
    let parts = labels.indices.flatMap { row in
      labels.indices.dropFirst(row + 1).map { column in
        let cell = cells[row][column]
        return "\(labels[row]) over \(labels[column]) \(percent(cell)) %"
          + (cell.isClear ? ", clear" : "")
      }
    }
    let rest = parts.count - 15
    return "Probability of improvement, best variant first: "
      + parts.prefix(15).joined(separator: "; ")
      + (rest > 0 ? "; and \(rest) more pairs." : ".")
  }
}
