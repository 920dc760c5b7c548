// SPDX-License-Identifier: MIT
import Glibc
package import ParameterSchema

/// One path of a random sweep, as a model of good values sees it: a few levels, or the unit interval
/// on which draws are uniform.
package struct SearchAxis: Sendable {
  package enum Form: Sendable {
    /// One of so many, in no order.
    case levels(Int)
    /// A place between 0 and 1.
    case interval
  }

  package let path: String
  let source: DrawSource

  package var form: Form {
    switch source {
    case .choice(let values): .levels(values.count)
    case .range: .interval
    }
  }

  /// The listed value of that number.
  package func value(ofLevel level: Int) -> ConfigValue {
    guard case .choice(let values) = source, values.indices.contains(level) else { return .null }
    return values[level]
  }

  /// The number of a listed value; 0 for one that is not listed.
  package func level(of value: ConfigValue) -> Int {
    guard case .choice(let values) = source else { return 0 }
    return values.firstIndex(of: value) ?? 0
  }

  /// The value at a place, rounded as a draw is.
  package func value(at place: Double) -> ConfigValue {
    guard case .range(let range) = source else { return .null }
    return range.value(at: place)
  }

  /// The places that are all this value: for a whole number an interval, for a real one a point.
  package func cell(of value: ConfigValue) -> ClosedRange<Double> {
    guard case .range(let range) = source else { return 0...0 }
    return range.cell(of: value)
  }
}

extension DrawRange {
  /// The value at a place between 0 and 1: uniform places are distributed as draws are.
  func value(at place: Double) -> ConfigValue {
    let place = Swift.min(Swift.max(place, 0), 1)
    let number = isInteger ? wholeNumber(at: place) : realNumber(at: place)
    return isList ? .array([.number(number)]) : .number(number)
  }

  /// The places of a value of this range.
  func cell(of value: ConfigValue) -> ClosedRange<Double> {
    var number = value
    if case .array(let elements) = value, let first = elements.first { number = first }
    guard case .number(let x) = number, min < max else { return 0...1 }
    let low = place(of: x)
    return isInteger ? low...Swift.max(low, place(of: x + 1)) : low...low
  }

  /// Whole numbers reach from each to the next, so their interval ends one above the greatest.
  private var end: Double { isInteger ? max + 1 : max }

  private func place(of x: Double) -> Double {
    let share =
      isLogarithmic
      ? (log(x) - log(min)) / (log(end) - log(min)) : (x - min) / (end - min)
    return Swift.min(Swift.max(share, 0), 1)
  }
}
