// SPDX-License-Identifier: MIT

package import Digest

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
    var event = doubleField(1, wallTime)
    event += bytesField(3, Array("brain.Event:2".utf8))
    addRecord(event)
  }

  /// Adds one number; it is stored as a 32-bit float.
  ///
  /// - Parameters:
  ///   - tag: such as `charts/episodic_return`.
  ///   - step: horizontal position, a whole number.
  package mutating func add(_ tag: String, _ value: Double, step: Int, wallTime: Double) {
    let scalar =
      bytesField(1, Array(tag.utf8)) + key(2, wireType: 5)
      + littleEndian(UInt64(Float(value).bitPattern), count: 4)
    addSummary(scalar, step: step, wallTime: wallTime)
  }

  /// Adds an event with one value of a summary.
  mutating func addSummary(_ value: [UInt8], step: Int, wallTime: Double) {
    let event =
      doubleField(1, wallTime) + key(2, wireType: 0)
      + variableLength(UInt64(bitPattern: Int64(step)))
      + bytesField(5, bytesField(1, value))
    addRecord(event)
  }

  private mutating func addRecord(_ data: [UInt8]) {
    let length = littleEndian(UInt64(data.count), count: 8)
    bytes += length
    bytes += littleEndian(UInt64(CRC32.masked(length)), count: 4)
    bytes += data
    bytes += littleEndian(UInt64(CRC32.masked(data)), count: 4)
  }
}

/// What a run of TensorBoard's HParams plugin was made with.
///
/// Source: tensorboard/plugins/hparams/plugin_data.proto, summary_v2.py and metadata.py;
/// tensorboard/compat/proto/summary.proto; google/protobuf/struct.proto.
extension TensorBoardEvents {
  package enum Hyperparameter: Hashable, Sendable {
    case number(Double)
    case flag(Bool)
    case text(String)

    fileprivate var encoded: [UInt8] {
      switch self {
      case .number(let number): doubleField(2, number)
      case .text(let text): bytesField(3, Array(text.utf8))
      case .flag(let flag): key(4, wireType: 0) + variableLength(flag ? 1 : 0)
      }
    }
  }

  /// How a run ended, as the plugin numbers it.
  package enum SessionStatus: UInt64, Sendable {
    case unknown = 0
    case success, failure, running
  }

  /// Adds the values that the plugin's table shows for the run; call it once, before any number.
  ///
  /// - Parameter group: runs of one group are one row of the table.
  package mutating func addSession(
    _ hyperparameters: [(name: String, value: Hyperparameter)], group: String, startTime: Double
  ) {
    var session: [UInt8] = []
    for (name, value) in hyperparameters {
      session += bytesField(
        1, bytesField(1, Array(name.utf8)) + bytesField(2, value.encoded))
    }
    session += bytesField(4, Array(group.utf8)) + doubleField(5, startTime)
    addPluginData(
      "_hparams_/session_start_info", bytesField(3, session), step: 0, wallTime: startTime)
  }

  /// Adds how the run ended.
  package mutating func endSession(_ status: SessionStatus, step: Int, endTime: Double) {
    let session =
      key(1, wireType: 0) + variableLength(status.rawValue)
      + doubleField(2, endTime)
    addPluginData(
      "_hparams_/session_end_info", bytesField(4, session), step: step, wallTime: endTime)
  }

  /// An event whose tensor is a 0 that nobody reads, as TensorBoard itself writes it.
  private mutating func addPluginData(
    _ tag: String, _ data: [UInt8], step: Int, wallTime: Double
  ) {
    let plugin = bytesField(1, Array("hparams".utf8)) + bytesField(2, data)
    let isFloat = key(1, wireType: 0) + variableLength(1)
    let zero = bytesField(5, [0, 0, 0, 0])
    let value =
      bytesField(1, Array(tag.utf8))
      + bytesField(8, isFloat + bytesField(2, []) + zero)
      + bytesField(9, bytesField(1, plugin))
    addSummary(value, step: step, wallTime: wallTime)
  }
}

// Protocol buffers: a key with the field's number and kind, then the value.

private func key(_ field: Int, wireType: Int) -> [UInt8] {
  variableLength(UInt64(field << 3 | wireType))
}

private func doubleField(_ field: Int, _ value: Double) -> [UInt8] {
  key(field, wireType: 1) + littleEndian(value.bitPattern, count: 8)
}

private func bytesField(_ field: Int, _ data: [UInt8]) -> [UInt8] {
  key(field, wireType: 2) + variableLength(UInt64(data.count)) + data
}

/// Seven bits a byte, the lowest first, the eighth set where more follow.
private func variableLength(_ value: UInt64) -> [UInt8] {
  var (rest, bytes) = (value, [UInt8]())
  while rest > 127 {
    bytes.append(UInt8(rest & 127) | 128)
    rest >>= 7
  }
  bytes.append(UInt8(rest))
  return bytes
}

extension CRC32 {
  /// Rotated and shifted by a constant, as TFRecords store it: checksums of data that hold
  /// checksums are weak.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = castagnoli.checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
