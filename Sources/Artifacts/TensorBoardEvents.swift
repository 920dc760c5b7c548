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
    var event = ProtocolBuffer.double(1, wallTime)
    event += ProtocolBuffer.text(3, "brain.Event:2")
    addRecord(event)
  }

  /// Adds one number; it is stored as a 32-bit float.
  ///
  /// - Parameters:
  ///   - tag: such as `charts/episodic_return`.
  ///   - step: horizontal position, a whole number.
  package mutating func add(_ tag: String, _ value: Double, step: Int, wallTime: Double) {
    let scalar =
      ProtocolBuffer.text(1, tag) + ProtocolBuffer.float(2, Float(value))
    addSummary(scalar, step: step, wallTime: wallTime)
  }

  /// Adds a text, Markdown, for the Text tab.
  package mutating func addText(_ tag: String, _ text: String, step: Int, wallTime: Double) {
    let isText = ProtocolBuffer.number(1, 7)
    let shape = ProtocolBuffer.bytes(2, ProtocolBuffer.bytes(2, ProtocolBuffer.number(1, 1)))
    addPluginData(
      tag, plugin: ProtocolBuffer.text(1, "text"),
      tensor: isText + shape + ProtocolBuffer.text(8, text), step: step, wallTime: wallTime)
  }

  /// Adds an event with one value of a summary.
  mutating func addSummary(_ value: [UInt8], step: Int, wallTime: Double) {
    let event =
      ProtocolBuffer.double(1, wallTime) + ProtocolBuffer.number(2, step)
      + ProtocolBuffer.bytes(5, ProtocolBuffer.bytes(1, value))
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
      case .number(let number): ProtocolBuffer.double(2, number)
      case .text(let text): ProtocolBuffer.text(3, text)
      case .flag(let flag): ProtocolBuffer.number(4, flag ? 1 : 0)
      }
    }
  }

  /// How a run ended, as the plugin numbers it.
  package enum SessionStatus: Int, Sendable {
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
      session += ProtocolBuffer.bytes(
        1, ProtocolBuffer.text(1, name) + ProtocolBuffer.bytes(2, value.encoded))
    }
    session += ProtocolBuffer.text(4, group) + ProtocolBuffer.double(5, startTime)
    addPluginData(
      "_hparams_/session_start_info", ProtocolBuffer.bytes(3, session), step: 0,
      wallTime: startTime)
  }

  /// Adds how the run ended.
  package mutating func endSession(_ status: SessionStatus, step: Int, endTime: Double) {
    let session =
      ProtocolBuffer.number(1, status.rawValue)
      + ProtocolBuffer.double(2, endTime)
    addPluginData(
      "_hparams_/session_end_info", ProtocolBuffer.bytes(4, session), step: step, wallTime: endTime)
  }

  /// An event whose tensor is a 0 that nobody reads, as TensorBoard itself writes it.
  private mutating func addPluginData(
    _ tag: String, _ data: [UInt8], step: Int, wallTime: Double
  ) {
    let isFloat = ProtocolBuffer.number(1, 1)
    let zero = ProtocolBuffer.bytes(5, [0, 0, 0, 0])
    addPluginData(
      tag, plugin: ProtocolBuffer.text(1, "hparams") + ProtocolBuffer.bytes(2, data),
      tensor: isFloat + ProtocolBuffer.bytes(2, []) + zero, step: step, wallTime: wallTime)
  }

  private mutating func addPluginData(
    _ tag: String, plugin: [UInt8], tensor: [UInt8], step: Int, wallTime: Double
  ) {
    let value =
      ProtocolBuffer.text(1, tag) + ProtocolBuffer.bytes(8, tensor)
      + ProtocolBuffer.bytes(9, ProtocolBuffer.bytes(1, plugin))
    addSummary(value, step: step, wallTime: wallTime)
  }
}

extension CRC32 {
  /// Rotated and shifted by a constant, as TFRecords store it: checksums of data that hold
  /// checksums are weak.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = castagnoli.checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
