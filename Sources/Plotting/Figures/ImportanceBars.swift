// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of how much each parameter of a random sweep matters: a bar for the share of variance,
/// and a mark where chance alone gets to.
package struct ImportanceBars: Figure {
  /// One parameter.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// Share of the variance, 0…1.
    package let share: Double
    /// The share that chance exceeds once in twenty, 0…1.
    package let chance: Double
    /// Written at the right, such as `p 0.003`.
    package let note: String
    /// Whether it is beyond chance, which a p over all parameters says.
    package let isClear: Bool

    /// One parameter.
    ///
    /// - Parameter isClear: nil where the share and its mark alone decide.
    package init(
      label: String, share: Double, chance: Double, note: String = "", isClear: Bool? = nil
    ) {
      self.label = label
      self.share = share
      self.chance = chance
      self.note = note
      self.isClear = isClear ?? (share > chance)
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The parameters, in any order.
  package var rows: [Row]
  /// What the horizontal axis measures.
  package var xLabel: String

  /// A figure of importance.
  package init(
    text: FigureText = FigureText(), rows: [Row], xLabel: String = "share of the variance in score"
  ) {
    self.text = text
    self.rows = rows
    self.xLabel = xLabel
  }

  /// Lays the figure out at `width` points, the greatest share first.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let shown = rows.filter(\.share.isFinite).sorted { $0.share > $1.share }
    guard !shown.isEmpty else {
      sheet.addNothing()
      sheet.addCaption(text.caption)
      return sheet.scene(
        text, named: "Importance of parameters",
        describedAs: "Importance of parameters: no data yet.")
    }
    let strips = sheet.stripRows(
      names: shown.map(\.label), numbers: shown.map(summary), stripHeight: sheet.isWide ? 26 : 20)
    let scale = Scale(domain: 0...1, from: strips.left, to: strips.right)
    for row in shown {
      let top = sheet.bottom + strips.nameHeight
      sheet.addVerticalGrid(
        scale, top: top, bottom: top + strips.stripHeight, references: [])
      sheet.marks += bar(row, top: top, height: strips.stripHeight, scale: scale)
      sheet.addNames(
        row.label, number: summary(row), top: sheet.bottom, rows: strips, isClear: row.isClear)
      sheet.bottom += strips.rowHeight
    }
    sheet.addHorizontalAxis(scale, label: xLabel, from: strips.left, to: strips.right)
    sheet.addLegend([
      LegendEntry(
        label: "beyond chance", value: "", stroke: Stroke(.series(0), width: 6)),
      LegendEntry(
        label: "within chance", value: "", stroke: Stroke(.axis.opacity(0.7), width: 6)),
      LegendEntry(
        label: "chance exceeds this once in twenty", value: "",
        stroke: Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)),
    ])
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Importance of parameters", describedAs: description(shown))
  }

  private func bar(
    _ row: Row, top: Double, height: Double, scale: Scale
  ) -> [Mark] {
    let end = scale.position(min(max(row.share, 0), 1))
    var marks: [Mark] = [
      .rect(
        Rect(x: scale.start, y: top + 5, width: max(end - scale.start, 1), height: height - 10),
        fill: row.isClear ? .series(0) : .axis.opacity(0.7), radius: 2)
    ]
    if row.chance.isFinite {
      let x = scale.position(min(max(row.chance, 0), 1))
      marks.append(
        .line(
          [Point(x, top + 1), Point(x, top + height - 1)],
          Stroke(.ink, width: 1.5, dash: ReferenceLine.dash)))
    }
    return marks
  }

  private func summary(_ row: Row) -> String {
    let share = Numbers.fixed(row.share, decimals: 2)
    return row.note.isEmpty ? share : "\(share), \(row.note)"
  }

  private func description(_ shown: [Row]) -> String {
    let parts = shown.map {
      "\($0.label) \(summary($0))\($0.isClear ? "" : ", within chance")"
    }
    return "Importance of parameters (\(xLabel)), greatest first: \(parts.joined(separator: "; "))."
  }
}
