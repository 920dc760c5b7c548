// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A bandit whose numbers are far from 0 and of unequal size; its episodes end by themselves or by a
/// limit, and have rewards of hundreds.
private final class WideBandit: Environment {
  let form = ObservationForm(.numbers, width: 3)
  let actions: ActionSpace = .box([-1...1])
  private var draws = Xoshiro256(seed: 0)
  private var left = 0
  private var seen: [Float] = [0, 0, 0]

  func reset(draws: Xoshiro256) {
    self.draws = draws
    left = 5 + Int(self.draws.next(below: 20))
    look()
  }

  private func look() {
    seen = [
      Float(1000 + 3 * draws.nextUnit()), Float(0.01 * draws.nextUnit()),
      Float(50 * draws.nextUnit() * draws.nextUnit() - 9),
    ]
  }

  func step(_ action: Action) -> Transition {
    guard case .entries(let entries) = action else { preconditionFailure("\(action)") }
    left -= 1
    look()
    return Transition(
      reward: 300 * Double(entries[0]), frames: 1,
      ending: left > 0 ? .none : draws.next(below: 2) == 0 ? .terminated : .truncated)
  }

  func observe(into numbers: inout [Float]) { numbers += seen }
}

@Suite("Running normalization")
struct NormalizationTests {
  private static func training(
    _ changes: [String: ConfigValue] = [:], environments: Int = 1, threads: Int = 1
  ) -> Training {
    Training(
      configuration: Setup.configuration(
        "ppo", optimizer: "adam",
        [
          "policy.hidden": [6], "policy.activation": "tanh", "returns.baseline": "value",
          "observation.normalize": true, "reward.normalize": true,
          "algorithm.episodesPerUpdate": 5,
        ].merging(changes) { $1 }), streams: RandomStreams(root: 0, seed: 4),
      environments: (0..<environments).map { _ in WideBandit() }, threads: threads)
  }

  private static func everything(_ training: Training) -> [Tensor] {
    let (player, model) = (training.player, training.player.model)
    return model.tensors(of: model.parameters, prefix: "policy.")
      + (player.normalization?.playingTensors(prefix: "policy.") ?? [])
      + (player.normalization?.learningTensors() ?? [])
      + (training.learner?.tensors(player) ?? [])
  }

  @Test("Moments of batches are those of all rows together, and a trace of where they began")
  func moments() {
    var draws = Xoshiro256(seed: 1)
    var (moments, all) = (RunningMoments(width: 3), [[Float]]())
    for count in [1, 40, 0, 7, 1000] {
      let rows = (0..<count).map { _ in
        [Float(draws.nextUnit()), Float(1e4 + draws.nextUnit()), 7]
      }
      moments.add(rows.flatMap { $0 })
      all += rows
    }
    let n = Double(all.count)
    for i in 0..<3 {
      // The trace: 10⁻⁴ of a row at 0 with a variance of 1.
      let mean = all.reduce(0) { $0 + Double($1[i]) } / (n + 1e-4)
      let squares = all.reduce(0) { $0 + (Double($1[i]) - mean) * (Double($1[i]) - mean) }
      let variance = (squares + 1e-4 * (1 + mean * mean)) / (n + 1e-4)
      #expect(abs(moments.means[i] - mean) < 1e-9 * abs(mean))
      #expect(abs(moments.variances[i] - variance) < 1e-6 * variance)
      #expect(moments.deviations[i] == Float((moments.variances[i] + 1e-8).squareRoot()))
    }
  }

  @Test("A batch is seen with the means of those before it, and rewards with those of its own")
  func batch() throws {
    let training = Self.training()
    func play() throws -> DecisionBatch {
      let batch = training.player.makeBatch()
      _ = try training.player.playEpisode(
        WideBandit(), into: batch, environmentDraws: Xoshiro256(seed: 9),
        policyDraws: Xoshiro256(seed: 9))
      return batch
    }
    // Nothing known yet: numbers as they are, up to ±10.
    let before = try play()
    let raw = WideBandit()
    raw.reset(draws: Xoshiro256(seed: 9))
    var first: [Float] = []
    raw.observe(into: &first)
    #expect(before.observations.dense(0) == first.map { max(-10, min(10, $0)) })
    for _ in 0..<20 { _ = try training.advance() }
    let known = Self.everything(training)
    func values(_ name: String) throws -> [Float] {
      try #require(known.first { $0.name == name }).values
    }
    let (mean, deviation) = (
      try values("policy.observation.mean"), try values("policy.observation.deviation")
    )
    #expect(abs(mean[0] - 1001.5) < 0.2 && abs(deviation[0] - 0.866) < 0.1)
    let after = try play()
    let expected = (0..<3).map { (first[$0] - mean[$0]) / deviation[$0] }
    #expect(after.observations.dense(0) == expected)
    #expect(expected.allSatisfy { abs($0) < 10 })
    // What is seen behind a time limit is normalized as well.
    for t in 0..<after.lastObservations.count {
      #expect(after.lastObservations.dense(t).allSatisfy { abs($0) <= 10 })
    }
    // Playing changes nothing; returns stay the game's own.
    #expect(Self.everything(training) == known)
    #expect(abs(after.scores[0]) > 10)
  }

