// SPDX-License-Identifier: MIT

/// A file of scalars as TensorBoard reads it: events in protocol buffers, framed as TFRecords.
///
/// Source: tensorboard/compat/proto/event.proto and summary.proto, whose few fields are written
/// by hand here; tensorflow/core/lib/io/record_writer.h for the frame: length (u64), masked CRC-32C
/// of the length, the event, masked CRC-32C of the event, all little-endian.
package struct TensorBoardEvents: Sendable {
  /// The file's bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// Begins with the version event that every such file has.
  ///
  /// - Parameter wallTime: seconds since 1970.
  package init(wallTime: Double) {
    var event = Self.doubleField(1, wallTime)
    event += Self.bytesField(3, Array("brain.Event:2".utf8))
    addRecord(event)
  }

  /// Adds one number; it is stored as a 32-bit float.
  ///
  /// - Parameters:
  ///   - tag: such as `charts/episodic_return`.
  ///   - step: horizontal position, a whole number.
  package mutating func add(_ tag: String, _ value: Double, step: Int, wallTime: Double) {
    let scalar =
      Self.bytesField(1, Array(tag.utf8)) + Self.key(2, wireType: 5)
      + Self.littleEndian(UInt64(Float(value).bitPattern), count: 4)
    addSummary(scalar, step: step, wallTime: wallTime)
  }

  /// Adds an event with one value of a summary.
  mutating func addSummary(_ value: [UInt8], step: Int, wallTime: Double) {
    let event =
      Self.doubleField(1, wallTime) + Self.key(2, wireType: 0)
      + Self.variableLength(UInt64(bitPattern: Int64(step)))
      + Self.bytesField(5, Self.bytesField(1, value))
    addRecord(event)
  }

  private mutating func addRecord(_ data: [UInt8]) {
    let length = Self.littleEndian(UInt64(data.count), count: 8)
    bytes += length
    bytes += Self.littleEndian(UInt64(CRC32C.masked(length)), count: 4)
    bytes += data
    bytes += Self.littleEndian(UInt64(CRC32C.masked(data)), count: 4)
  }

  // MARK: Protocol buffers

  static func key(_ field: Int, wireType: Int) -> [UInt8] {
    variableLength(UInt64(field << 3 | wireType))
  }

  static func doubleField(_ field: Int, _ value: Double) -> [UInt8] {
    key(field, wireType: 1) + littleEndian(value.bitPattern, count: 8)
  }

  static func bytesField(_ field: Int, _ data: [UInt8]) -> [UInt8] {
    key(field, wireType: 2) + variableLength(UInt64(data.count)) + data
  }

  /// Seven bits a byte, the lowest first, the eighth set where more follow.
  static func variableLength(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }

  static func littleEndian(_ value: UInt64, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}

/// CRC-32 with Castagnoli's polynomial, 0x1EDC6F41 reflected. Source: RFC 3720, appendix B.4.
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
  }

  /// Rotated and shifted by a constant, as TFRecords store it: checksums of data that hold
  /// checksums are weak.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
