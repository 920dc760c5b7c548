// SPDX-License-Identifier: MIT

/// What a worker says of itself and its environment before the first step.
package struct WorkerFacts: Codable, Hashable, Sendable {
  package struct Observation: Codable, Hashable, Sendable {
    /// Sides of the box; height, width and bytes per pixel for a picture.
    package var shape: [Int]
    package var isPicture: Bool

    package var count: Int { shape.reduce(1, *) }
  }

  package var `protocol`: Int
  /// The worker's process id.
  package var process: Int32
  /// Of python, gymnasium, numpy, and ale-py where it is installed; for provenance.
  package var versions: [String: String]
  /// Whether it is a game of ALE's with nothing around it: the worker then takes every frame's
  /// action from us.
  package var isAtari: Bool
  package var observation: Observation
  /// Names of all actions by number; for ALE's games always its 18.
  package var actions: [String]
  /// Numbers of those that the environment itself offers.
  package var ownActions: [Int]
  /// For ALE's games: frames that one decision holds for, inclusive.
  package var skip: [Int]?
  /// For ALE's games: probability, for each frame, that the action before is kept.
  package var stickyActions: Double?
  /// For ALE's games: frames after which an episode is truncated.
  package var maxFrames: Int?
}

/// What is asked for at the start.
struct HelloRequest: Codable {
  var `protocol` = Int(WireFormat.version)
  var id: String
  var count: Int
}

/// Which pixels are kept of each picture; both empty where observations are no pictures.
struct ViewRequest: Codable {
  var rows: [Int]
  var columns: [Int]
}

struct ViewReply: Codable {
  var slotBytes: Int
}

/// What the worker says instead of a reply.
struct FaultReply: Codable {
  var type: String
  var message: String
  var environment: Int?
}
