// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

@Suite("Returns and advantages")
struct ReturnsTests {
  /// A batch of these rewards; every reward that is not 0 is a point.
  private func batch(_ rewards: [Float], _ episodes: [Range<Int>]) -> DecisionBatch {
    let model = Network(
      form: ObservationForm(.numbers, width: 1), hidden: [], outputs: 1, hasBias: false)
    let batch = DecisionBatch(for: model)
    for episode in episodes {
      for t in episode {
        batch.observations.numbers.append(1)
        batch.record(logits: model.forward(batch.observations, t), action: 0)
        batch.record(reward: rewards[t], isPoint: rewards[t] != 0)
      }
      batch.endEpisode(score: 0)
    }
    return batch
  }

  private func advantages(
    _ rewards: [Float], _ episodes: [Range<Int>], discount: Double,
    _ normalization: AdvantageRule.Standardization, resetAtPoint: Bool = true,
    baseline: AdvantageRule.Baseline = .none, values: [Float] = [], lambda: Double = 0.95
  ) -> (advantages: [Float], targets: [Float]) {
    var (result, targets): ([Float], [Float]) = ([9], [9])
    AdvantageRule(
      configuration: Setup.configuration(
        "reinforce",
        [
          "returns.discount": .number(discount), "returns.resetAtPoint": .bool(resetAtPoint),
          "returns.normalize": .string(normalization.rawValue),
          "returns.baseline": .string(baseline.rawValue), "returns.gaeLambda": .number(lambda),
        ])
    ).computeAdvantages(
      of: batch(rewards, episodes), values: values, into: &result, targets: &targets)
    return (result, targets)
  }

