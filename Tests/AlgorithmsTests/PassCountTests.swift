// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A model that counts the passes that are made through it.
private final class CountingModel: Model {
  private let inner: any Model
  private(set) var forwards = 0
  private(set) var gradients = 0
  private(set) var tangents = 0

  init(_ inner: any Model) { self.inner = inner }

  /// What was asked for, in gradient passes: a gradient is a pass forward and one back, a tangent
  /// two forward, a pass forward half of either.
  var gradientPasses: Double { Double(forwards) / 2 + Double(gradients) + Double(tangents) }

  var form: ObservationForm { inner.form }
  var outputCount: Int { inner.outputCount }
  var kernels: LaneKernels { inner.kernels }
  var parameters: AlignedFloats { inner.parameters }
  var multiplications: Int { inner.multiplications }
  var patternBase: Int? { inner.patternBase }
  func makeBlock() -> AlignedFloats { inner.makeBlock() }
  func parametersDidChange() { inner.parametersDidChange() }

  func forward(_ batch: ObservationBatch, _ t: Int) -> Outputs {
    forwards += 1
    return inner.forward(batch, t)
  }

  func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, _ t: Int,
    weigh: (Outputs, UnsafeMutablePointer<Float>) -> Bool
  ) {
    gradients += 1
    inner.accumulate(into: sums, batch, t, weigh: weigh)
  }

  func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, over observations: [Int],
    gates: GateBatch?, weigh: (Int, UnsafeMutablePointer<Float>) -> Bool
  ) {
    gradients += observations.count
    inner.accumulate(into: sums, batch, over: observations, gates: gates, weigh: weigh)
  }

  func tangent(along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int) -> Outputs {
    tangents += 1
    return inner.tangent(along: direction, batch, t)
  }

  func finishGradient(_ sums: AlignedFloats) { inner.finishGradient(sums) }
  func prepare(_ direction: AlignedFloats) { inner.prepare(direction) }
  func initialize(_ kind: Initialization, streams: RandomStreams) {
    inner.initialize(kind, streams: streams)
  }
  func clearActivity() { inner.clearActivity() }
  var deadUnits: Double { inner.deadUnits }
  func lastContributions() -> [Float] { inner.lastContributions() }
  func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    inner.tensors(of: block, prefix: prefix)
  }
  func load(_ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats) -> String? {
    inner.load(find, prefix: prefix, into: block)
  }
}

@Suite("What an update costs")
struct PassCountTests {
  @Test(
    "A TRPO update costs at most 30 gradient passes over its batch, a refused one included",
    arguments: [0.01, 1e-9])
  func trustRegion(maxKL: Double) throws {
    let c = UpdateCase(
      Setup.configuration(
        "trpo",
        [
          "policy.hidden": [6], "policy.bias": true, "returns.normalize": "batch",
          "algorithm.maxKL": .number(maxKL),
        ]), actions: .numbered(3), .signs)
    let player = c.training.player
    let counting = CountingModel(player.model)
    let counted = Player(
      model: counting, distribution: ActionDistribution(.numbered(3)), reward: player.reward)
    let statistics = try #require(c.training.learner).update(counted, from: c.batch, c.context)
    // A value baseline looks at every decision and takes one gradient, in a network of its own.
    let passes = counting.gradientPasses / Double(c.batch.count) + 1.5
    #expect(passes <= 30, "\(passes)")
    // Ten iterations of the conjugate gradient really were made, and a gradient before them.
    #expect(counting.tangents == 10 * c.batch.count)
    #expect(counting.gradients == 11 * c.batch.count)
    #expect(statistics.backtracks != nil)
  }

  @Test(
    "Passes are counted as they are made through the policy",
    arguments: ["reinforce", "kl-line-search", "trpo", "ppo"])
  func counted(kind: String) throws {
    let c = UpdateCase(
      Setup.configuration(
        kind,
        [
          "policy.hidden": [6], "policy.bias": true,
          "returns.baseline": kind == "ppo" ? "value" : "none",
        ]), actions: .numbered(3), .signs)
    let counting = CountingModel(c.training.player.model)
    let player = Player(
      model: counting, distribution: ActionDistribution(.numbered(3)),
      reward: c.training.player.reward)
    _ = try #require(c.training.learner).update(player, from: c.batch, c.context)
    // A gradient is a pass back, and in PPO, which sees new outputs, one forward before it.
    let own =
      kind == "ppo"
      ? counting.forwards + 2 * counting.gradients
      : counting.forwards + counting.gradients + counting.tangents
    #expect(player.passes.count > 0)
    // PPO's clipped decisions have no pass back.
    #expect(player.passes.count <= Double(own) && player.passes.count >= Double(own) * 0.5)
    if kind != "ppo" { #expect(player.passes.count == Double(own)) }
  }

  @Test("A training's passes rise by what it plays and learns, and a value's weigh its share")
  func cumulative() throws {
    let c = UpdateCase(
      Setup.configuration("a2c", ["policy.hidden": [6], "returns.baseline": "value"]),
      actions: .numbered(3),
      .signs)
    let player = c.training.player
    _ = try #require(c.training.learner).update(player, from: c.batch, c.context)
    let inputs = Double(player.model.form.count)
    // Three logits against one value, behind the same hidden layer.
    // Valued once, and back from the units that fired then; and what a time limit's episode saw last.
    let weight = (inputs * 6 + 6) / (inputs * 6 + 6 * Double(player.model.outputCount))
    let count = Double(c.batch.count)
    #expect(abs(player.passes.count - (2 * count + (2 * count + 1) * weight)) < 1e-9 * count)
  }
}
