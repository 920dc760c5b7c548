// SPDX-License-Identifier: MIT

/// What the coders between `ConfigValue` and Swift types throw.
package struct ConfigMismatch: Error, Hashable {
  /// A sentence without an end, such as `score lacks metric`.
  package let problem: String
}

extension ConfigValue: Encodable {
  /// The value of any `Encodable`: members that are nil are left out, all numbers are doubles.
  package init(encoding value: some Encodable) throws {
    switch value {
    case let value as ConfigValue: self = value
    case let flag as Bool: self = .bool(flag)
    case let number as Double: self = .number(number)
    case let number as Int: self = .number(Double(number))
    case let text as String: self = .string(text)
    default:
      let encoder = ConfigEncoder()
      try value.encode(to: encoder)
      self = encoder.value
    }
  }

  package func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? ConfigEncoder else {
      throw ConfigMismatch(problem: "a ConfigValue is encoded as JSON by canonicalJSON alone")
    }
    encoder.single = self
  }
}

/// Collects what one value encodes.
private final class ConfigEncoder: Encoder {
  var members: [String: ConfigValue]?
  var elements: [ConfigValue]?
  var single = ConfigValue.null
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  var value: ConfigValue {
    members.map { .object($0) } ?? elements.map { .array($0) } ?? single
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    members = members ?? [:]
    return KeyedEncodingContainer(MemberEncoder<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    elements = elements ?? []
    return ValueEncoder(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { ValueEncoder(encoder: self) }

  func unused() -> Never { fatalError("nothing that is stored nests its containers by hand") }
}

private struct MemberEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ConfigEncoder
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { encoder.members?[key.stringValue] = .null }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    encoder.members?[key.stringValue] = try ConfigValue(encoding: value)
  }
  func nestedContainer<Inner: CodingKey>(
    keyedBy keyType: Inner.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Inner> { encoder.unused() }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unused() }
  func superEncoder() -> any Encoder { encoder.unused() }
  func superEncoder(forKey key: Key) -> any Encoder { encoder.unused() }
}

/// The elements of a list, or a single value.
private struct ValueEncoder: UnkeyedEncodingContainer, SingleValueEncodingContainer {
  let encoder: ConfigEncoder
  var codingPath: [any CodingKey] { [] }
  var count: Int { encoder.elements?.count ?? 0 }

  private func put(_ value: ConfigValue) {
    if encoder.elements == nil { encoder.single = value } else { encoder.elements?.append(value) }
  }

  func encodeNil() { put(.null) }
  func encode<T: Encodable>(_ value: T) throws { put(try ConfigValue(encoding: value)) }
  func nestedContainer<Inner: CodingKey>(
    keyedBy keyType: Inner.Type
  ) -> KeyedEncodingContainer<Inner> { encoder.unused() }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unused() }
  func superEncoder() -> any Encoder { encoder.unused() }
}
