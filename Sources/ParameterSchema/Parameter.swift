// SPDX-License-Identifier: MIT

/// One tunable of a component: the single source of its validation, JSON Schema, help and docs.
package struct Parameter: Sendable {
  /// The JSON key, camelCase; the Swift property bears the same word.
  package let name: String
  package let kind: Kind
  /// What holds when neither the preset nor the experiment says otherwise.
  package let defaultValue: ConfigValue
  /// Such as `frames` or `nats per decision`; nil for what has none.
  package let unit: String?
  /// One or two sentences: what it does, and the source.
  package let doc: String
  /// Whether it is part of a trial's identity; false for what cannot change the learned numbers.
  package let entersIdentity: Bool
  /// For a parameter added after release 1: the value that keeps the old behaviour. While a trial
  /// holds it, the parameter is left out of the trial's identity.
  package let silentValue: ConfigValue?

  package init(
    _ name: String, _ kind: Kind, default defaultValue: ConfigValue, unit: String? = nil,
    doc: String, entersIdentity: Bool = true, silentValue: ConfigValue? = nil
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.unit = unit
    self.doc = doc
    self.entersIdentity = entersIdentity
    self.silentValue = silentValue
  }

  /// What values a parameter takes.
  package indirect enum Kind: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    /// One of these strings.
    case choice([String])
    /// Any string that the rule allows.
    case text(TextRule)
    /// `null` means off.
    case nullable(Kind)
    /// A whole number, or `{"min": a, "max": b}`, inclusive, drawn uniformly.
    case integerOrInterval(ClosedRange<Int>)
    /// An array whose elements are of one kind, with this many elements.
    case list(of: Kind, count: ClosedRange<Int>)
    /// An object that has each of these whole numbers, such as the place and size of a crop.
    case record([Field])
    /// Any object of JSON.
    case object
  }

  /// A whole number of a record.
  package struct Field: Sendable {
    package let name: String
    package let range: ClosedRange<Int>

    package init(_ name: String, _ range: ClosedRange<Int>) {
      self.name = name
      self.range = range
    }
  }
}

/// An interval of real numbers whose ends may be open; nil bounds are unlimited.
package struct NumberRange: Sendable, Hashable {
  package let lower: Double?
  package let upper: Double?
  package let lowerIsOpen: Bool
  package let upperIsOpen: Bool

  package init(
    lower: Double? = nil, lowerIsOpen: Bool = false, upper: Double? = nil, upperIsOpen: Bool = false
  ) {
    self.lower = lower
    self.upper = upper
    self.lowerIsOpen = lowerIsOpen
    self.upperIsOpen = upperIsOpen
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
