// SPDX-License-Identifier: MIT

/// What a run of TensorBoard's HParams plugin was made with.
///
/// Source: tensorboard/plugins/hparams/plugin_data.proto, summary_v2.py and metadata.py;
/// tensorboard/compat/proto/summary.proto; google/protobuf/struct.proto.
extension TensorBoardEvents {
  package enum Hyperparameter: Hashable, Sendable {
    case number(Double)
    case flag(Bool)
    case text(String)
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
      session += Self.bytesField(
        1, Self.bytesField(1, Array(name.utf8)) + Self.bytesField(2, Self.encoded(value)))
    }
    session += Self.bytesField(4, Array(group.utf8)) + Self.doubleField(5, startTime)
    addPluginData(
      "_hparams_/session_start_info", Self.bytesField(3, session), step: 0, wallTime: startTime)
  }

  /// Adds how the run ended.
  package mutating func endSession(_ status: SessionStatus, step: Int, endTime: Double) {
    let session =
      Self.key(1, wireType: 0) + Self.variableLength(status.rawValue)
      + Self.doubleField(2, endTime)
    addPluginData(
      "_hparams_/session_end_info", Self.bytesField(4, session), step: step, wallTime: endTime)
  }

  /// An event whose tensor is a 0 that nobody reads, as TensorBoard itself writes it.
  private mutating func addPluginData(
    _ tag: String, _ data: [UInt8], step: Int, wallTime: Double
  ) {
    let plugin = Self.bytesField(1, Array("hparams".utf8)) + Self.bytesField(2, data)
    let isFloat = Self.key(1, wireType: 0) + Self.variableLength(1)
    let zero = Self.bytesField(5, [0, 0, 0, 0])
    let value =
      Self.bytesField(1, Array(tag.utf8))
      + Self.bytesField(8, isFloat + Self.bytesField(2, []) + zero)
      + Self.bytesField(9, Self.bytesField(1, plugin))
    addSummary(value, step: step, wallTime: wallTime)
  }

  private static func encoded(_ value: Hyperparameter) -> [UInt8] {
    switch value {
    case .number(let number): doubleField(2, number)
    case .text(let text): bytesField(3, Array(text.utf8))
    case .flag(let flag): key(4, wireType: 0) + variableLength(flag ? 1 : 0)
    }
  }
}
