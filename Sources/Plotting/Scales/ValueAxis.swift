// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// Where the values of a parameter stand along an axis: by size, by powers of ten where they are
/// spaced so, or side by side where they are names.
package struct ValueAxis: Sendable {
  /// Values up to which each is written at the axis.
  private static let written = 12

  let kind: AxisKind
  /// What is written at the axis; nil for round values.
  let ticks: [Tick]?
  /// Where 0 stands among powers of ten: as far before the least value as values are apart.
  private let zero: Double?

  /// Powers of ten where values that are not negative have many sizes.
  package init(_ parameter: Figure.Parameter) {
    if let names = parameter.names {
      // Strings without the marks of JSON.
      ticks = names.enumerated().map {
        Tick(value: Double($0), label: $1.replacing("\"", with: ""))
      }
      (kind, zero) = (.linear, nil)
      return
    }
    let values = Set(parameter.values.filter(\.isFinite)).sorted()
    let positive = values.filter { $0 > 0 }
    if let first = values.first, let least = positive.first, let most = positive.last, first >= 0,
      most / least >= 20
    {
      kind = .logarithmic
      let step = pow(most / least, 1 / Double(positive.count - 1))
      zero = first == 0 ? max(least / step, .leastNormalMagnitude) : nil
    } else {
      (kind, zero) = (.linear, nil)
    }
    let place = zero
    ticks =
      values.count > Self.written
      ? nil
      : values.map { Tick(value: $0 == 0 ? place ?? 0 : $0, label: Numbers.text($0, digits: 6)) }
  }

  /// The value, or what stands for it on the axis.
  package func place(_ value: Double) -> Double { value == 0 ? zero ?? 0 : value }

  /// Whether 0 stands where no power of ten is.
  package var hasZero: Bool { zero != nil }
}
