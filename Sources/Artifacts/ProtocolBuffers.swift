// SPDX-License-Identifier: MIT

/// Protocol buffers by hand, for formats of which a few fields are wanted: a field is a key with its
/// number and kind, then the value.
///
/// Source: protobuf.dev/programming-guides/encoding.
package enum ProtocolBuffer {
  /// A field that was read; what is not needed of a message is passed over.
  package enum Value: Hashable, Sendable {
    case number(UInt64)
    /// Four or eight bytes as they lie, such as a float's.
    case fixed32(UInt32), fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  // MARK: Writing

  package static func double(_ field: Int, _ value: Double) -> [UInt8] {
    key(field, wireType: 1) + littleEndian(value.bitPattern, count: 8)
  }

  package static func float(_ field: Int, _ value: Float) -> [UInt8] {
    key(field, wireType: 5) + littleEndian(value.bitPattern, count: 4)
  }

  /// - Parameter value: negative ones as ten bytes, as `int64` has them.
  package static func number(_ field: Int, _ value: Int) -> [UInt8] {
    key(field, wireType: 0) + variableLength(UInt64(bitPattern: Int64(value)))
  }

  package static func bytes(_ field: Int, _ data: [UInt8]) -> [UInt8] {
    key(field, wireType: 2) + variableLength(UInt64(data.count)) + data
  }

  package static func text(_ field: Int, _ text: String) -> [UInt8] {
    bytes(field, Array(text.utf8))
  }

  private static func key(_ field: Int, wireType: Int) -> [UInt8] {
    variableLength(UInt64(field << 3 | wireType))
  }

  /// Seven bits a byte, the lowest first, the eighth set where more follow.
  private static func variableLength(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }

  // MARK: Reading

  /// Hands over the fields of a message in order.
  ///
  /// - Returns: false where the bytes are no message.
  package static func read(
    _ message: ArraySlice<UInt8>, each body: (_ field: UInt64, Value) -> Void
  ) -> Bool {
    var rest = message
    while !rest.isEmpty {
      guard let key = variableLength(&rest) else { return false }
      let value: Value?
      switch key & 7 {
      case 0: value = variableLength(&rest).map { .number($0) }
      case 1: value = fixed(&rest, count: 8).map { .fixed64($0) }
      case 2: value = variableLength(&rest).flatMap { taken($0, of: &rest) }.map { .bytes($0) }
      case 5: value = fixed(&rest, count: 4).map { .fixed32(UInt32($0)) }
      default: value = nil
      }
      guard let value else { return false }
      body(key >> 3, value)
    }
    return true
  }

  private static func variableLength(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
    }
    return nil
  }

  private static func fixed(_ rest: inout ArraySlice<UInt8>, count: Int) -> UInt64? {
    taken(UInt64(count), of: &rest)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func taken(
    _ count: UInt64, of rest: inout ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