  @Test("The running sum starts anew at each point")
  func resets() {
    let rewards: [Float] = [0, 0, -1, 0, 1]
    #expect(
      advantages(rewards, [0..<5], discount: 0.5, .none).advantages
        == [-0.25, -0.5, -1, 0.5, 1])
    #expect(
      advantages(rewards, [0..<5], discount: 0.5, .none, resetAtPoint: false).advantages
        == [-0.1875, -0.375, -0.75, 0.5, 1])
  }

  @Test("Nothing runs over an episode's end")
  func episodes() {
    #expect(
      advantages([0, 1, 0, -1], [0..<2, 2..<4], discount: 1, .none, resetAtPoint: false).advantages
        == [1, 1, -1, -1])
  }

  @Test("Every point lost and no discount: deviation 0, advantages 0, not NaN")
  func zeroDeviation() {
    let rewards: [Float] = (0..<210).map { $0 % 10 == 9 ? -1 : 0 }
    for normalization in [AdvantageRule.Standardization.episode, .batch] {
      for baseline in [AdvantageRule.Baseline.none, .mean] {
        let result = advantages(
          rewards, [0..<210], discount: 1, normalization, baseline: baseline)
        #expect(result.advantages.count == 210 && result.advantages.allSatisfy { $0 == 0 })
      }
    }
  }

  private func moments(_ x: ArraySlice<Float>) -> (mean: Double, deviation: Double) {
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
    let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (variance / Double(x.count)).squareRoot())
  }

  @Test("Standardized returns have mean 0 and deviation 1 where they are standardized")
  func standardized() {
    let rewards: [Float] = (0..<100).map { $0 % 7 == 6 ? ($0 % 3 == 0 ? 1 : -1) : 0 }
    let each = advantages(rewards, [0..<40, 40..<100], discount: 0.9, .episode).advantages
    for range in [0..<40, 40..<100] {
      let (mean, deviation) = moments(each[range])
      #expect(abs(mean) < 1e-6 && abs(deviation - 1) < 1e-6)
    }
    let (mean, deviation) = moments(
      advantages(rewards, [0..<40, 40..<100], discount: 0.9, .batch).advantages[...])
    #expect(abs(mean) < 1e-6 && abs(deviation - 1) < 1e-6)
  }

  @Test("The mean baseline takes the batch's mean away and nothing else")
  func meanBaseline() {
    let rewards: [Float] = [0, 1, 0, 0, -1, 0, 0, 1]
    let plain = advantages(rewards, [0..<3, 3..<8], discount: 0.9, .none).advantages
    let centred = advantages(
      rewards, [0..<3, 3..<8], discount: 0.9, .none, baseline: .mean
    ).advantages
    let mean = plain.reduce(0, +) / 8
    #expect(abs(mean) > 0.1)
    for (a, b) in zip(plain, centred) { #expect(abs(a - mean - b) < 1e-6) }
  }

  @Test(
    "Generalized advantages are Σ (γλ)ᵏ·δ, written out", arguments: [0, 0.5, 0.95, 1],
    [false, true])
  func generalized(lambda: Double, resets: Bool) {
    var draws = Xoshiro256(seed: 7)
    let rewards: [Float] = (0..<40).map { _ in
      draws.next(below: 5) == 0 ? Float(draws.next(below: 2)) * 2 - 1 : 0
    }
    let values = (0..<40).map { _ in Float(draws.nextUnit() - 0.5) }
    let episodes = [0..<15, 15..<40]
    let discount = 0.9
    // Pieces over which nothing runs: episodes, cut behind points where sums start anew.
    var ends: [Int] = []
    for episode in episodes {
      for t in episode where t == episode.upperBound - 1 || (resets && rewards[t] != 0) {
        ends.append(t)
      }
    }
    let found = advantages(
      rewards, episodes, discount: discount, .none, resetAtPoint: resets, baseline: .value,
      values: values, lambda: lambda)
    var varied = 0
    for t in 0..<40 {
      guard let end = ends.first(where: { $0 >= t }) else { continue }
      var (sum, weight) = (0.0, 1.0)
      for k in t...end {
        let next = k < end ? Double(values[k + 1]) : 0
        sum += weight * (Double(rewards[k]) + discount * next - Double(values[k]))
        weight *= discount * lambda
      }
      #expect(abs(Double(found.advantages[t]) - sum) < 1e-6, "decision \(t)")
      #expect(abs(Double(found.targets[t]) - sum - Double(values[t])) < 1e-6)
      varied += end > t ? 1 : 0
    }
    #expect(varied > 10)
  }

  @Test("With λ = 1 the targets are the discounted returns, with λ = 0 one step ahead")
  func lambdaEnds() {
    let rewards: [Float] = [0, 0, 1, 0, -1]
    let values: [Float] = [0.3, -0.2, 0.5, 0.1, 0]
    let returns = advantages(rewards, [0..<5], discount: 0.5, .none, resetAtPoint: false)
    let full = advantages(
      rewards, [0..<5], discount: 0.5, .none, resetAtPoint: false, baseline: .value,
      values: values, lambda: 1)
    for (a, b) in zip(full.targets, returns.advantages) { #expect(abs(a - b) < 1e-6) }
    let step = advantages(
      rewards, [0..<5], discount: 0.5, .none, resetAtPoint: false, baseline: .value,
      values: values, lambda: 0)
    let expected: [Float] = [-0.1, 0.25, 1.05, 0, -1]
    for (a, b) in zip(step.targets, expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test("Explained variance is 1 − Var(target − V)/Var(target)")
  func explainedVariance() throws {
    let model = Network(
      form: ObservationForm(.numbers, width: 1), hidden: [], outputs: 1, hasBias: true)
    let value = ValueFunction(
      model: model,
      configuration: Setup.configuration(
        "a2c", ["optimizer.momentum": 0, "optimizer.learningRate": 0.1]))
    model.parameters.clear()
    let b = batch([0, 0, 0, 0], [0..<4])
    for t in 0..<4 { b.observations.numbers[t] = Float(t) }
    // V = 2x + 1.
    _ = model.load(
      {
        $0 == "w1"
          ? .init(name: "w1", shape: [1, 1], values: [2])
          : .init(name: "b1", shape: [1], values: [1])
      }, prefix: "", into: model.parameters)
    #expect(value.evaluate(b) == [1, 3, 5, 7])
    #expect(value.explainedVariance(of: [1, 3, 5, 7]) == 1)
    // A constant error explains all the same.
    #expect(value.explainedVariance(of: [2, 4, 6, 8]) == 1)
    #expect(value.explainedVariance(of: [3, 3, 3, 3]) == nil)
    // Targets −V: the errors are twice as large, four times the variance.
    let opposite = try #require(value.explainedVariance(of: [-1, -3, -5, -7]))
    #expect(abs(opposite + 3) < 1e-12)
  }

  @Test("Fitting a value is a step against the mean of half the squared errors")
  func fitting() {
    let model = Network(
      form: ObservationForm(.numbers, width: 1), hidden: [], outputs: 1, hasBias: false)
    let value = ValueFunction(
      model: model,
      configuration: Setup.configuration(
        "a2c", ["optimizer.momentum": 0, "optimizer.learningRate": 0.1]))
    let b = batch([0, 0], [0..<2])
    b.observations.numbers = [1, 2]
    _ = model.load(
      { _ in .init(name: "w1", shape: [1, 1], values: [0.5]) }, prefix: "", into: model.parameters)
    value.accumulate(b, targets: [1, 3], order: 0..<2)
    value.step(0)
    // Mean of (1 − 0.5)·1 and (3 − 1)·2.
    #expect(model.parameters.floats.filter { $0 != 0 } == [0.5 + 0.1 * 2.25])
  }
}
