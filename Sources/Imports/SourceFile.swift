// SPDX-License-Identifier: MIT

import Digest
package import ParameterSchema

/// One number of a named series.
package struct ScalarPoint: Hashable, Sendable {
  package var step: Int
  package var value: Double
  /// By the file's clock; nil where it has none.
  package var seconds: Double?

  package init(step: Int, value: Double, seconds: Double? = nil) {
    (self.step, self.value, self.seconds) = (step, value, seconds)
  }
}

/// An episode of a Monitor file.
package struct MonitorEpisode: Hashable, Sendable {
  package let `return`: Double
  package let length: Int
  /// Since the Monitor was made.
  package let seconds: Double
}

/// What a Monitor wrote between its making and its end.
package struct MonitorSession: Hashable, Sendable {
  /// Seconds since 1970; nil for one that went on in an earlier one's file, whose head tells nothing
  /// of it.
  package let start: Double?
  package var episodes: [MonitorEpisode] = []
}

/// The games of one evaluation.
package struct EvaluatedGames: Hashable, Sendable {
  package let step: Int
  package let returns: [Double]
  package let lengths: [Int]
}

/// What one file, or one run of a store, says.
package struct SourceFile: Sendable {
  /// As it is told: of a store's run, the store's path and the run's name.
  package let path: String
  /// What wrote it, in words.
  package let format: String
  package let bytes: Int
  /// SHA-256 of the bytes, hexadecimal.
  package let digest: String
  /// Numbers by the name of their series, in the file's order.
  package var scalars: [String: [ScalarPoint]] = [:]
  /// Cells of a series that are no number: how many, and the first with its line.
  package var unreadable: [String: (count: Int, line: Int, text: String)] = [:]
  package var sessions: [MonitorSession] = []
  package var evaluations: [EvaluatedGames] = []
  /// The environment's name, where the file has it.
  package var environment: String?
  /// Whether the seconds of points count from 1970.
  package var hasWallClock = false
  /// Whether it is a run of a store, so that it is a trial by itself.
  var isWholeRun = false
  /// What the run was made with, where a store has it.
  package var parameters: [String: ConfigValue] = [:]
  /// What of it could not be used, a sentence each.
  package var remarks: [String] = []

  /// - Parameter contents: of the file; of a store's run what was read of it, since its file holds
  ///   others too.
  init(path: String, format: String, contents: [UInt8]) {
    (self.path, self.format) = (path, format)
    (bytes, digest) = (contents.count, SHA256.hex(contents))
  }
}

extension [UInt8] {
  /// The number in `count` bytes from `place` on, the lowest first; nil beyond the end.
  func little(at place: Int, count: Int) -> UInt64? {
    guard place >= 0, place <= self.count - count else { return nil }
    return (0..<count).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64(8 * $1) }
  }
}
