// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A game that pays nothing: only a reward rule tells its actions apart.
private final class Idling: Environment {
  let form = ObservationForm(.numbers, width: 1)
  let actions: ActionSpace = ["NOOP", "RIGHT"]
  private var decisions = 0
  private(set) var moves = 0

  func reset(draws: Xoshiro256) { decisions = 0 }

  func step(_ action: Action) -> Transition {
    decisions += 1
    moves += action.number
    return Transition(reward: 0, frames: 1, ending: decisions == 20 ? .terminated : .none)
  }

  func observe(into numbers: inout [Float]) { numbers.append(1) }
}

@Suite("Every search and every gradient sees the rewards of the reward rule")
struct LearningRewardTests {
  @Test("Where moving costs, resting is learned", arguments: LearnerCase.all, 0..<3)
  func movement(learner: LearnerCase, seed: UInt64) throws {
    let game = Idling()
    let training = learner.training(
      game, seed: seed, with: ["reward.movementPenalty": 1, "training.episodes": 2400])
    while !training.isDone { _ = try training.advance() }
    var player = training.player
    player.choice = .greedy
    let before = game.moves
    for episode in 0..<5 as Range<UInt64> {
      _ = try player.playEpisode(
        game, into: DecisionBatch(for: player.model), environmentDraws: Xoshiro256(seed: episode),
        policyDraws: Xoshiro256(seed: episode))
    }
    #expect(game.moves == before)
  }

  @Test("A search without a reward rule ranks by the game's own return, to the bit")
  func own() throws {
    func weights(_ changes: [String: ConfigValue]) throws -> [Float] {
      let training = Setup.training(
        Setup.configuration(
          "cem", policy: "linear", ["algorithm.population": 20].merging(changes) { $1 }),
        CartPole(), seed: 2)
      for _ in 0..<4 { _ = try training.advance() }
      return Array(training.player.model.parameters.floats)
    }
    let plain = try weights([:])
    // Rewards of 1 are not cut by a bound of 1, so the ranking is the same.
    #expect(try weights(["reward.clip": 1]) == plain)
    #expect(try weights(["reward.movementPenalty": 3]) != plain)
  }
}
