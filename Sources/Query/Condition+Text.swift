// SPDX-License-Identifier: MIT

import ParameterSchema

extension Condition {
  /// What stands around a condition, and so whether it needs parentheses.
  enum Surrounding { case any, all, not }

  /// The condition in one spelling.
  func text(inside surrounding: Surrounding) -> String {
    switch self {
    case .comparison(let left, let comparison, let right):
      return "\(left.text) \(comparison.rawValue) \(right.text)"
    case .membership(let element, let list, let isNegated):
      return "\(element.text) \(isNegated ? "not in" : "in") \(list.text)"
    case .containment(let whole, let part):
      return "\(whole.text) contains \(part.text)"
    case .flag(let operand):
      return operand.text
    case .not(let condition):
      return "not \(condition.text(inside: .not))"
    case .all(let conditions):
      // Within `and`, an `and` was in parentheses and stays so.
      let text = conditions.map { $0.text(inside: .all) }.joined(separator: " and ")
      return surrounding == .any ? text : "(\(text))"
    case .any(let conditions):
      let text = conditions.map { part in
        if case .any = part { return "(\(part.text(inside: .any)))" }
        return part.text(inside: .any)
      }.joined(separator: " or ")
      return surrounding == .any ? text : "(\(text))"
    }
  }
}

extension Operand {
  fileprivate var text: String {
    switch content {
    case .name(let name): name
    case .literal(let value): Literal.text(value)
    }
  }
}

/// Values as they are written in an expression.
enum Literal {
  static func text(_ value: ConfigValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number):
      Int(exactly: number).map { String($0) } ?? String(describing: number)
    case .string(let text): "\"\(escaped(text))\""
    case .array(let elements): "[" + elements.map(self.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \(self.text($0.value))" }
        .joined(separator: ", ") + "}"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
