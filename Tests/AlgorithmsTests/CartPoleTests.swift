// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// An algorithm with settings at which it solves CartPole, and within how many episodes.
struct CartPoleCase: CustomTestStringConvertible, Sendable {
  let algorithm: String
  let optimizer: String
  var policy = "mlp"
  /// Every one of five seeds reached the goal by then; see `docs/explain/algorithms.md`.
  let episodes: Int
  let changes: [String: ConfigValue]
  var testDescription: String { "\(algorithm), \(episodes) episodes" }

  private static let value: [String: ConfigValue] = [
    "returns.baseline": "value", "returns.normalize": "batch",
  ]

  static let all: [CartPoleCase] = [
    CartPoleCase(
      algorithm: "reinforce", optimizer: "adam", episodes: 1000,
      changes: ["optimizer.learningRate": 0.01, "returns.normalize": "batch"]),
    CartPoleCase(
      algorithm: "kl-line-search", optimizer: "adam", episodes: 700,
      changes: [
        "optimizer.learningRate": 0.03, "algorithm.maxKL": 0.02, "returns.normalize": "batch",
      ]),
    CartPoleCase(
      algorithm: "trpo", optimizer: "adam", episodes: 1200,
      changes: ["algorithm.maxKL": 0.02, "returns.normalize": "batch"]),
    CartPoleCase(
      algorithm: "ppo", optimizer: "adam", episodes: 1000,
      changes: value.merging(["optimizer.learningRate": 0.003]) { $1 }),
    CartPoleCase(
      algorithm: "a2c", optimizer: "adam", episodes: 900,
      changes: value.merging(["optimizer.learningRate": 0.02, "returns.gaeLambda": 1]) { $1 }),
    CartPoleCase(
      algorithm: "cem", optimizer: "sgd", policy: "linear", episodes: 1000,
      changes: [
        "algorithm.population": 40, "algorithm.extraNoise": 2, "algorithm.initialDeviation": 3,
      ]),
  ]

  /// What Stable-Baselines3's A2C has by default, with eight environments of five steps: as many
  /// decisions an update, in whole games.
  static let stableBaselines = CartPoleCase(
    algorithm: "a2c", optimizer: "rmsprop", episodes: 3000,
    changes: [
      "policy.hidden": [64, 64], "policy.initialization": "orthogonal",
      "returns.baseline": "value", "returns.gaeLambda": 1, "returns.normalize": "none",
      "algorithm.decisionsPerUpdate": 40, "algorithm.entropyBonus": 0,
      "optimizer.learningRate": 7e-4, "optimizer.clipNorm": 0.5,
    ])

  func training(seed: UInt64) -> Training {
    var all: [String: ConfigValue] = [
      "returns.resetAtPoint": false, "policy.bias": true, "algorithm.episodesPerUpdate": 5,
      "training.episodes": 4000,
    ]
    if policy == "mlp" { all["policy.hidden"] = [32] }
    if algorithm == "cem" { all["algorithm.episodesPerUpdate"] = nil }
    let configuration = Setup.configuration(
      algorithm, optimizer: optimizer, policy: policy, all.merging(changes) { $1 })
    return Setup.training(configuration, CartPole(), seed: seed)
  }
}

@Suite("Every algorithm solves CartPole")
struct CartPoleTests {
  /// Solved: a mean return of 475 over 100 episodes in a row, as Gymnasium registers
  /// `CartPole-v1`; for a search over parameters, whose episodes play candidates, over 100 of the
  /// mean's own.
  @Test("Within its episodes, each of five seeds", arguments: CartPoleCase.all, 0..<5)
  func solves(learner: CartPoleCase, seed: UInt64) throws {
    let episodes = try Self.episodes(learner, seed: seed)
    #expect(episodes <= learner.episodes)
  }

  /// Games until it was solved, of one seed.
  private struct OtherRun: Decodable {
    let games: Int
    let solved: Bool
  }

  @Test("A2C needs no more games than Stable-Baselines3's with the same settings, five seeds each")
  func stableBaselines() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "sb3_cartpole", withExtension: "json", subdirectory: "Fixtures"))
    let theirs = try JSONDecoder().decode([OtherRun].self, from: Data(contentsOf: url))
    #expect(theirs.count == 5 && theirs.allSatisfy(\.solved))
    let ours = try (100..<105 as Range<UInt64>).map {
      try Self.episodes(.stableBaselines, seed: $0)
    }
    #expect(ours.allSatisfy { $0 <= CartPoleCase.stableBaselines.episodes }, "\(ours)")
    let (sum, other) = (ours.reduce(0.0) { $0 + Double($1) }, theirs.reduce(0) { $0 + $1.games })
    #expect(sum <= Double(other), "\(ours)")
    #expect(ours.max() ?? 0 <= theirs.map(\.games).max() ?? 0, "\(ours)")
  }

  /// Episodes until it was solved; more than allowed if it was not.
  static func episodes(_ learner: CartPoleCase, seed: UInt64) throws -> Int {
    let training = learner.training(seed: seed)
    var last: [Double] = []
    while training.progress.episodes < learner.episodes {
      last += try training.advance().episodes.map(\.summary.return)
      if training.learner?.searchesParameters == true { last = try plays(training) }
      last.removeFirst(max(0, last.count - 100))
      if last.count == 100, last.reduce(0, +) >= 47_500 { return training.progress.episodes }
    }
    return .max
  }

  /// Returns of 100 episodes of the policy as it is.
  private static func plays(_ training: Training) throws -> [Double] {
    let batch = DecisionBatch(for: training.player.model)
    return try (0..<100 as Range<UInt64>).map { episode in
      batch.removeAll()
      return try training.player.playEpisode(
        training.environment, into: batch, environmentDraws: Xoshiro256(seed: episode),
        policyDraws: Xoshiro256(seed: episode + 1000)
      ).return
    }
  }
}
