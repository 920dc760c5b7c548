// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// The embedded Pong with the post's settings.
private func pong() -> PongEnvironment {
  PongEnvironment(
    skip: 2...4, stickyActions: 0.25, frameLimit: 108_000, actions: ["RIGHT", "LEFT"],
    observation: .difference)
}

@Suite("Updates on whole games of Pong")
struct PongUpdateTests {
  private static func configuration(hidden: Double) -> ConfigValue {
    Setup.configuration(
      "reinforce", optimizer: "rmsprop",
      [
        "policy.hidden": [.number(hidden)], "algorithm.episodesPerUpdate": 2,
        "optimizer.l2": 0.01,
      ])
  }

  @Test("The post's update is the slow formula over dense frames, written as patterns or not")
  func slowReference() throws {
    let training = Setup.training(Self.configuration(hidden: 9), pong(), seed: 4)
    let model = training.player.model
    func weights() -> (w1: [Double], w2: [Double]) {
      let parts = model.tensors(of: model.parameters, prefix: "")
      return (parts[0].values.map(Double.init), parts[1].values.map(Double.init))
    }
    let before = weights()
    let streams = RandomStreams(root: 0, seed: 4)
    let batch = DecisionBatch(for: model)
    #expect(model.patternBase != nil)
    for episode in 1...2 as ClosedRange<UInt64> {
      _ = try training.player.playEpisode(
        training.environment, into: batch,
        environmentDraws: streams.generator(.trainingEnvironment, index: episode),
        policyDraws: streams.generator(.trainingPolicy, index: episode))
    }
    var (advantages, targets): ([Float], [Float]) = ([], [])
    AdvantageRule(configuration: Self.configuration(hidden: 9)).computeAdvantages(
      of: batch, values: [], into: &advantages, targets: &targets)
    var g1 = [Double](repeating: 0, count: before.w1.count)
    var g2 = [Double](repeating: 0, count: before.w2.count)
    var worst = 0.0
    for t in 0..<batch.count {
      let entries = batch.observations.signs.entries(of: t)
      var hidden = [Double](repeating: 0, count: 9)
      for h in 0..<9 {
        for d in entries.plus { hidden[h] += before.w1[h * 6400 + d] }
        for d in entries.minus { hidden[h] -= before.w1[h * 6400 + d] }
      }
      let z = zip(hidden, before.w2).reduce(0) { $0 + max(0, $1.0) * $1.1 }
      worst = max(worst, abs(Double(batch.logits[t]) - z) / max(1, abs(z)))
      let y: Double = batch.actions[t] == 0 ? 1 : 0
      let coefficient = (y - sigmoid(z)) * Double(advantages[t])
      for h in 0..<9 where hidden[h] > 0 {
        g2[h] += coefficient * hidden[h]
        for d in entries.plus { g1[h * 6400 + d] += coefficient * before.w2[h] }
        for d in entries.minus { g1[h * 6400 + d] -= coefficient * before.w2[h] }
      }
    }
    #expect(batch.count > 1000 && worst < 1e-5)
    _ = try training.advance()
    let after = weights()
    var compared = 0
    for (gradient, old, new) in [(g1, before.w1, after.w1), (g2, before.w2, after.w2)] {
      for i in gradient.indices {
        let g = gradient[i] - 0.01 * old[i]
        let expected = old[i] + 1e-3 * g / ((0.01 * g * g).squareRoot() + 1e-5)
        // Where g is all but 0 its sign is a matter of rounding.
        guard abs(gradient[i]) > 1e-2 else { continue }
        compared += 1
        #expect(abs(new[i] - expected) < 2e-5, "\(i)")
      }
    }
    #expect(compared > 1000)
  }

  @Test("The same seed gives the same bits on both register widths, other seeds do not")
  func determinism() throws {
    func weights(_ seed: UInt64, _ kernels: LaneKernels) throws -> [Float] {
      let training = Setup.training(
        Self.configuration(hidden: 20), pong(), seed: seed, kernels: kernels)
      for _ in 0..<2 { _ = try training.advance() }
      return Array(training.player.model.parameters.floats)
    }
    let first = try weights(1, LaneWidth.widest.kernels)
    try #expect(first == weights(1, LaneWidth.baseline.kernels))
    try #expect(first != weights(2, LaneWidth.widest.kernels))
  }

  @Test("Random play loses like a random player")
  func random() throws {
    let training = Setup.training(
      Setup.configuration("random", ["training.episodes": 100]), pong())
    var returns: [Double] = []
    while !training.isDone { returns += try training.advance().episodes.map(\.summary.return) }
    let mean = returns.reduce(0, +) / Double(returns.count)
    #expect(returns.count == 100 && mean < -19.5 && mean > -21, "\(mean)")
  }
}
