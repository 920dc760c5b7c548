// SPDX-License-Identifier: MIT
import Glibc
import ParameterSchema

/// The draws at one path as an axis: each different value once, numbers in order of size.
struct DrawnAxis {
  /// For each draw the index of its value on the axis.
  let levels: [Int]
  /// The values, as short as keeps them apart.
  let short: [String]
  let draw: Plan.Axis.Draw

  /// - Parameter values: the draws, at least one.
  init(_ drawn: SweepNode.DrawnPath, values: [ConfigValue]) {
    var distinct: [ConfigValue]
    switch drawn.source {
    case .choice(let choices):
      let seen = Set(values)
      distinct = choices.filter(seen.contains)
      short = distinct.map(shownValue)
      draw = .choice
    case .range(let range):
      let numbers = Array(Set(values.map(Self.number))).sorted()
      distinct = numbers.map { range.isList ? .array([.number($0)]) : .number($0) }
      let texts = Self.shortTexts(numbers)
      short = range.isList ? texts.map { "[\($0)]" } : texts
      draw = range.isLogarithmic ? .logarithmic : .linear
    }
    let levelByValue = Dictionary(
      distinct.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
    levels = values.map { levelByValue[$0] ?? 0 }
  }

  private static func number(_ value: ConfigValue) -> Double {
    switch value {
    case .number(let number): number
    case .array(let elements): elements.first.map(number) ?? 0
    default: 0
    }
  }

  /// Each number with three digits, or as many as no two share.
  private static func shortTexts(_ numbers: [Double]) -> [String] {
    // With fewer digits than their count has, no two can all be different.
    for digits in max(3, min(6, String(numbers.count).count))...6 {
      let texts = numbers.map { shortNumber($0, digits: digits) }
      if zip(texts, texts.dropFirst()).allSatisfy({ $0 != $1 }) { return texts }
    }
    return numbers.map(canonicalNumber)
  }
}

/// The number to so many significant digits; whole numbers as they are.
func shortNumber(_ number: Double, digits: Int) -> String {
  guard number.isFinite, number != number.rounded() else { return canonicalNumber(number) }
  let power = Int(log10(abs(number)).rounded(.down)) - digits + 1
  return canonicalNumber(roundedDecimal(number, lastPlace: power))
}

/// The double nearest to `x` as a decimal number whose last digit stands for 10 to the `power`.
func roundedDecimal(_ x: Double, lastPlace power: Int) -> Double {
  guard let whole = Int(exactly: (x / pow(10, Double(power))).rounded()) else { return x }
  return Double("\(whole)e\(power)") ?? x
}
