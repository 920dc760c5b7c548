// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of final scores: a row for each variant, a dot for every seed, the centre with its
/// interval, and the same in numbers.
package struct FinalScores: Figure {
  /// One variant.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    let label: String
    /// A score for each seed, in any order; those that are not finite are left out.
    let scores: [Double]
    /// Mean or IQM; nil or NaN where unknown.
    let center: Double?
    /// The interval's ends; both or neither.
    let low: Double?
    let high: Double?
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    let styleIndex: Int?

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

    fileprivate var summary: [Double] { [center, low, high].compactMap { $0 } }
  }

  package let text: FigureText
  package var name: String { "Final scores" }
  /// The variants in the order shown, best first.
  private let rows: [Row]
  /// What the horizontal axis counts, with its unit.
  private let xLabel: String
  /// Named values drawn across the figure.
  private let references: [ReferenceLine]

  /// A figure of final scores.
  package init(
    text: FigureText = FigureText(), rows: [Row], xLabel: String, references: [ReferenceLine] = []
  ) {
    self.text = text
    self.rows = rows
    self.xLabel = xLabel
    self.references = references
  }

  package func draw(on sheet: inout Sheet) -> String? {
    if rows.isEmpty { return nil }
    let values = rows.flatMap { $0.scores + $0.summary }.filter(\.isFinite)
    let lines = ReferencesInView(references, beside: values, range: nil)
    let shown = ShownRows(count: rows.count)
    let rest = Spread(shown.rest.compactMap { rows[$0].center })
    let precision = Precision(
      rows.flatMap(\.summary), widths: rows.compactMap { intervalWidth($0.low, $0.high) })
    func numbers(_ text: (Double) -> String) -> [String] {
      shown.places.map { place in
        guard let place else { return rest.map { "median \(text($0.median))" } ?? Numbers.nothing }
        return intervalText(rows[place].center, rows[place].low, rows[place].high, text)
      }
    }
    var written = numbers { precision.text($0) }
    // Numbers of very many digits are written with powers of ten where they would not fit.
    if written.contains(where: { sheet.tickStyle.width(of: $0) > sheet.innerWidth * 0.45 }) {
      written = numbers { Numbers.text($0) }
    }
    let strips = zip(shown.places, written).map { place, number in
      guard let place else {
        return StripRow(
          label: "\(Numbers.whole(shown.rest.count)) between them", number: number, isMuted: true
        ) { strip, scale in
          [clipped(rest?.marks(y: strip.y + 20, scale: scale) ?? [], to: strip)]
        }
      }
      let color = SeriesStyle(rows[place].styleIndex ?? place).color
      return StripRow(label: rows[place].label, number: number) { strip, scale in
        [clipped(marks(rows[place], top: strip.y, scale, color), to: strip)]
      }
    }
    sheet.addStrips(
      [("", strips)], height: 40,
      domain: extent(of: values + lines.near.map(\.value), padding: 0.03), label: xLabel,
      references: lines.near, hasRules: true)
    let distant = values.isEmpty ? nil : outOfView(lines.distant)
    sheet.notes += [shown.sentence, distant].compactMap { $0 }
    let parts = zip(shown.places, strips).map { place, row in
      "\(row.label) \(row.number)" + (place.map { ", n = \(rows[$0].scores.count)" } ?? "")
    }
    return "Final scores (\(xLabel)), best first: \(parts.joined(separator: "; "))."
  }

  private func clipped(_ marks: [Mark], to strip: Rect) -> Mark {
    .clip(Rect(x: strip.x - 6, y: strip.y, width: strip.width + 12, height: 40), marks)
  }

  /// The centre with its interval above, the seeds below it, so that neither hides the other.
  private func marks(_ row: Row, top: Double, _ scale: Scale, _ color: Paint) -> [Mark] {
    let (barY, dotY) = (top + 11, top + 27)
    let xs = row.scores.map(scale.position).filter(\.isFinite)
    var marks: [Mark] = dodged(xs, spacing: 6.5, limit: 9.75).map { point in
      .circle(Point(point.x, dotY + point.y), radius: 3, fill: color.opacity(0.55))
    }
    marks += intervalBar(row.low, row.high, y: barY, scale, Stroke(color, width: 2.5))
    if let center = row.center.map(scale.position), center.isFinite {
      let ring = Stroke(.surface, width: 1.5)
      marks.append(.circle(Point(center, barY), radius: 5, fill: color, stroke: ring))
    }
    return marks
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
