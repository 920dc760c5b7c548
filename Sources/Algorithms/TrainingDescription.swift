// SPDX-License-Identifier: MIT

package import ParameterSchema

/// How many whole episodes one update learns from.
package enum BatchSize: Hashable, Sendable {
  case episodes(Int)
  /// Episodes are played until they have at least this many decisions.
  case decisions(Int)

  package func isFull(episodes: Int, decisions: Int) -> Bool {
    switch self {
    case .episodes(let count): episodes >= count
    case .decisions(let count): decisions >= count
    }
  }
}

/// How long a trial trains.
package enum Target: Hashable, Sendable {
  case episodes(Int)
  /// The training ends with the update that reaches this many decisions.
  case decisions(Int)
}

extension Target {
  /// The target of a validated configuration.
  package init(configuration: ConfigValue) {
    let settings = Settings(configuration, section: "training")
    if let decisions = settings.optionalInteger("decisions") {
      self = .decisions(decisions)
    } else {
      self = .episodes(settings.integer("episodes"))
    }
  }
}

extension Training {
  /// The section `training` for the catalogue.
  package static let component = Component(
    doc: "How long a trial trains.",
    parameters: [
      Parameter(
        "episodes", .integer(1...10_000_000), default: 8000, unit: "episodes",
        doc: "Episodes to train for; the post trained for about 8,000."),
      Parameter(
        "decisions", .nullable(.integer(1...100_000_000_000)), default: .null, unit: "decisions",
        doc: """
          Decisions to train for, instead of episodes: the training ends with the update that \
          reaches them.
          """, silentValue: .null),
      Parameter(
        "stopAtMean", .nullable(.number(.closed(-1e9, 1e9))), default: .null, unit: "points",
        doc: """
          The training ends early, with the first update after which the smoothed mean of \
          returns (the post's: mean ← 0.99·mean + 0.01·return) is at least this; not before a \
          hundred episodes.
          """, silentValue: .null),
      Parameter(
        "checkpointEvery", .integer(1...10_000_000), default: 500, unit: "episodes",
        doc: """
          A checkpoint is written at the first update at or after each multiple of this, and at the \
          end.
          """, entersIdentity: false),
      Parameter(
        "keepCheckpoints", .integer(2...1000), default: 8, unit: "checkpoints",
        doc: """
          How many checkpoints are kept, spread over the training; the newest two keep the \
          optimizer's state as well.
          """, entersIdentity: false),
    ],
    unused: [
      UnusedKeys(["training.episodes"], because: ["training.decisions"]) {
        $0[path: "training.decisions"] != .null
      }
    ])
}
