// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of final scores: a row for each variant, a dot for every seed, the centre with its
/// interval, and the same in numbers.
package struct FinalScores: Equatable, Sendable {
  /// One variant.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// A score for each seed, in any order; those that are not finite are left out.
    package let scores: [Double]
    /// Mean or IQM; nil or NaN where unknown.
    package let center: Double?
    /// The interval's ends; both or neither.
    package let low: Double?
    /// The upper end of the interval.
    package let high: Double?
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    package let styleIndex: Int?

    /// One variant.
    package init(
      label: String, scores: [Double], center: Double?, low: Double? = nil, high: Double? = nil,
      styleIndex: Int? = nil
    ) {
      self.label = label
      self.scores = scores
      self.center = center
      self.low = low
      self.high = high
      self.styleIndex = styleIndex
    }

    /// Centre and interval as numbers, such as `−3.2 [−5.1, −1.4]`.
    fileprivate func summary(_ precision: Precision) -> String {
      guard let center, center.isFinite else { return Numbers.nothing }
      guard let low, let high, low.isFinite, high.isFinite else { return precision.text(center) }
      return precision.text(center) + " " + precision.interval(low, high)
    }

    fileprivate var values: [Double] {
      (scores + [center, low, high].compactMap { $0 }).filter(\.isFinite)
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The variants, in any order.
  package var rows: [Row]
  /// What the horizontal axis counts, with its unit.
  package var xLabel: String
  /// The whole scale of the game where it is known; nil for what the data cover.
  package var xRange: ClosedRange<Double>?
  /// Named values drawn across the figure.
  package var references: [ReferenceLine]
  /// Whether the rows are put in the order of their centres, highest first.
  package var isOrdered: Bool

  /// A figure of final scores.
  package init(
    text: FigureText = FigureText(), rows: [Row], xLabel: String = "return per episode",
    xRange: ClosedRange<Double>? = nil, references: [ReferenceLine] = [], isOrdered: Bool = true
  ) {
    self.text = text
    self.rows = rows
    self.xLabel = xLabel
    self.xRange = xRange
    self.references = references
    self.isOrdered = isOrdered
  }

  /// Lays the figure out at `width` points.
  package func scene(theme: Theme, width: Double = 720) -> Scene {
    var sheet = Sheet(theme: theme, width: width)
    sheet.addHeading(text)
    let rooms = columnRooms(sheet)
    let left = sheet.margin + rooms.label
    let right = max(sheet.width - sheet.margin - rooms.value, left + 20)
    let scale = Scale(domain: domain, from: left, to: right)
    let lines = references.filter { domain.contains($0.value) }
    sheet.addReferenceHeads(lines, scale: scale)
    let top = sheet.bottom
    let nameHeight = sheet.isWide ? 0 : sheet.labelStyle.lineHeight + 3
    let rowHeight = nameHeight + 40
    let count = Double(max(rows.count, 1))
    for place in 0..<max(rows.count, 1) {
      let y = top + Double(place) * rowHeight
      // On a narrow sheet names stand above the strips, and no line crosses them.
      let isCovered = sheet.isWide || rows.isEmpty
      sheet.addVerticalGrid(
        scale, top: isCovered ? y : y + nameHeight, bottom: y + rowHeight, references: lines)
      if place > 0 {
        let ends = [Point(sheet.margin, y), Point(sheet.width - sheet.margin, y)]
        sheet.marks.append(.line(ends, Stroke(theme.grid)))
      }
    }
    if rows.isEmpty {
      sheet.add(
        text: "no data yet", at: Point((left + right) / 2, top + rowHeight / 2),
        style: sheet.labelStyle, color: theme.mutedInk, anchor: .middle, baseline: .middle)
    }
    for (place, index) in order.enumerated() {
      let y = top + Double(place) * rowHeight
      let textY = sheet.isWide ? y + rowHeight / 2 : y + 3 + sheet.labelStyle.lineHeight / 2
      addNames(of: rows[index], to: &sheet, y: textY, room: rooms.label - 14)
      let color = SeriesStyle(rows[index].styleIndex ?? index, theme: theme).color
      sheet.marks.append(
        strip(rows[index], top: y + nameHeight, scale: scale, color: color, surface: theme.surface))
    }
    sheet.bottom = top + count * rowHeight
    sheet.addHorizontalAxis(scale, label: xLabel, from: left, to: right)
    sheet.addCaption(text.caption)
    return sheet.scene(text, describedAs: description)
  }
}

extension FinalScores {
  private var order: [Int] {
    if !isOrdered { return Array(rows.indices) }
    return rows.indices.sorted { a, b in
      let (x, y) = (rows[a].center ?? .nan, rows[b].center ?? .nan)
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : x > y
    }
  }

  private var domain: ClosedRange<Double> {
    if let xRange { return xRange }
    return extent(of: rows.flatMap(\.values) + references.map(\.value), padding: 0.03)
  }

  private func summary(_ row: Row) -> String {
    row.summary(
      Precision(
        rows.flatMap { [$0.center, $0.low, $0.high].compactMap { $0 } },
        widths: rows.compactMap { row in row.high.flatMap { high in row.low.map { high - $0 } } }))
  }

  /// What names and numbers take at the sides of the strips; little on a narrow sheet, where they
  /// stand above.
  private func columnRooms(_ sheet: Sheet) -> (label: Double, value: Double) {
    if !sheet.isWide { return (6, 6) }
    let label = rows.map { sheet.labelStyle.width(of: $0.label) }.max() ?? 0
    let value = rows.map { sheet.tickStyle.width(of: summary($0)) }.max() ?? 0
    return (min(label, sheet.innerWidth * 0.34) + 14, value + 16)
  }

  private func addNames(of row: Row, to sheet: inout Sheet, y: Double, room: Double) {
    let numbers = summary(row)
    let free = sheet.innerWidth - sheet.tickStyle.width(of: numbers) - 12
    sheet.add(
      text: sheet.labelStyle.truncated(row.label, to: sheet.isWide ? room : free),
      at: Point(sheet.margin, y), style: sheet.labelStyle, color: sheet.theme.ink,
      baseline: .middle)
    sheet.add(
      text: numbers, at: Point(sheet.width - sheet.margin, y), style: sheet.tickStyle,
      color: sheet.theme.mutedInk, anchor: .end, baseline: .middle)
  }

  /// The centre with its interval above, the seeds below it, so that neither hides the other.
  private func strip(
    _ row: Row, top: Double, scale: Scale, color: Color, surface: Color
  ) -> Mark {
    let (barY, dotY) = (top + 11, top + 27)
    let xs = row.scores.map(scale.position).filter(\.isFinite)
    var marks: [Mark] = dodged(xs, spacing: 6.5, limit: 9.75).map { point in
      .circle(Point(point.x, dotY + point.y), radius: 3, fill: color.opacity(0.55))
    }
    if let low = row.low.map(scale.position), let high = row.high.map(scale.position),
      low.isFinite, high.isFinite
    {
      marks.append(.line([Point(low, barY), Point(high, barY)], Stroke(color, width: 2.5)))
    }
    if let center = row.center.map(scale.position), center.isFinite {
      let ring = Stroke(surface, width: 1.5)
      marks.append(.circle(Point(center, barY), radius: 5, fill: color, stroke: ring))
    }
    let room = Rect(x: scale.start - 6, y: top, width: scale.end - scale.start + 12, height: 40)
    return .clip(room, marks)
  }

  private var description: String {
    if rows.isEmpty { return "Final scores: no data yet." }
    let parts = order.map { index in
      "\(rows[index].label) \(summary(rows[index])), n = \(rows[index].scores.count)"
    }
    return "Final scores (\(xLabel)), highest first: \(parts.joined(separator: "; "))."
  }
}

/// Offsets from a row's middle that keep equal or close dots apart while there is room.
///
/// - Returns: for each x in rising order, the point (x, offset), |offset| ≤ `limit`.
func dodged(_ xs: [Double], spacing: Double, limit: Double) -> [Point] {
  var placed: [Point] = []
  let half = spacing / 2
  var offsets = [0.0]
  for level in stride(from: half, through: limit, by: half) { offsets += [level, -level] }
  for x in xs.sorted() {
    let near = placed.reversed().prefix { x - $0.x < spacing }
    let free = offsets.first { offset in
      near.allSatisfy { point in
        let (dx, dy) = (x - point.x, offset - point.y)
        return dx * dx + dy * dy >= spacing * spacing * 0.98
      }
    }
    placed.append(Point(x, free ?? 0))
  }
  return placed
}
