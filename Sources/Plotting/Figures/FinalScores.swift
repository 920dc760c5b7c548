// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of final scores: a row for each variant, a dot for every seed, the centre with its
/// interval, and the same in numbers.
package struct FinalScores: Figure {
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
    func summary(_ text: (Double) -> String) -> String {
      guard let center, center.isFinite else { return Numbers.nothing }
      guard let low, let high, low.isFinite, high.isFinite else { return text(center) }
      return "\(text(center)) [\(text(low)), \(text(high))]"
    }

    var values: [Double] {
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
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let shown = ShownRows(count: rows.count, order: order)
    let frame = Frame(self, shown, sheet)
    let scale = Scale(domain: frame.domain, from: frame.left, to: frame.right)
    sheet.addReferenceHeads(frame.references, scale: scale)
    let top = sheet.bottom
    let nameHeight = sheet.isWide ? 0 : sheet.labelStyle.lineHeight + 3
    let rowHeight = nameHeight + 40
    let count = max(shown.places.count, 1)
    for place in 0..<count {
      let y = top + Double(place) * rowHeight
      // On a narrow sheet names stand above the strips, and no line crosses them.
      let isCovered = sheet.isWide || rows.isEmpty
      sheet.addVerticalGrid(
        scale, top: isCovered ? y : y + nameHeight, bottom: y + rowHeight,
        references: frame.references)
      if place > 0 {
        let ends = [Point(sheet.margin, y), Point(sheet.width - sheet.margin, y)]
        sheet.marks.append(.line(ends, Stroke(.grid)))
      }
    }
    if rows.isEmpty {
      sheet.add(
        text: "no data yet", at: Point((frame.left + frame.right) / 2, top + rowHeight / 2),
        style: sheet.labelStyle, color: .mutedInk, anchor: .middle, baseline: .middle)
    }
    for (place, row) in shown.places.enumerated() {
      let y = top + Double(place) * rowHeight
      let textY = sheet.isWide ? y + rowHeight / 2 : y + 3 + sheet.labelStyle.lineHeight / 2
      sheet.add(
        text: frame.names[place], at: Point(sheet.margin, textY), style: sheet.labelStyle,
        color: row == .rest ? .mutedInk : .ink, baseline: .middle)
      sheet.add(
        text: frame.numbers[place], at: Point(sheet.width - sheet.margin, textY),
        style: sheet.tickStyle, color: .mutedInk, anchor: .end, baseline: .middle)
      sheet.marks.append(mark(row, shown, top: y + nameHeight, scale: scale))
    }
    sheet.bottom = top + Double(count) * rowHeight
    sheet.addHorizontalAxis(scale, label: xLabel, from: frame.left, to: frame.right)
    sheet.addCaption(caption(shown, frame))
    return sheet.scene(text, named: "Final scores", describedAs: description(shown, frame))
  }
}

extension FinalScores {
  private var order: [Int] {
    if !isOrdered { return Array(rows.indices) }
    return rows.indices.sorted { a, b in
      isBefore(rows[a].center ?? .nan, rows[b].center ?? .nan, otherwise: a < b)
    }
  }

  /// The centres of the rows that share one; nil where none of them has any.
  func rest(_ shown: ShownRows) -> Spread? {
    Spread(shown.rest.compactMap { rows[$0].center })
  }

  private func mark(
    _ row: ShownRows.Place, _ shown: ShownRows, top: Double, scale: Scale
  ) -> Mark {
    let room = Rect(x: scale.start - 6, y: top, width: scale.end - scale.start + 12, height: 40)
    switch row {
    case .single(let index):
      let color = SeriesStyle(rows[index].styleIndex ?? index).color
      return .clip(
        room, strip(rows[index], top: top, scale: scale, color: color, surface: .surface))
    case .rest:
      let spread = rest(shown)
      return .clip(room, spread?.marks(y: top + 20, scale: scale) ?? [])
    }
  }

  /// The centre with its interval above, the seeds below it, so that neither hides the other.
  private func strip(
    _ row: Row, top: Double, scale: Scale, color: Paint, surface: Paint
  ) -> [Mark] {
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
    return marks
  }

  private func caption(_ shown: ShownRows, _ frame: Frame) -> String {
    [text.caption.isEmpty ? nil : text.caption, shown.sentence, outOfView(frame.distant)]
      .compactMap { $0 }.joined(separator: " ")
  }

  private func description(_ shown: ShownRows, _ frame: Frame) -> String {
    if rows.isEmpty { return "Final scores: no data yet." }
    let parts = shown.places.enumerated().map { place, row in
      switch row {
      case .single(let index):
        "\(rows[index].label) \(frame.numbers[place]), n = \(rows[index].scores.count)"
      case .rest: "\(frame.names[place]), \(frame.numbers[place])"
      }
    }
    return "Final scores (\(xLabel)), best first: \(parts.joined(separator: "; "))."
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
