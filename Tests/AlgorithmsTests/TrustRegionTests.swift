// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import TestSupport
import Testing

@Suite("Trust regions: Fisher products, conjugate gradients, line searches")
struct TrustRegionTests {
  private static func configuration(
    _ algorithm: String, _ changes: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    Setup.configuration(
      algorithm,
      [
        "policy.hidden": [6], "policy.bias": true, "returns.normalize": "batch",
        "returns.discount": 0.9, "optimizer.momentum": 0.5,
      ].merging(changes) { $1 })
  }

  private static func randomBlock(_ model: any Model, seed: UInt64) -> AlignedFloats {
    var draws = Xoshiro256(seed: seed)
    let block = model.makeBlock()
    let tensors = model.tensors(of: block, prefix: "").map {
      Tensor(
        name: $0.name, shape: $0.shape,
        values: $0.values.map { _ in Float(2 * draws.nextUnit() - 1) })
    }
    _ = model.load({ name in tensors.first { $0.name == name } }, prefix: "", into: block)
    return block
  }

  @Test("F·v is how the gradient of the mean KL changes along v", arguments: Choice.allCases)
  func fisher(choice: Choice) {
    let c = UpdateCase(
      Self.configuration("trpo", ["policy.activation": choice.activation]), actions: choice.actions,
      choice.entries)
    let (player, model) = (c.training.player, c.training.player.model)
    let old = c.policy
    for seed in 0..<3 as Range<UInt64> {
      let direction = Self.randomBlock(model, seed: seed)
      let v = model.tensors(of: direction, prefix: "").flatMap(\.values).map(Double.init)
      let product = model.makeBlock()
      player.accumulateFisher(times: direction, into: product, c.batch)
      let found = model.tensors(of: product, prefix: "").flatMap(\.values).map(Double.init)
      // ∇KL(old ‖ θ) = Jᵀ·(p_θ − p_old), 0 at the old θ, at θ ± h·v.
      func slope(_ h: Double) -> [Double] {
        var moved = old
        for i in v.indices { moved.theta[i] += h * v[i] }
        return c.gradient(moved, over: c.rows.indices) { t, logits in
          let before = old.outputs(c.rows[t])
          return SlowDistribution.gradient(logits) { c.distribution.divergence(before, $0) }
        }
      }
      let (up, down) = (slope(1e-4), slope(-1e-4))
      let n = Double(c.rows.count)
      for i in v.indices {
        #expect(abs(found[i] - (up[i] - down[i]) / 2e-4 / n) < 1e-4, "seed \(seed), \(i)")
      }
      #expect(found.contains { abs($0) > 0.01 })
    }
  }

  @Test("Every k-th decision gives the Fisher matrix of those decisions")
  func thinned() {
    let c = UpdateCase(Self.configuration("trpo"), actions: .numbered(3), .numbers)
    let (player, model) = (c.training.player, c.training.player.model)
    let direction = Self.randomBlock(model, seed: 1)
    let thinned = DecisionBatch(for: model)
    for t in stride(from: 0, to: c.batch.count, by: 4) {
      thinned.observations.append(t, of: c.batch.observations)
      thinned.record(logits: model.forward(c.batch.observations, t), action: Int(c.actions[t][0]))
      thinned.record(reward: 0, isPoint: false)
    }
    let (a, b) = (model.makeBlock(), model.makeBlock())
    player.accumulateFisher(times: direction, into: a, c.batch, every: 4)
    player.accumulateFisher(times: direction, into: b, thinned)
    #expect(Array(a.floats) == Array(b.floats))
    #expect(a.floats.contains { $0 != 0 })
  }

