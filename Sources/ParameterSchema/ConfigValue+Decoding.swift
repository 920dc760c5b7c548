// SPDX-License-Identifier: MIT

extension ConfigValue: Decodable {
  /// Reads a `Decodable`; what keeps the value from being one is thrown in words.
  ///
  /// - Parameter name: what the words call the value: `the plan`.
  package func decoded<T: Decodable>(
    as type: T.Type = T.self, name: String
  ) throws(ConfigMismatch) -> T {
    do {
      return try ConfigDecoder(value: self, name: name).read(type)
    } catch let error as ConfigMismatch {
      throw error
    } catch DecodingError.dataCorrupted(let context) {
      let place = context.codingPath.last?.stringValue ?? name
      throw ConfigMismatch(problem: "\(place) is not a known word: \(context.debugDescription)")
    } catch {
      throw ConfigMismatch(problem: "\(name) cannot be read: \(error)")
    }
  }

  package init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? ConfigDecoder else {
      throw ConfigMismatch(problem: "a ConfigValue is decoded from a ConfigValue alone")
    }
    self = decoder.value
  }
}

/// A value on the way to a Swift type, with the key that it stands under.
private struct ConfigDecoder: Decoder, SingleValueDecodingContainer {
  let value: ConfigValue
  let name: String
  var codingPath: [any CodingKey] { [NamedKey(stringValue: name)] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func read<T: Decodable>(_ type: T.Type) throws -> T {
    let plain: Any?
    switch value {
    case _ where type == ConfigValue.self: plain = value
    case .bool(let flag): plain = flag
    case .string(let text): plain = text
    case .number(let number) where type == Int.self: plain = Int(exactly: number)
    case .number(let number): plain = number
    case .null, .array, .object: plain = nil
    }
    if let plain, let result = plain as? T { return result }
    if type == Bool.self { throw mismatch("true or false") }
    if type == String.self { throw mismatch("a string") }
    if type == Double.self { throw mismatch("a number") }
    if type == Int.self { throw mismatch("a whole number") }
    return try type.init(from: self)
  }

  private func mismatch(_ wanted: String) -> ConfigMismatch {
    ConfigMismatch(problem: "\(name) is not \(wanted)")
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return KeyedDecodingContainer(MemberDecoder<Key>(decoder: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch("a list") }
    return ElementDecoder(decoder: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }
  func decodeNil() -> Bool { value == .null }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try read(type) }
  func unused() -> Never { fatalError("nothing that is stored nests its containers by hand") }
}

private struct NamedKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

private struct MemberDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ConfigDecoder
  let members: [String: ConfigValue]
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  private func member(_ key: Key) throws -> ConfigDecoder {
    guard let value = members[key.stringValue] else {
      throw ConfigMismatch(problem: "\(decoder.name) lacks \(key.stringValue)")
    }
    return ConfigDecoder(value: value, name: key.stringValue)
  }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try member(key).read(type)
  }
  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Inner> { decoder.unused() }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { decoder.unused() }
  func superDecoder() -> any Decoder { decoder.unused() }
  func superDecoder(forKey key: Key) -> any Decoder { decoder.unused() }
}

private struct ElementDecoder: UnkeyedDecodingContainer {
  let decoder: ConfigDecoder
  let elements: [ConfigValue]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  init(decoder: ConfigDecoder, elements: [ConfigValue]) {
    (self.decoder, self.elements) = (decoder, elements)
  }

  mutating func decodeNil() -> Bool {
    guard !isAtEnd, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    defer { currentIndex += 1 }
    return try ConfigDecoder(value: elements[currentIndex], name: decoder.name).read(type)
  }
  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type
  ) -> KeyedDecodingContainer<Inner> { decoder.unused() }
  func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { decoder.unused() }
  func superDecoder() -> any Decoder { decoder.unused() }
}
