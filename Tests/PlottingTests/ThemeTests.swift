// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

@Suite struct ThemeTests {
  @Test("Contrast is that of WCAG: 21 for black on white, 1 for equal colours")
  func contrast() {
    #expect(abs(Color(0x000000).contrast(with: Color(0xFFFFFF)) - 21) < 1e-9)
    #expect(Color(0x777777).contrast(with: Color(0x777777)) == 1)
    #expect(abs(Color(0x767676).contrast(with: Color(0xFFFFFF)) - 4.54) < 0.01)
  }

  @Test("Text has contrast 4.5 and series have 3 on sheet and page", arguments: Theme.all)
  func legible(_ theme: Theme) {
    for ground in [theme.surface, theme.background] {
      #expect(theme.ink.contrast(with: ground) >= 7)
      #expect(theme.mutedInk.contrast(with: ground) >= 4.5)
    }
    for (index, color) in theme.categorical.enumerated() {
      #expect(color.contrast(with: theme.surface) >= 3, "series \(index)")
    }
    #expect(theme.axis.contrast(with: theme.surface) > theme.grid.contrast(with: theme.surface))
  }

  @Test("Any two series colours differ for every kind of sight", arguments: Theme.all)
  func distinguishable(_ theme: Theme) {
    #expect(theme.categorical.count == 8)
    for (sight, matrix) in Self.sights {
      let seen = theme.categorical.map { oklab($0, through: matrix) }
      for i in seen.indices {
        for j in seen.indices where j > i {
          let distance = zip(seen[i], seen[j]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
            .squareRoot()
          // About 0.02 is just noticeable for large areas.
          #expect(distance >= 0.08, "\(theme.name), \(sight): series \(i) and \(j)")
        }
      }
    }
  }

  @Test("Ramps end in their stops and hold their ends beyond")
  func ramps() {
    let ramp = ColorRamp([0x000000, 0x808080, 0xFFFFFF])
    #expect(ramp.color(at: 0) == Color(0x000000))
    #expect(ramp.color(at: 0.5) == Color(0x808080))
    #expect(ramp.color(at: 0.25) == Color(0x404040))
    #expect(ramp.color(at: 7) == Color(0xFFFFFF))
    #expect(ramp.color(at: .nan) == Color(0x000000))
  }

  @Test("Styles repeat colours with dashes only after eight")
  func styles() {
    let styles = (0..<24).map { SeriesStyle($0) }
    #expect(Set(styles.map { "\($0.color[.light].css) \($0.dash)" }).count == 24)
    #expect(styles[..<8].allSatisfy { $0.dash.isEmpty })
    #expect(Color(0x1D50AD).css == "#1D50AD")
    #expect(Color(0x1D50AD).opacity(0.5).css == "#1D50AD80")
  }

  /// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
  private static let sights: [(String, [[Double]])] = [
    ("normal", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    ),
    (
      "deuteranopia",
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    ),
    (
      "tritanopia",
      [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
      ]
    ),
  ]

  /// Ottosson 2020.
  private func oklab(_ color: Color, through sight: [[Double]]) -> [Double] {
    let rgb = [color.red, color.green, color.blue].map { channel -> Double in
      let c = Double(channel) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    let seen = product(sight, rgb).map { min(max($0, 0), 1) }
    let cones = product(
      [
        [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ], seen
    ).map { cbrt($0) }
    return product(
      [
        [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
      ], cones)
  }

  private func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).map { $0 * $1 }.reduce(0, +) }
  }
}