  @Test("Conjugate gradients solve a positive definite system, and say how well")
  func conjugateGradient() {
    let model = UpdateCase(Self.configuration("trpo"), actions: .numbered(3), .numbers).training
      .player.model
    let b = Self.randomBlock(model, seed: 4)
    let n = b.count
    // A = D + u·uᵀ with 1 ≤ D ≤ 3.
    let u = Self.randomBlock(model, seed: 5)
    let diagonal = (0..<n).map { 1 + Float($0 % 5) / 2 }
    func multiply(_ x: AlignedFloats, _ y: AlignedFloats) {
      let dot = (0..<n).reduce(0.0) { $0 + Double(x.floats[$1]) * Double(u.floats[$1]) }
      for i in 0..<n { y.floats[i] = diagonal[i] * x.floats[i] + Float(dot) * u.floats[i] }
    }
    let solver = ConjugateGradient(iterations: 20, tolerance: 1e-10, model)
    let quality = solver.solve(b, model.kernels, multiply)
    let product = model.makeBlock()
    multiply(solver.solution, product)
    var (error, curvature) = (0.0, 0.0)
    for i in 0..<n {
      error = max(error, Double(abs(product.floats[i] - b.floats[i])))
      curvature += Double(product.floats[i]) * Double(solver.solution.floats[i])
    }
    #expect(error < 1e-4)
    #expect(quality.residual < 1e-4)
    #expect(abs(quality.curvature - curvature) < 1e-3 * curvature)
    // Two iterations leave more of it, and the residual says so.
    let short = ConjugateGradient(iterations: 2, tolerance: 1e-10, model)
    let rough = short.solve(b, model.kernels, multiply)
    multiply(short.solution, product)
    let (rest, whole) = (0..<n).reduce((0.0, 0.0)) { sum, i in
      let r = Double(product.floats[i] - b.floats[i])
      return (sum.0 + r * r, sum.1 + Double(b.floats[i]) * Double(b.floats[i]))
    }
    #expect(abs(rough.residual - (rest / whole).squareRoot()) < 1e-4)
    #expect(rough.residual > 1e-3)
  }

  @Test("A whole step that both conditions accept is REINFORCE's to the bit")
  func accepted() throws {
    let changes: [String: ConfigValue] = ["optimizer.learningRate": 0.01]
    let search = UpdateCase(
      Self.configuration("kl-line-search", changes.merging(["algorithm.maxKL": 1]) { $1 }),
      actions: .numbered(2), .signs)
    let plain = UpdateCase(Self.configuration("reinforce", changes), actions: .numbered(2), .signs)
    let (a, b) = (search.update(), plain.update())
    #expect(a.stepFraction == 1 && a.backtracks == 0)
    #expect(try #require(a.surrogateAfter) >= #require(a.surrogateBefore))
    #expect(a.gradientNorm == b.gradientNorm)
    #expect(
      Array(search.training.player.model.parameters.floats)
        == Array(plain.training.player.model.parameters.floats))
  }

  @Test("A refused step keeps every bit of the weights; the optimizer's state goes on")
  func refused() throws {
    let c = UpdateCase(
      Self.configuration(
        "kl-line-search",
        ["algorithm.maxKL": 1e-9, "algorithm.maxBacktracks": 3, "optimizer.learningRate": 10]),
      actions: .numbered(2), .signs)
    let model = c.training.player.model
    let before = Array(model.parameters.floats)
    let statistics = c.update()
    #expect(Array(model.parameters.floats) == before)
    #expect(statistics.stepFraction == 0 && statistics.backtracks == 3)
    #expect(statistics.meanKL == 0)
    #expect(
      statistics.surrogateAfter.map { abs($0 - (statistics.surrogateBefore ?? .nan)) < 1e-6 }
        == true)
    let momenta = try #require(c.training.learner).tensors(c.training.player)
      .filter { $0.name.hasPrefix("optimizer.momenta") }
    #expect(momenta.flatMap(\.values).contains { $0 != 0 })
  }

  @Test("TRPO refuses as well: a region that no halving reaches keeps the weights")
  func refusedRegion() {
    // Curvature is measured on one decision only, so the edge is far outside elsewhere.
    let c = UpdateCase(
      Self.configuration(
        "trpo",
        [
          "algorithm.maxKL": 0.5, "algorithm.maxBacktracks": 0, "algorithm.damping": 0.001,
          "algorithm.fisherEvery": 1000,
        ]), actions: .numbered(2), .signs)
    let before = Array(c.training.player.model.parameters.floats)
    let statistics = c.update()
    #expect(statistics.stepFraction == 0)
    #expect(Array(c.training.player.model.parameters.floats) == before)
  }

  @Test("A batch in which nothing was gained or lost changes nothing and is no NaN")
  func nothingGained() {
    for algorithm in ["trpo", "kl-line-search", "reinforce"] {
      let c = UpdateCase(Self.configuration(algorithm), actions: .numbered(3), .numbers)
      let model = c.training.player.model
      let batch = DecisionBatch(for: model)
      for t in 0..<10 {
        batch.observations.append(t, of: c.batch.observations)
        batch.record(logits: model.forward(c.batch.observations, t), action: 1)
        batch.record(reward: 0, isPoint: false)
      }
      batch.endEpisode(score: 0)
      let before = Array(model.parameters.floats)
      let statistics = c.training.learner?.update(c.training.player, from: batch, c.context)
      #expect(Array(model.parameters.floats) == before, "\(algorithm)")
      #expect(statistics?.meanKL.map { $0 < 1e-12 } == true, "\(algorithm)")
      #expect(statistics?.entropy.map { $0 > 0 } == true, "\(algorithm)")
    }
  }
}
