// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of histograms on one scale, a row for each variant.
package struct HistogramRows: Figure {
  /// One variant.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    package let label: String
    /// Values in each bin.
    package let counts: [Int]
    /// The mean, marked on the scale; NaN where unknown.
    package let mean: Double
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    package let styleIndex: Int?

    /// One variant.
    package init(label: String, counts: [Int], mean: Double, styleIndex: Int? = nil) {
      self.label = label
      self.counts = counts
      self.mean = mean
      self.styleIndex = styleIndex
    }

    fileprivate var total: Int { counts.reduce(0, +) }
    /// The greatest share of values in one bin.
    fileprivate var peak: Double {
      total > 0 ? Double(counts.max() ?? 0) / Double(total) : 0
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The variants in the order shown.
  package var rows: [Row]
  /// The bins' edges, rising, one more than each row has counts.
  package var edges: [Double]
  /// What the values are, with their unit.
  package var xLabel: String
  /// What is counted, in the plural: `games`.
  package var noun: String
  /// Named values drawn across the figure.
  package var references: [ReferenceLine]

  /// A figure of histograms.
  ///
  /// - Precondition: each row has a count for each bin.
  package init(
    text: FigureText = FigureText(), rows: [Row], edges: [Double], xLabel: String, noun: String,
    references: [ReferenceLine] = []
  ) {
    precondition(
      rows.allSatisfy { $0.counts.count == max(0, edges.count - 1) },
      "\(edges.count) edges do not fit \(rows.map(\.counts.count)) counts")
    self.text = text
    self.rows = rows
    self.edges = edges
    self.xLabel = xLabel
    self.noun = noun
    self.references = references
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    guard !rows.isEmpty, let first = edges.first, let last = edges.last, first < last,
      edges.allSatisfy(\.isFinite)
    else {
      sheet.addNothing()
      sheet.addCaption(text.caption)
      return sheet.scene(
        text, named: "Histograms", describedAs: "Histograms of \(xLabel): no data yet.")
    }
    let strips = sheet.stripRows(
      names: rows.map(\.label), numbers: rows.map(summary), stripHeight: sheet.isWide ? 46 : 38)
    let scale = Scale(domain: first...last, from: strips.left, to: strips.right)
    let lines = references.filter { (first...last).contains($0.value) }
    sheet.addReferenceHeads(lines, scale: scale)
    let peak = rows.map(\.peak).max() ?? 0
    for (place, row) in rows.enumerated() {
      let top = sheet.bottom + strips.nameHeight
      sheet.addVerticalGrid(
        scale, top: top, bottom: top + strips.stripHeight, references: lines)
      let color = SeriesStyle(row.styleIndex ?? place).color
      sheet.marks += bars(
        row, bottom: top + strips.stripHeight, room: strips.stripHeight - 8, peak: peak,
        scale: scale, color: color)
      sheet.marks.append(
        .line(
          [
            Point(strips.left, top + strips.stripHeight),
            Point(strips.right, top + strips.stripHeight),
          ], Stroke(.grid)))
      let x = scale.position(row.mean)
      if x.isFinite, x >= strips.left, x <= strips.right {
        sheet.marks.append(
          .line(
            [Point(x, top + 2), Point(x, top + strips.stripHeight)],
            Stroke(.ink, width: 1.5)))
      }
      sheet.addNames(row.label, number: summary(row), top: sheet.bottom, rows: strips)
      sheet.bottom += strips.rowHeight
    }
    sheet.addHorizontalAxis(scale, label: xLabel, from: strips.left, to: strips.right)
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Histograms", describedAs: description)
  }

  /// Heights are shares of the row's values, on one scale for all rows.
  private func bars(
    _ row: Row, bottom: Double, room: Double, peak: Double, scale: Scale, color: Paint
  ) -> [Mark] {
    guard row.total > 0, peak > 0 else { return [] }
    return row.counts.indices.compactMap { bin in
      guard row.counts[bin] > 0 else { return nil }
      let (left, right) = (scale.position(edges[bin]), scale.position(edges[bin + 1]))
      let height = Double(row.counts[bin]) / Double(row.total) / peak * room
      let gap = right - left > 4 ? 1.0 : 0
      return .rect(
        Rect(
          x: left + gap / 2, y: bottom - height, width: max(right - left - gap, 0.5),
          height: height),
        fill: color.opacity(0.8))
    }
  }

  private func summary(_ row: Row) -> String {
    let mean = Precision(rows.map(\.mean)).text(row.mean)
    return "mean \(mean), \(Numbers.whole(row.total)) \(noun)"
  }

  private var description: String {
    "Histograms of \(xLabel): "
      + rows.map { "\($0.label) \(summary($0))" }.joined(separator: "; ") + "."
  }
}