  @Test("Rewards are divided by the deviation of their discounted sums, and cut at ±10")
  func rewards() throws {
    let training = Self.training(["observation.normalize": false, "returns.discount": 0.5])
    let normalization = try #require(training.player.normalization)
    let batch = training.player.makeBatch()
    let rewards: [[Float]] = [[1, 2, -3], [1000, 4]]
    for (t, reward) in rewards.joined().enumerated() {
      batch.observations.append(dense: [0, 0, 0])
      batch.actions.append(0)
      batch.record(logits: training.player.model.forward(batch.observations, t))
      batch.record(reward: reward, isPoint: false)
      if t == 2 || t == 4 { batch.endEpisode(score: 0) }
    }
    normalization.learn(from: batch)
    let sums = [1, 2.5, -1.75, 1000, 504]
    let mean = sums.reduce(0, +) / (5 + 1e-4)
    let squares = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = ((squares + 1e-4 * (1 + mean * mean)) / (5 + 1e-4)).squareRoot()
    for (found, own) in zip(batch.rewards, rewards.joined()) {
      #expect(abs(Double(found) - Double(own) / deviation) < 1e-5)
    }
    batch.removeAll()
    for t in 0..<200 {
      batch.observations.append(dense: [0, 0, 0])
      batch.actions.append(0)
      batch.record(logits: training.player.model.forward(batch.observations, t))
      batch.record(reward: t == 199 ? -1e9 : 0, isPoint: false)
    }
    batch.endEpisode(score: 0)
    normalization.learn(from: batch)
    #expect(batch.rewards[199] == -10)
  }

  @Test("Any number of environments and threads, with or without wide registers: the same bits")
  func sameBits() throws {
    func run(_ environments: Int, _ threads: Int) throws -> [Tensor] {
      let training = Self.training(environments: environments, threads: threads)
      for _ in 0..<6 { _ = try training.advance() }
      return Self.everything(training)
    }
    let one = try run(1, 1)
    #expect(one.count > 10)
    for (environments, threads) in [(1, 1), (3, 1), (2, 2)] {
      #expect(try run(environments, threads) == one)
    }
  }

  @Test("What is stored goes on to the bit, and every part is missed in words")
  func stored() throws {
    let first = Self.training()
    for _ in 0..<3 { _ = try first.advance() }
    let file = try Checkpoint(
      decoding: Checkpoint(metadata: [:], tensors: Self.everything(first)).encoded(),
      path: "memory")
    let progress = first.progress
    for _ in 0..<3 { _ = try first.advance() }
    let second = Self.training()
    _ = try second.advance()
    let (player, model) = (second.player, second.player.model)
    let normalization = try #require(player.normalization)
    #expect(model.load({ file[$0] }, prefix: "policy.", into: model.parameters) == nil)
    #expect(normalization.loadPlaying({ file[$0] }, prefix: "policy.") == nil)
    #expect(normalization.loadLearning { file[$0] } == nil)
    #expect(second.learner?.load({ file[$0] }, player) == nil)
    second.progress = progress
    #expect(Self.everything(second) == file.tensors)
    for _ in 0..<3 { _ = try second.advance() }
    #expect(Self.everything(second) == Self.everything(first))

    func load(without name: String, as other: Tensor? = nil) -> String? {
      let find = { (asked: String) in asked == name ? other : file[asked] }
      return normalization.loadPlaying(find, prefix: "policy.") ?? normalization.loadLearning(find)
    }
    for name in [
      "policy.observation.mean", "policy.observation.deviation", "normalization.observation",
      "normalization.reward",
    ] {
      #expect(load(without: name) == "\(name) is missing")
      let narrow = Tensor(name: name, shape: [1], values: [1])
      #expect(load(without: name, as: narrow)?.hasPrefix("\(name) is [1]; allowed: [") == true)
    }
    let zero = Tensor(name: "policy.observation.deviation", shape: [3], values: [1, 0, 1])
    #expect(
      load(without: zero.name, as: zero)
        == "policy.observation.deviation has a number that is not above 0")
    let odd = Tensor(
      name: "normalization.reward", shape: [4, 3], values: [Float](repeating: 0.5, count: 12))
    #expect(load(without: odd.name, as: odd) == "normalization.reward holds no means and variances")
  }
}
