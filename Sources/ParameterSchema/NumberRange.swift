// SPDX-License-Identifier: MIT

/// An interval of real numbers whose ends may be open; nil bounds are unlimited.
package struct NumberRange: Sendable, Hashable {
  package let lower: Double?
  package let upper: Double?
  package let lowerIsOpen: Bool
  package let upperIsOpen: Bool

  package init(
    lower: Double? = nil, lowerIsOpen: Bool = false, upper: Double? = nil, upperIsOpen: Bool = false
  ) {
    (self.lower, self.lowerIsOpen) = (lower, lowerIsOpen)
    (self.upper, self.upperIsOpen) = (upper, upperIsOpen)
  }

  /// A bound at an end of `Int` is none.
  package init(_ range: ClosedRange<Int>) {
    self.init(
      lower: range.lowerBound == .min ? nil : Double(range.lowerBound),
      upper: range.upperBound == .max ? nil : Double(range.upperBound))
  }

  /// `lower <= x <= upper`.
  package static func closed(_ lower: Double, _ upper: Double) -> NumberRange {
    NumberRange(lower: lower, upper: upper)
  }

  /// `lower < x <= upper`.
  package static func openClosed(_ lower: Double, _ upper: Double) -> NumberRange {
    NumberRange(lower: lower, lowerIsOpen: true, upper: upper)
  }

  /// `lower <= x < upper`.
  package static func closedOpen(_ lower: Double, _ upper: Double) -> NumberRange {
    NumberRange(lower: lower, upper: upper, upperIsOpen: true)
  }

  /// `x >= lower`.
  package static func atLeast(_ lower: Double) -> NumberRange { NumberRange(lower: lower) }

  /// `x > lower`.
  package static func above(_ lower: Double) -> NumberRange {
    NumberRange(lower: lower, lowerIsOpen: true)
  }

  package func contains(_ x: Double) -> Bool {
    guard x.isFinite else { return false }
    if let lower, lowerIsOpen ? x <= lower : x < lower { return false }
    if let upper, upperIsOpen ? x >= upper : x > upper { return false }
    return true
  }
}
