// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of estimates with their intervals, a row each, about "no effect": effects of a factorial
/// sweep.
///
/// An estimate that is clear is a filled dot with a bold number, others are hollow, so that colour
/// is not needed to tell them apart.
package struct IntervalRows: Figure {
  /// One estimate.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    let label: String
    let estimate: Double
    /// The interval's ends; both or neither.
    let low: Double?
    let high: Double?
    /// Whether it is beyond chance.
    let isClear: Bool

    /// One estimate.
    package init(
      label: String, estimate: Double, low: Double? = nil, high: Double? = nil,
      isClear: Bool = false
    ) {
      self.label = label
      self.estimate = estimate
      self.low = low
      self.high = high
      self.isClear = isClear
    }

    fileprivate var values: [Double] { [estimate, low ?? .nan, high ?? .nan] }
  }

  private static let zero = ReferenceLine("no effect", 0)

  package let text: FigureText
  package var name: String { "Effects" }
  /// Rows under a heading, in the order shown.
  private let groups: [(title: String, rows: [Row])]
  /// What the horizontal axis measures, with its unit.
  private let xLabel: String

  /// A figure of estimates.
  package init(
    text: FigureText = FigureText(), groups: [(title: String, rows: [Row])], xLabel: String
  ) {
    self.text = text
    self.groups = groups
    self.xLabel = xLabel
  }

  package func draw(on sheet: inout Sheet) -> String? {
    let rows = groups.flatMap(\.rows)
    if rows.isEmpty { return nil }
    let precision = Precision(
      rows.flatMap(\.values), widths: rows.compactMap { intervalWidth($0.low, $0.high) })
    func text(_ value: Double) -> String {
      let written = precision.text(value)
      return value > 0 && written.contains { ("1"..."9").contains($0) } ? "+" + written : written
    }
    func summary(_ row: Row) -> String { intervalText(row.estimate, row.low, row.high, text) }
    sheet.addStrips(
      groups.map { group in
        let rows = group.rows.map { row in
          StripRow(label: row.label, number: summary(row), isClear: row.isClear) {
            Self.marks(row, y: $0.center.y, $1)
          }
        }
        return (group.title, rows)
      }, height: sheet.isWide ? 24 : 18,
      domain: extent(of: rows.flatMap(\.values) + [0], padding: 0.05), label: xLabel,
      references: [Self.zero])
    let parts = groups.filter { !$0.rows.isEmpty }.map { group in
      (group.title.isEmpty ? "" : group.title + ": ")
        + group.rows.map { "\($0.label) \(summary($0))" }.joined(separator: "; ")
    }
    return "\(xLabel), with intervals. \(parts.joined(separator: ". "))."
  }

  private static func marks(_ row: Row, y: Double, _ scale: Scale) -> [Mark] {
    let color = row.isClear ? Paint.series(0) : .mutedInk
    let bar = intervalBar(row.low, row.high, y: y, scale, Stroke(color, width: 2))
    let x = scale.position(row.estimate)
    if !x.isFinite { return bar }
    return bar + [
      .circle(
        Point(x, y), radius: 4.5, fill: row.isClear ? color : .surface,
        stroke: Stroke(color, width: 1.75))
    ]
  }
}
