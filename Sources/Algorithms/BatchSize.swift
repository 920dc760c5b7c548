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

extension BatchSize {
  static let parameters = [
    Parameter(
      "episodesPerUpdate", .integer(1...1000), default: 10, unit: "episodes",
      doc: "Episodes that one update learns from; the post has 10."),
    Parameter(
      "decisionsPerUpdate", .nullable(.integer(1...10_000_000)), default: .null,
      unit: "decisions",
      doc: """
        Instead of a number of episodes: whole episodes are played until they have at least this \
        many decisions.
        """, silentValue: .null),
  ]

  /// What those two leave unused.
  static let unused = UnusedKeys(
    "algorithm.episodesPerUpdate", unless: "algorithm.decisionsPerUpdate")

  /// The size that an algorithm with those two asks for.
  init(_ settings: Settings) {
    self =
      settings.optionalInteger("decisionsPerUpdate").map { .decisions($0) }
      ?? .episodes(settings.integer("episodesPerUpdate"))
  }

  /// The batch size of a validated configuration.
  package init(configuration: ConfigValue) {
    let kind = algorithms.chosen(by: "algorithm.kind", in: configuration)
    self = kind.batchSize(Settings(configuration, section: "algorithm"))
  }
}
