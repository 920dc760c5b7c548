// SPDX-License-Identifier: MIT
import ParameterSchema

/// A JSON text whose keys stay in the order in which they were written, for people to read.
indirect enum SchemaText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  typealias Members = [(key: String, value: SchemaText)]

  case value(ConfigValue)
  case list([SchemaText])
  case object(Members)

  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral flag: Bool) { self = .value(.bool(flag)) }
  init(arrayLiteral elements: SchemaText...) { self = .list(elements) }
  init(dictionaryLiteral members: (String, SchemaText)...) {
    self = .object(members.map { (key: $0, value: $1) })
  }

  static func text(_ text: String) -> SchemaText { .value(.string(text)) }
  static func number(_ number: Int) -> SchemaText { .value(.number(Double(number))) }
  static func strings(_ words: [String]) -> SchemaText { .list(words.map { .text($0) }) }

  /// Two spaces a level; lists of plain values on one line.
  func printed(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .value(let value): return canonicalJSON(value)
    case .list(let elements):
      let plain = elements.compactMap {
        if case .value(let value) = $0 { canonicalJSON(value) } else { nil }
      }
      if plain.count == elements.count { return "[" + plain.joined(separator: ", ") + "]" }
      let lines = elements.map { inner + $0.printed(indent: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { key, value in
        "\(inner)\(canonicalJSON(.string(key))): \(value.printed(indent: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  /// The same object with the other's members behind its own.
  static func + (a: SchemaText, b: SchemaText) -> SchemaText {
    guard case (.object(let own), .object(let more)) = (a, b) else { return a }
    return .object(own + more)
  }
}
