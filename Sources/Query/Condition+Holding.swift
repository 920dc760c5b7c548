// SPDX-License-Identifier: MIT

import ParameterSchema

extension Condition {
  /// Whether it holds where names have these values.
  func holds(_ value: (String) -> ConfigValue?) -> Bool {
    switch self {
    case .comparison(let left, let comparison, let right):
      comparison.holds(left.value(value), right.value(value))
    case .membership(let element, let list, let isNegated):
      Self.contains(list.value(value), element.value(value)) != isNegated
    case .containment(let whole, let part):
      Self.contains(whole.value(value), part.value(value))
    case .flag(let operand): operand.value(value) == .bool(true)
    case .not(let condition): !condition.holds(value)
    case .all(let conditions): conditions.allSatisfy { $0.holds(value) }
    case .any(let conditions): conditions.contains { $0.holds(value) }
    }
  }

  /// A list has an element, a text has a part; nothing else contains anything.
  private static func contains(_ whole: ConfigValue, _ part: ConfigValue) -> Bool {
    switch (whole, part) {
    case (.array(let elements), _): elements.contains(part)
    case (.string(let text), .string(let part)): part.isEmpty || text.contains(part)
    default: false
    }
  }

  /// The operands in order of the text.
  var operands: [Operand] {
    switch self {
    case .comparison(let left, _, let right), .membership(let left, let right, _),
      .containment(let left, let right):
      [left, right]
    case .flag(let operand): [operand]
    case .not(let condition): condition.operands
    case .all(let conditions), .any(let conditions): conditions.flatMap(\.operands)
    }
  }
}

extension Operand {
  /// What it stands for; null where a name has no value.
  func value(_ value: (String) -> ConfigValue?) -> ConfigValue {
    switch content {
    case .literal(let literal): literal
    case .name(let name): value(name) ?? .null
    }
  }
}

extension Comparison {
  /// Whether the two compare so. Numbers are ordered, and texts by their UTF-8 bytes, so that ISO
  /// dates are in order of time; values of different kinds are unequal and in no order.
  func holds(_ left: ConfigValue, _ right: ConfigValue) -> Bool {
    switch self {
    case .equal: return left == right
    case .unequal: return left != right
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    switch (left, right) {
    case (.number(let a), .number(let b)): return ordered(a, b)
    case (.string(let a), .string(let b)): return ordered(Bytes(a), Bytes(b))
    default: return false
    }
  }

  private func ordered<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .unequal: a != b
    }
  }
}

private struct Bytes: Comparable {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  static func < (a: Bytes, b: Bytes) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
