// SPDX-License-Identifier: MIT

/// How one of many series is told from the others: colour, then dashes when colours run out.
package struct SeriesStyle: Equatable, Sendable {
  /// The colour of line, band and dots.
  package let color: Color
  /// Lengths in points; empty for a solid line.
  package let dash: [Double]

  /// The style of what stands for many series: dots in the ink of small print.
  static func background(_ theme: Theme) -> SeriesStyle {
    SeriesStyle(color: theme.mutedInk, dash: [1.5, 2.5])
  }

  private init(color: Color, dash: [Double]) {
    self.color = color
    self.dash = dash
  }

  /// The style of series number `index`, 0-based: eight colours solid, then dashed, then dotted,
  /// then over again.
  package init(_ index: Int, theme: Theme) {
    let dashes: [[Double]] = [[], [6, 3], [2, 2]]
    let count = theme.categorical.count
    let index = max(index, 0)
    color = theme.categorical[index % count]
    dash = dashes[index / count % dashes.count]
  }
}
