// SPDX-License-Identifier: MIT

import Diagnostics

/// A figure of histograms of games on one scale, a row for each variant.
package struct HistogramRows: Figure {
  /// One variant.
  package struct Row: Equatable, Sendable {
    /// What it is called in the figure.
    let label: String
    /// Games in each bin.
    let counts: [Int]
    /// The mean, marked on the scale; NaN where unknown.
    let mean: Double
    /// Which of the theme's styles it bears, 0-based; nil for its place in the list.
    let styleIndex: Int?

    /// One variant.
    package init(label: String, counts: [Int], mean: Double, styleIndex: Int? = nil) {
      self.label = label
      self.counts = counts
      self.mean = mean
      self.styleIndex = styleIndex
    }

    fileprivate var total: Int { counts.reduce(0, +) }
    /// The greatest share of games in one bin.
    fileprivate var peak: Double {
      total > 0 ? Double(counts.max() ?? 0) / Double(total) : 0
    }
  }

  package let text: FigureText
  package var name: String { "Histograms" }
  /// The variants in the order shown.
  private let rows: [Row]
  /// The bins' edges, rising, one more than each row has counts.
  private let edges: [Double]
  /// What is counted into bins, with its unit.
  private let xLabel: String
  /// Named values drawn across the figure.
  private let references: [ReferenceLine]

  /// A figure of histograms.
  ///
  /// - Precondition: each row has a count for each bin.
  package init(
    text: FigureText = FigureText(), rows: [Row], edges: [Double], xLabel: String,
    references: [ReferenceLine] = []
  ) {
    precondition(
      rows.allSatisfy { $0.counts.count == max(0, edges.count - 1) },
      "\(edges.count) edges do not fit \(rows.map(\.counts.count)) counts")
    self.text = text
    self.rows = rows
    self.edges = edges
    self.xLabel = xLabel
    self.references = references
  }

  package func draw(on sheet: inout Sheet) -> String? {
    guard !rows.isEmpty, let first = edges.first, let last = edges.last, first < last,
      edges.allSatisfy(\.isFinite)
    else { return nil }
    let precision = Precision(rows.map(\.mean))
    func summary(_ row: Row) -> String {
      "mean \(precision.text(row.mean)), \(Numbers.whole(row.total)) games"
    }
    let peak = rows.map(\.peak).max() ?? 0
    let shown = rows.enumerated().map { place, row in
      StripRow(label: row.label, number: summary(row)) {
        marks(row, peak: peak, color: SeriesStyle(row.styleIndex ?? place).color, on: $0, $1)
      }
    }
    sheet.addStrips(
      [("", shown)], height: sheet.isWide ? 46 : 38, domain: first...last, label: xLabel,
      references: references.filter { (first...last).contains($0.value) })
    return "Histograms of \(xLabel): "
      + rows.map { "\($0.label) \(summary($0))" }.joined(separator: "; ") + "."
  }

  /// Bars whose heights are shares of the row's games, on one scale for all rows, and the mean.
  private func marks(
    _ row: Row, peak: Double, color: Paint, on strip: Rect, _ scale: Scale
  ) -> [Mark] {
    var marks: [Mark] = row.counts.indices.filter { row.counts[$0] > 0 }.map { bin in
      let (left, right) = (scale.position(edges[bin]), scale.position(edges[bin + 1]))
      let share = Double(row.counts[bin]) / Double(row.total) / peak
      let height = share * (strip.height - 8)
      let gap = right - left > 4 ? 1.0 : 0
      return .rect(
        Rect(
          x: left + gap / 2, y: strip.bottom - height, width: max(right - left - gap, 0.5),
          height: height),
        fill: color.opacity(0.8))
    }
    marks.append(
      .line([Point(strip.x, strip.bottom), Point(strip.right, strip.bottom)], Stroke(.grid)))
    let x = scale.position(row.mean)
    if x.isFinite, x >= strip.x, x <= strip.right {
      marks.append(
        .line([Point(x, strip.y + 2), Point(x, strip.bottom)], Stroke(.ink, width: 1.5)))
    }
    return marks
  }
}
