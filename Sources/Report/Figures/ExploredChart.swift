// SPDX-License-Identifier: MIT

import FoundationEssentials
import Plotting

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A chart's data within the page, once, for the script that lets one explore it: what the figure
/// beneath draws, with the places of its wide and narrow drawing. `explore.js` reads it.
struct ExploredChart: Encodable {
  /// One drawing of the figure.
  private struct Layout: Encodable {
    let size: [Double]
    let places: ChartPlaces
  }

  /// A line; its values as `packed` writes them.
  private struct Series: Encodable {
    let label: String
    /// The number of its style; nil where it stands for many others.
    let style: Int?
    let y: String
    let low: String?
    let high: String?
    let runs: [String]
  }

  /// What the horizontal axis counts.
  private let x: String
  /// Rising positions that all lines share, to six digits.
  private let positions: [Double]
  private let lines: [Series]
  /// The power of ten that values of lines count, and that of single runs, which are read by eye only.
  private let exponent: Int
  private let runExponent: Int
  private let layouts: [Layout]

  /// - Parameters:
  ///   - lines: on one grid, with their runs.
  ///   - scenes: drawings of them, the wide one first.
  /// - Returns: nil where there is nothing to explore.
  init?(_ lines: [Line], x label: String, scenes: [Scene]) {
    layouts = scenes.compactMap { scene in
      scene.chart.map { Layout(size: [scene.width, scene.height], places: $0) }
    }
    guard let first = lines.first, !layouts.isEmpty else { return nil }
    let values = lines.flatMap { [$0.y, $0.low ?? [], $0.high ?? []] + $0.runs.map(\.y) }.joined()
      .filter(\.isFinite)
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let largest = max(abs(least), abs(most))
    guard largest.isFinite, most - least < .infinity else { return nil }
    let digits = Self.power(of: largest) - 5
    let runDigits = max(Self.power(of: (most - least) / 2_000), digits)
    (exponent, runExponent) = (digits, runDigits)
    x = label
    positions = first.x.map { Double($0.csv) ?? $0 }
    self.lines = lines.map { line in
      Series(
        label: line.label, style: line.isBackground ? nil : line.style,
        y: packed(line.y, exponent: digits), low: line.low.map { packed($0, exponent: digits) },
        high: line.high.map { packed($0, exponent: digits) },
        runs: line.runs.map { packed($0.y, exponent: runDigits) })
    }
  }

  /// The element that holds it.
  func html() throws -> HTML {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    return "<div data-chart=\"\(text)\" hidden></div>\n"
  }

  private static func power(of value: Double) -> Int {
    value > 0 ? max(Int(floor(log10(value))), -300) : 0
  }
}

/// Values as whole multiples of a power of ten, each by its difference from the one before, in base64:
/// zigzag numbers from 1 on in groups of seven bits, lowest first; 0 is a gap.
func packed(_ values: [Double], exponent: Int) -> String {
  var bytes: [UInt8] = []
  var last = 0
  let unit = pow(10, Double(abs(exponent)))
  for value in values {
    var code: UInt = 0
    if value.isFinite {
      let number = Int((exponent < 0 ? value * unit : value / unit).rounded())
      let difference = number - last
      code = UInt(bitPattern: difference << 1 ^ difference >> 63) + 1
      last = number
    }
    while code > 127 {
      bytes.append(UInt8(code & 127) | 128)
      code >>= 7
    }
    bytes.append(UInt8(code))
  }
  return Data(bytes).base64EncodedString()
}
