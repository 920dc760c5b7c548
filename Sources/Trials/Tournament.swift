// SPDX-License-Identifier: MIT

import Algorithms
package import Environments
package import ParameterSchema
import Policies
import Randomness

/// Games of stored policies against each other, in Pong for two. Each pair changes sides after every
/// game; a game's random streams follow from the seed, the pair and the game alone.
package struct Tournament {
  /// A policy that takes part.
  package struct Entrant {
    fileprivate let player: Player
    fileprivate let configuration: ConfigValue

    package init(_ evaluator: Evaluator, _ configuration: ConfigValue) {
      (player, self.configuration) = (evaluator.player, configuration)
    }
  }

  /// What a game of two entrants ended with: the points of the first, and of the second.
  package struct Score {
    package let first: Int
    package let second: Int

    /// Of the first: 1 for a win, 0 for a loss, ½ where nobody got to 21.
    package var outcome: Double { first == 21 ? 1 : second == 21 ? 0 : 0.5 }
  }

  private let entrants: [Entrant]
  private let number: Int
  private let streams: RandomStreams

  /// - Parameter number: of the cartridge's game, 3 or 4.
  package init(_ entrants: [Entrant], game number: Int, seed: UInt64) {
    (self.entrants, self.number) = (entrants, number)
    streams = RandomStreams(root: seed, seed: 0)
  }

  /// What keeps a policy of this configuration from a game for two; nil where nothing does.
  package static func misfit(_ configuration: ConfigValue) -> String? {
    let kinds = [EnvironmentKind.pong, .pongTwoPlayer]
    guard kinds.first(named: configuration[path: "environment.id"]) != nil else {
      let id = Settings(configuration, section: "environment").string("id")
      return "it was trained in \(id); allowed: "
        + kinds.map(\.component.id).joined(separator: ", ")
    }
    guard canServe(configuration) else {
      let names = Settings(configuration, section: "environment").strings("actions")
      return "it cannot serve: its actions are \(names.joined(separator: ", ")); allowed: one with "
        + "FIRE among them"
    }
    if configuration[path: "observation.kind"] == .string(ObservationKind.glimpse.component.id) {
      return "it sees through a window of its own; allowed: a policy that sees the whole picture"
    }
    if configuration[path: "observation.permutePixels"] == true {
      return "it sees permuted pixels; allowed: what `export --format safetensors` makes of it"
    }
    return nil
  }

  /// Plays `games` games of two entrants.
  package func play(
    _ first: Int, _ second: Int, games: Int
  ) throws(EnvironmentError) -> [Score] {
    let environments = [(first, second), (second, first)].map { right, left in
      PongEnvironment(
        right: entrants[right].configuration, left: entrants[left].configuration, number: number)
    }
    var scores: [Score] = []
    for game in 0..<games {
      let environment = environments[game % 2]
      let (right, left) = game % 2 == 0 ? (first, second) : (second, first)
      let player = entrants[right].player
      // No two games of a tournament share a stream.
      let index = UInt64((first * entrants.count + second) * 1_000_000 + game)
      _ = try player.playEpisode(
        environment, number: game + 1, into: player.makeBatch(),
        environmentDraws: streams.generator(.evaluationEnvironment, index: index),
        policyDraws: streams.generator(.evaluationPolicy, index: index),
        opponent: Opponent(
          entrants[left].player, draws: streams.generator(.opponent, index: index)))
      let (ofRight, ofLeft) = (Int(environment.scores.right), Int(environment.scores.left))
      scores.append(
        game % 2 == 0
          ? Score(first: ofRight, second: ofLeft) : Score(first: ofLeft, second: ofRight))
    }
    return scores
  }
}
