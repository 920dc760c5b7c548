// SPDX-License-Identifier: MIT

import ParameterSchema

/// What a worker says of itself and its environment before the first step.
package struct WorkerFacts: Codable, Hashable, Sendable {
  package struct Observation: Codable, Hashable, Sendable {
    /// Gymnasium's words for the space.
    package var space: String
    /// Numbers in all.
    package var count: Int
    /// nil where it is no picture of bytes.
    package var picture: Picture?
    /// Texts among its parts, of which a policy sees nothing.
    package var leftOut: [String]
  }

  package struct Picture: Codable, Hashable, Sendable {
    /// Pixels.
    package var height: Int
    package var width: Int
    /// Bytes of a pixel: its colours, or as many frames.
    package var planes: Int
    /// Planes in a row that are one pixel's colours, 3 or 1; 0 where they are no colours.
    package var colours: Int
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
  /// For Gymnasium's `make`.
  var kwargs: [String: ConfigValue]
  /// The user's, in which modules are looked for first.
  var folder: String
}

/// Which pixels are kept of each picture; none where observations are no pictures.
struct ViewRequest: Codable {
  var rows: [Int]
  var columns: [Int]
  var channels: Channels
}

/// What of a picture's colours is kept.
enum Channels: String, Codable, Sendable { case red, grey, all }

struct ViewReply: Codable {
  var slotBytes: Int
}

/// What the worker says instead of a reply.
struct FaultReply: Codable {
  var type: String
  var message: String
  var environment: Int?
  /// The package that is missing, where it is one of those that we install.
  var lacks: String?
}
