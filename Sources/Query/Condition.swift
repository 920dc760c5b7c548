// SPDX-License-Identifier: MIT

import ParameterSchema

/// A condition on one trial, as it was read, with the places of its parts.
indirect enum Condition: Sendable {
  case comparison(Operand, Comparison, Operand)
  /// `name in [a, b]`, or `name not in [a, b]`; the list may also be a name's value.
  case membership(Operand, in: Operand, isNegated: Bool)
  /// `label contains "KL"`, `policy.hidden contains 200`.
  case containment(Operand, Operand)
  /// A name alone: whether it holds true.
  case flag(Operand)
  case not(Condition)
  /// At least two each; flat, so that a long chain is no deep nesting.
  case all([Condition])
  case any([Condition])
}

/// The operators between two values.
enum Comparison: String, Sendable, CaseIterable {
  case equal = "="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether it needs an order, which texts and numbers have.
  var isOrder: Bool { self != .equal && self != .unequal }
}

/// What stands on one side of an operator.
struct Operand: Sendable {
  enum Content: Sendable {
    /// A dotted name of what is known of a trial.
    case name(String)
    case literal(ConfigValue)
  }

  let content: Content
  /// Bytes of the expression.
  let range: Range<Int>
}
