// SPDX-License-Identifier: MIT
import ParameterSchema

/// `scale` of a range to draw from.
enum DrawScale: String, CaseIterable { case linear, log }

/// The numbers that can be drawn for a parameter.
struct DrawnKind {
  /// `.integer` or `.number`.
  let kind: Parameter.Kind
  let isInteger: Bool
  /// Whether the parameter is a list, and one number stands for a list of one.
  let isList: Bool

  private init(_ kind: Parameter.Kind, isInteger: Bool, isList: Bool = false) {
    self.kind = kind
    self.isInteger = isInteger
    self.isList = isList
  }

  /// nil for what has no numbers between others.
  init?(_ kind: Parameter.Kind) {
    switch kind {
    case .integer: self.init(kind, isInteger: true)
    // An object is a range to draw from; intervals to choose from stand in a list.
    case .integerOrInterval(let range): self.init(.integer(range), isInteger: true)
    case .number: self.init(kind, isInteger: false)
    case .nullable(let inner): self.init(inner)
    case .list(let element, let count):
      guard count.contains(1), let inner = DrawnKind(element), !inner.isList else { return nil }
      self.init(inner.kind, isInteger: inner.isInteger, isList: true)
    case .boolean, .choice, .record, .object, .text: return nil
    }
  }

  /// The value as an end of a range, if it may be one.
  func number(_ value: PositionedValue) -> Double? {
    if case .unreadable = value.content { return nil }
    guard case .success(.number(let number)) = checked(value, kind) else { return nil }
    return number
  }
}
