// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import TestSupport
import Testing

@Suite("Learning with convolutional networks")
struct ConvolutionUpdateTests {
  private static func configuration(
    _ algorithm: String, _ changes: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    Setup.configuration(
      algorithm, optimizer: "adam", policy: "conv",
      [
        "policy.filters": [4, 9], "policy.kernels": [8, 4], "policy.strides": [4, 2],
        "policy.hidden": [12], "policy.bias": true,
        "algorithm.episodesPerUpdate": 1,
      ].merging(changes) { $1 })
  }

  private static func pong() -> PongEnvironment {
    PongEnvironment(
      skip: 4...4, stickyActions: 0.25, frameLimit: 4_000, actions: ["RIGHT", "LEFT"],
      observation: .difference)
  }

  private static func everything(_ training: Training) -> [Tensor] {
    let model = training.player.model
    return model.tensors(of: model.parameters, prefix: "policy.")
      + (training.learner?.tensors(training.player) ?? [])
  }

  private static let learners = ["reinforce", "a2c", "ppo", "trpo", "kl-line-search"]

  private static func training(_ kind: String, _ kernels: LaneKernels = LaneWidth.widest.kernels)
    -> Training
  {
    Setup.training(
      configuration(kind, ["returns.baseline": "value", "returns.gaeLambda": 0.98]), pong(),
      seed: 2, kernels: kernels)
  }

  @Test(
    "A checkpoint continues bit for bit, on both register widths; the baseline is a conv as well",
    arguments: learners)
  func checkpoints(kind: String) throws {
    let straight = Self.training(kind)
    _ = try straight.advance()
    let stored = Self.everything(straight)
    let progress = straight.progress
    #expect(stored.first { $0.name == "value.w1" }?.shape == [4, 1, 8, 8])
    _ = try straight.advance()
    let after = Self.everything(straight)
    #expect(after.map(\.values) != stored.map(\.values))
    let resumed = Self.training(kind, LaneWidth.baseline.kernels)
    let find = { (name: String) in stored.first { $0.name == name } }
    let model = resumed.player.model
    #expect(model.load(find, prefix: "policy.", into: model.parameters) == nil)
    #expect(try #require(resumed.learner).load(find, resumed.player) == nil)
    resumed.progress = progress
    _ = try resumed.advance()
    for (a, b) in zip(after, Self.everything(resumed)) {
      #expect(a.values == b.values && a.shape == b.shape, "\(a.name)")
    }
  }

  @Test("F·v is Jᵀ(diag p − ppᵀ)J·v, and the Fisher matrix is symmetric")
  func fisher() throws {
    let model = try ConvolutionalNetwork(
      form: ObservationForm(.signs, channels: 2, height: 9, width: 9), filters: [3, 5],
      kernels: [3, 2], strides: [2, 1], hidden: [6], outputs: 3, hasBias: true)
    let rule = RewardRule(
      configuration: Self.configuration("trpo"), actions: ["0", "1", "2"], root: 0)
    let player = Player(model: model, distribution: ActionDistribution(.numbered(3)), reward: rule)
    model.initialize(.post, streams: RandomStreams(root: 0, seed: 3))
    let batch = DecisionBatch(for: model)
    var draws = Xoshiro256(seed: 8)
    for t in 0..<25 {
      batch.observations.append(
        dense: (0..<162).map { _ in
          draws.next(below: 8) == 0 ? Float(draws.next(below: 3)) - 1 : 0
        })
      batch.record(logits: model.forward(batch.observations, t), action: 0)
      batch.record(reward: 0, isPoint: false)
    }
    func numbers(_ block: AlignedFloats) -> [Double] { block.floats.map(Double.init) }
    func product(_ seed: UInt64) -> (direction: [Double], product: [Double]) {
      let direction = model.makeBlock()
      var draws = Xoshiro256(seed: seed)
      let tensors = model.tensors(of: direction, prefix: "").map {
        Tensor(
          name: $0.name, shape: $0.shape,
          values: $0.values.map { _ in Float(2 * draws.nextUnit() - 1) })
      }
      _ = model.load({ name in tensors.first { $0.name == name } }, prefix: "", into: direction)
      let result = model.makeBlock()
      player.accumulateFisher(times: direction, into: result, batch)
      return (numbers(direction), numbers(result))
    }
    func dot(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (u, fu) = product(1)
    let (v, fv) = product(2)
    #expect(abs(dot(u, fv) - dot(v, fu)) < 1e-4 * max(1, abs(dot(u, fv))))
    var expected = [Double](repeating: 0, count: v.count)
    for t in 0..<25 {
      let jacobian = (0..<3).map { o -> [Double] in
        let row = model.makeBlock()
        model.accumulate(into: row, batch.observations, t) { _, g in
          for i in 0..<3 { g[i] = i == o ? 1 : 0 }
          return true
        }
        model.finishGradient(row)
        return numbers(row)
      }
      let logits = batch.logits[t * 3..<t * 3 + 3].map(Double.init)
      let p = (0..<3).map {
        exp(SlowDistribution(choices: [3]).logProbability(logits, of: [Double($0)]))
      }
      let change = jacobian.map { dot($0, v) }
      let mean = dot(p, change)
      for o in 0..<3 {
        let weight = p[o] * (change[o] - mean) / 25
        for i in v.indices { expected[i] += weight * jacobian[o][i] }
      }
    }
    #expect(expected.contains { abs($0) > 0.01 })
    for i in v.indices { #expect(abs(fv[i] - expected[i]) < 1e-5 * max(1, abs(expected[i]))) }
  }
}
