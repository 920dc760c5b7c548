// SPDX-License-Identifier: MIT

/// A value of an experiment file, free of its place in the text.
///
/// Numbers are IEEE doubles, as in RFC 8785; whole numbers are exact up to 2⁵³.
package indirect enum ConfigValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([ConfigValue])
  case object([String: ConfigValue])
}

extension ConfigValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: ConfigValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, ConfigValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}

extension ConfigValue {
  /// The value at a dotted path such as `returns.discount`, or nil where there is none. What is set
  /// makes the objects on its way; nil takes the value away.
  package subscript(path path: String) -> ConfigValue? {
    get {
      guard case .object(let members) = self else { return nil }
      guard let dot = path.utf8.firstIndex(of: UInt8(ascii: ".")) else { return members[path] }
      return members[String(path[..<dot])]?[path: String(path[path.utf8.index(after: dot)...])]
    }
    set {
      var members: [String: ConfigValue] =
        if case .object(let object) = self { object } else { [:] }
      let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        members[parts[0], default: [:]][path: parts[1]] = newValue
      } else {
        members[path] = newValue
      }
      self = .object(members)
    }
  }
}
