// SPDX-License-Identifier: MIT

/// A reader under test.
struct Target: Sendable {
  let name: String
  /// Reads an input; whether the reader took it for what it reads. It must not trap.
  let accepts: @Sendable ([UInt8]) -> Bool
  /// Makes another input of one, keeping what would be refused at once; nil leaves it to libFuzzer.
  var mutated: @Sendable ([UInt8], inout Draws) -> [UInt8]? = { _, _ in nil }

  static let all: [Target] =
    [.experiment, .query, .stats] + [.records, .trace, .replay, .safetensors, .checkpoint, .policy]
    + [.stored]
}
