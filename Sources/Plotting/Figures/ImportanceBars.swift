// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of how much each parameter of a random sweep matters: a bar for the share of variance,
/// and a mark where chance alone gets to.
package struct ImportanceBars: Figure {
  /// One parameter.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    let label: String
    /// Share of the variance, 0…1.
    let share: Double
    /// The share that chance exceeds once in twenty, 0…1.
    let chance: Double
    /// Written at the right, such as `p 0.003`.
    let note: String
    /// Whether it is beyond chance, which a p over all parameters says.
    let isClear: Bool

    /// One parameter.
    package init(label: String, share: Double, chance: Double, note: String, isClear: Bool) {
      self.label = label
      self.share = share
      self.chance = chance
      self.note = note
      self.isClear = isClear
    }

    fileprivate var summary: String {
      let share = Numbers.fixed(share, decimals: 2)
      return note.isEmpty ? share : "\(share), \(note)"
    }
  }

  private static let xLabel = "share of the variance in score"

  package let text: FigureText
  package var name: String { "Importance of parameters" }
  /// The parameters, in any order.
  private let rows: [Row]

  /// A figure of importance.
  package init(text: FigureText = FigureText(), rows: [Row]) {
    self.text = text
    self.rows = rows
  }

  /// Draws the greatest share first.
  package func draw(on sheet: inout Sheet) -> String? {
    let shown = rows.filter(\.share.isFinite).sorted { $0.share > $1.share }
    if shown.isEmpty { return nil }
    sheet.addStrips(
      [
        (
          "",
          shown.map { row in
            StripRow(label: row.label, number: row.summary, isClear: row.isClear) {
              Self.marks(row, on: $0, $1)
            }
          }
        )
      ], height: sheet.isWide ? 26 : 20, domain: 0...1, label: Self.xLabel)
    sheet.addLegend([
      LegendEntry(label: "beyond chance", value: "", stroke: Stroke(.series(0), width: 6)),
      LegendEntry(label: "within chance", value: "", stroke: Stroke(.axis.opacity(0.7), width: 6)),
      LegendEntry(
        label: "chance exceeds this once in twenty", value: "",
        stroke: Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)),
    ])
    let parts = shown.map { "\($0.label) \($0.summary)\($0.isClear ? "" : ", within chance")" }
    return "\(name) (\(Self.xLabel)), greatest first: \(parts.joined(separator: "; "))."
  }

  private static func marks(_ row: Row, on strip: Rect, _ scale: Scale) -> [Mark] {
    let end = scale.position(min(max(row.share, 0), 1))
    let bar = Rect(
      x: scale.start, y: strip.y + 5, width: max(end - scale.start, 1), height: strip.height - 10)
    let color = row.isClear ? Paint.series(0) : .axis.opacity(0.7)
    guard row.chance.isFinite else { return [.rect(bar, fill: color, radius: 2)] }
    let x = scale.position(min(max(row.chance, 0), 1))
    return [
      .rect(bar, fill: color, radius: 2),
      .line(
        [Point(x, strip.y + 1), Point(x, strip.bottom - 1)],
        Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)),
    ]
  }
}
