// SPDX-License-Identifier: MIT

/// The ids of environments that are Pong: a game of two sides, which is won by more points.
package enum PongID {
  /// Those of Gymnasium that are the Atari game.
  package static let real = ["ALE/Pong-v", "Pong-v", "PongDeterministic-v", "PongNoFrameskip-v"]
    .map { TextRule(prefix: "gymnasium:\($0)", rest: "the id of an environment") }

  package static func isReal(_ id: String) -> Bool { real.contains { $0.allows(id) } }

  /// Whether it is Pong, embedded or real.
  package static func contains(_ id: String) -> Bool {
    id == "pong" || id == "pong-two-player" || isReal(id)
  }
}
