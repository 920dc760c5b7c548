// SPDX-License-Identifier: MIT

/// What a mark is drawn in: a colour for each theme, so that one layout serves both.
struct Paint: Hashable, Sendable {
  private let light: Color
  private let dark: Color

  /// What `color` makes of each theme.
  init(_ color: (Theme) -> Color) {
    light = color(.light)
    dark = color(.dark)
  }

  /// One colour in both themes, from a number such as `0x0072B2`.
  init(_ hex: UInt32) { self.init { _ in Color(hex) } }

  /// The colour in a theme.
  subscript(theme: Theme) -> Color { theme.name == Theme.dark.name ? dark : light }

  /// The same paint with another opacity, 0…1.
  func opacity(_ alpha: Double) -> Paint { Paint { self[$0].opacity(alpha) } }

  static let surface = Paint(\.surface)
  static let ink = Paint(\.ink)
  static let mutedInk = Paint(\.mutedInk)
  static let grid = Paint(\.grid)
  static let axis = Paint(\.axis)

  /// The colour of series number `index`, 0-based; after the last the first again.
  static func series(_ index: Int) -> Paint {
    Paint { $0.categorical[index % $0.categorical.count] }
  }
}

/// How one of many series is told from the others: colour, then dashes when colours run out.
struct SeriesStyle: Equatable, Sendable {
  /// The colour of line, band and dots.
  let color: Paint
  /// Lengths in points; empty for a solid line.
  let dash: [Double]

  /// The style of what stands for many series: dots in the ink of small print.
  static let background = SeriesStyle(color: .mutedInk, dash: [1.5, 2.5])

}

extension SeriesStyle {
  /// The style of series number `index`, 0-based: eight colours solid, then dashed, then dotted,
  /// then over again.
  init(_ index: Int) {
    let dashes: [[Double]] = [[], [6, 3], [2, 2]]
    let index = max(index, 0)
    color = .series(index)
    dash = dashes[index / Theme.light.categorical.count % dashes.count]
  }
}
