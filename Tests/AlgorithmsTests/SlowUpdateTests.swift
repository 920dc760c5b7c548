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

/// Two actions on signs, three on numbers; several choices at once, and numbers.
enum Choice: String, CaseIterable, Sendable {
  case two, three, several, numbers

  var actions: ActionSpace {
    switch self {
    case .two: .numbered(2)
    case .three: .numbered(3)
    case .several: .product([3, 2, 1])
    case .numbers: .box([-1...1, -0.5...2])
    }
  }

  var entries: ObservationForm.Entries { self == .two || self == .several ? .signs : .numbers }
  /// As numbers are seen, by units of either sign.
  var activation: ConfigValue { self == .numbers ? "tanh" : "relu" }
}

@Suite("One update of every algorithm against the slow formula")
struct SlowUpdateTests {
  private static let common: [String: ConfigValue] = [
    "policy.hidden": [6], "policy.bias": true, "returns.normalize": "batch",
    "returns.discount": 0.9, "optimizer.momentum": 0, "optimizer.learningRate": 0.05,
  ]

  private func configuration(
    _ algorithm: String, _ changes: [String: ConfigValue] = [:], _ choice: Choice = .two
  ) -> ConfigValue {
    var all = Setup.configuration(algorithm, Self.common.merging(changes) { $1 })
    all[path: "policy.activation"] = choice.activation
    all[path: "policy.logDeviation"] = -0.3
    return all
  }

  /// Expects θ to be `expected`, and to have moved by much more than the tolerance.
  private func check(
    _ network: SlowNetwork, _ expected: [Double], from old: [Double], _ tolerance: Double = 1e-5,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var moved = 0.0
    for i in expected.indices {
      #expect(
        abs(network.theta[i] - expected[i]) < tolerance, "parameter \(i)",
        sourceLocation: location)
      moved = max(moved, abs(expected[i] - old[i]))
    }
    #expect(moved > 100 * tolerance, sourceLocation: location)
  }

  @Test(
    "REINFORCE: the sum of scores, entropy bonus and boost halfway down", arguments: Choice.allCases
  )
  func reinforce(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "reinforce",
        [
          "algorithm.entropyBonus": 0.4, "algorithm.entropyBonusEnd": 0,
          "algorithm.entropyBoost": 0.2, "algorithm.entropyBoostDecisions": 1000,
        ], choice),
      actions: choice.actions, choice.entries, progress: 0.5, decisions: 500)
    let old = c.policy
    let advantages = c.advantages(discount: 0.9, standardize: true)
    let g = c.score(old, advantages, entropy: 0.3)
    let statistics = c.update()
    check(c.policy, zip(old.theta, g).map { $0 + 0.05 * $1 }, from: old.theta)
    let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(try #require(statistics.gradientNorm) - norm) < 1e-4 * norm)
    let (kl, _) = c.change(old, c.policy.theta, advantages)
    #expect(abs(try #require(statistics.meanKL) - kl) < 1e-4 * kl)
    let entropy = c.rows.reduce(0) { $0 + c.distribution.entropy(old.outputs($1)) }
    #expect(abs(try #require(statistics.entropy) - entropy / Double(c.rows.count)) < 1e-5)
  }

  @Test("A2C: the mean score against a value, and the value's own step", arguments: Choice.allCases)
  func a2c(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "a2c",
        [
          "returns.baseline": "value", "returns.gaeLambda": 0.8, "returns.normalize": "none",
          "algorithm.entropyBonus": 0.1, "optimizer.learningRate": 0.5,
        ], choice), actions: choice.actions, choice.entries)
    let (old, oldValue) = (c.policy, c.value)
    let values = c.rows.map { oldValue.outputs($0)[0] }
    let advantages = c.advantages(discount: 0.9, lambda: 0.8, values: values, standardize: false)
    let n = Double(c.rows.count)
    let g = c.score(old, advantages, entropy: 0.1)
    // Targets are advantage plus value, so the error is the advantage.
    let vg = c.gradient(oldValue, over: c.rows.indices) { t, _ in [advantages[t]] }
    _ = c.update()
    check(c.policy, zip(old.theta, g).map { $0 + 0.5 * $1 / n }, from: old.theta)
    check(c.value, zip(oldValue.theta, vg).map { $0 + 0.5 * $1 / n }, from: oldValue.theta)
  }

  @Test(
    "KL line search: REINFORCE's step, halved until both conditions hold",
    arguments: Choice.allCases)
  func klLineSearch(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "kl-line-search", ["algorithm.maxKL": 0.02, "optimizer.learningRate": 0.5], choice),
      actions: choice.actions, choice.entries)
    let old = c.policy
    let advantages = c.advantages(discount: 0.9, standardize: true)
    let step = c.score(old, advantages, entropy: 0).map { 0.5 * $0 }
    var (fraction, halvings) = (1.0, 0.0)
    while true {
      let theta = zip(old.theta, step).map { $0 + fraction * $1 }
      let (kl, surrogate) = c.change(old, theta, advantages)
      if kl <= 0.02 && surrogate >= advantages.reduce(0, +) / Double(c.rows.count) { break }
      fraction /= 2
      halvings += 1
    }
    #expect(halvings > 1)
    let statistics = c.update()
    #expect(statistics.stepFraction == fraction)
    #expect(statistics.backtracks == halvings)
    check(c.policy, zip(old.theta, step).map { $0 + fraction * $1 }, from: old.theta, 2e-5)
  }

  @Test(
    "TRPO: F written out and inverted, the edge of the region, the line search",
    arguments: Choice.allCases)
  func trpo(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "trpo", ["algorithm.maxKL": 0.02, "algorithm.cgIterations": 300, "algorithm.damping": 0.1],
        choice),
      actions: choice.actions, choice.entries)
    let old = c.policy
    let advantages = c.advantages(discount: 0.9, standardize: true)
    let n = Double(c.rows.count)
    let g = c.score(old, advantages, entropy: 0).map { $0 / n }
    var fisher = g.indices.map { i in g.indices.map { $0 == i ? 0.1 : 0.0 } }
    for x in c.rows {
      // E[score·scoreᵀ] of the outputs, and so of θ.
      let (own, jacobian) = (c.distribution.fisher(old.outputs(x)), old.jacobian(x))
      for (a, row) in own.enumerated() {
        for (b, weight) in row.enumerated() where weight != 0 {
          for i in g.indices where jacobian[a][i] != 0 {
            for j in g.indices { fisher[i][j] += weight * jacobian[a][i] * jacobian[b][j] / n }
          }
        }
      }
    }
    let x = solve(fisher, g)
    let curvature = zip(x, g).reduce(0) { $0 + $1.0 * $1.1 }
    let length = (2 * 0.02 / curvature).squareRoot()
    var fraction = 1.0
    while true {
      let theta = zip(old.theta, x).map { $0 + fraction * length * $1 }
      let (kl, surrogate) = c.change(old, theta, advantages)
      if kl <= 0.02 && surrogate >= advantages.reduce(0, +) / n { break }
      fraction /= 2
    }
    let statistics = c.update()
    #expect(statistics.stepFraction == fraction)
    check(
      c.policy, zip(old.theta, x).map { $0 + fraction * length * $1 }, from: old.theta, 1e-4)
    #expect(try #require(statistics.residual) < 1e-2)
  }

  /// Gaussian elimination with pivots.
  private func solve(_ matrix: [[Double]], _ b: [Double]) -> [Double] {
    var a = zip(matrix, b).map { $0 + [$1] }
    for i in b.indices {
      guard let pivot = (i..<b.count).max(by: { abs(a[$0][i]) < abs(a[$1][i]) }) else { continue }
      a.swapAt(i, pivot)
      for j in i + 1..<b.count + (i + 1 > b.count ? 1 : 0) where a[j][i] != 0 {
        let factor = a[j][i] / a[i][i]
        for k in i...b.count { a[j][k] -= factor * a[i][k] }
      }
    }
    var x = b
    for i in b.indices.reversed() {
      x[i] = (i + 1..<max(i + 1, b.count)).reduce(a[i][b.count]) { $0 - a[i][$1] * x[$1] } / a[i][i]
    }
    return x
  }

  @Test("PPO: epochs over shuffled minibatches, ratios clipped", arguments: Choice.allCases)
  func ppo(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "ppo",
        [
          "returns.baseline": "value", "returns.gaeLambda": 0.8, "algorithm.epochs": 3,
          "algorithm.minibatches": 2, "algorithm.clipRange": 0.1, "algorithm.entropyBonus": 0.05,
          "optimizer.learningRate": 0.5,
        ], choice), actions: choice.actions, choice.entries)
    let (old, oldValue) = (c.policy, c.value)
    var (policy, value) = (old, oldValue)
    let values = c.rows.map { oldValue.outputs($0)[0] }
    let raw = c.advantages(discount: 0.9, lambda: 0.8, values: values, standardize: false)
    let advantages = c.advantages(discount: 0.9, lambda: 0.8, values: values, standardize: true)
    var draws = c.context.streams.generator(.minibatches, index: 3)
    var order = Array(c.rows.indices)
    var (clipped, looked) = (0, 0)
    for _ in 0..<3 {
      for i in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
      }
      for part in [order[..<23], order[23...]] {
        let n = Double(part.count)
        let g = c.gradient(policy, over: part) { t, logits in
          let before = old.outputs(c.rows[t])
          let ratio = c.ratio(t, before, logits)
          clipped += (advantages[t] > 0 ? ratio > 1.1 : ratio < 0.9) ? 1 : 0
          looked += 1
          // The objective itself, by differences: the minimum does the clipping.
          return SlowDistribution.gradient(logits) {
            let (r, a) = (c.ratio(t, before, $0), advantages[t])
            return min(r * a, min(max(r, 0.9), 1.1) * a) + 0.05 * c.distribution.entropy($0)
          }
        }
        let vg = c.gradient(value, over: part) { t, out in [raw[t] + values[t] - out[0]] }
        for i in g.indices { policy.theta[i] += 0.5 * g[i] / n }
        for i in vg.indices { value.theta[i] += 0.5 * vg[i] / n }
      }
    }
    let statistics = c.update()
    #expect(clipped > 5)
    #expect(statistics.clipFraction == Double(clipped) / Double(looked))
    check(c.policy, policy.theta, from: old.theta, 3e-5)
    check(c.value, value.theta, from: oldValue.theta, 3e-5)
  }

  @Test(
    "PPO as its peers: advantages standardized by minibatch, both gradients shortened together",
    arguments: [Choice.two, .numbers])
  func peers(choice: Choice) throws {
    let c = UpdateCase(
      configuration(
        "ppo",
        [
          "returns.baseline": "value", "returns.gaeLambda": 0.8, "returns.normalize": "minibatch",
          "algorithm.epochs": 2, "algorithm.minibatches": 3, "algorithm.entropyBonus": 0,
          "optimizer.learningRate": 0.5, "optimizer.clipNorm": 0.2, "optimizer.clipTogether": true,
        ], choice), actions: choice.actions, choice.entries)
    let (old, oldValue) = (c.policy, c.value)
    var (policy, value) = (old, oldValue)
    let values = c.rows.map { oldValue.outputs($0)[0] }
    let raw = c.advantages(discount: 0.9, lambda: 0.8, values: values, standardize: false)
    var draws = c.context.streams.generator(.minibatches, index: 3)
    var order = Array(c.rows.indices)
    var norms: [Double] = []
    for _ in 0..<2 {
      for i in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
      }
      for part in [order[..<15], order[15..<30], order[30...]] {
        let n = Double(part.count)
        let mean = part.reduce(0) { $0 + raw[$1] } / n
        let variance = part.reduce(0) { $0 + (raw[$1] - mean) * (raw[$1] - mean) } / (n - 1)
        let g = c.gradient(policy, over: part) { t, logits in
          let before = old.outputs(c.rows[t])
          let a = (raw[t] - mean) / (variance.squareRoot() + 1e-8)
          return SlowDistribution.gradient(logits) {
            let r = c.ratio(t, before, $0)
            return min(r * a, min(max(r, 0.8), 1.2) * a) / n
          }
        }
        let vg = c.gradient(value, over: part) { t, out in [(raw[t] + values[t] - out[0]) / n] }
        let norm = (g + vg).reduce(0) { $0 + $1 * $1 }.squareRoot()
        norms.append(norm)
        let scale = 0.5 * min(1, 0.2 / norm)
        for i in g.indices { policy.theta[i] += scale * g[i] }
        for i in vg.indices { value.theta[i] += scale * vg[i] }
      }
    }
    let statistics = c.update()
    #expect(norms.contains { $0 > 0.2 })
    let mean = norms.reduce(0, +) / Double(norms.count)
    #expect(abs(try #require(statistics.gradientNorm) - mean) < 1e-4 * mean)
    check(c.policy, policy.theta, from: old.theta, 3e-5)
    check(c.value, value.theta, from: oldValue.theta, 3e-5)
  }

  @Test("TRPO's value goes over its batch as often, and in as many parts, as asked")
  func valuePasses() throws {
    let c = UpdateCase(
      configuration(
        "trpo",
        [
          "returns.baseline": "value", "returns.gaeLambda": 0.8, "returns.valueEpochs": 3,
          "returns.valueMinibatches": 2, "optimizer.learningRate": 0.5,
        ], .numbers), actions: Choice.numbers.actions, .numbers)
    let oldValue = c.value
    var value = oldValue
    let values = c.rows.map { oldValue.outputs($0)[0] }
    let raw = c.advantages(discount: 0.9, lambda: 0.8, values: values, standardize: false)
    var draws = c.context.streams.generator(.minibatches, index: 3)
    var order = Array(c.rows.indices)
    for _ in 0..<3 {
      for i in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
      }
      for part in [order[..<23], order[23...]] {
        let g = c.gradient(value, over: part) { t, out in [raw[t] + values[t] - out[0]] }
        for i in g.indices { value.theta[i] += 0.5 * g[i] / Double(part.count) }
      }
    }
    _ = c.update()
    check(c.value, value.theta, from: oldValue.theta, 3e-5)
  }

  @Test("PPO stops early once it has moved beyond its target")
  func targetKL() throws {
    func moved(_ target: ConfigValue, epochs: ConfigValue) -> [Double] {
      let c = UpdateCase(
        configuration(
          "ppo",
          [
            "algorithm.epochs": epochs, "algorithm.minibatches": 1, "algorithm.targetKL": target,
            "optimizer.learningRate": 0.5,
          ]), actions: .numbered(2), .signs)
      _ = c.update()
      return c.policy.theta
    }
    #expect(moved(1e-9, epochs: 5) == moved(.null, epochs: 1))
    #expect(moved(100, epochs: 5) == moved(.null, epochs: 5))
    #expect(moved(.null, epochs: 5) != moved(.null, epochs: 1))
  }

  @Test("CEM: mean and deviation refitted to the best of candidates drawn again")
  func cem() throws {
    let c = UpdateCase(
      configuration(
        "cem",
        [
          "algorithm.population": 3, "algorithm.eliteFraction": 0.67,
          "algorithm.initialDeviation": 0.5, "algorithm.extraNoise": 0.3,
        ]), actions: .numbered(3), .numbers, progress: 0.2)
    let learner = try #require(c.training.learner)
    let model = c.training.player.model
    let mean = c.policy.theta
    // What a row's padding is must stay 0, so candidates are read from the whole block.
    let places = model.parameters.floats.map { $0 != 0 }
    var candidates: [[Double]] = []
    for index in 0..<3 {
      learner.prepare(c.training.player, episode: index, c.context)
      candidates.append(c.policy.theta)
      #expect(c.policy.theta.allSatisfy { $0 != 0 })
      let named = c.policy.theta.count
      #expect(model.parameters.floats.count { $0 != 0 } == named)
      #expect(places.count { $0 } <= named)
    }
    for i in candidates.indices {
      #expect(zip(candidates[i], mean).allSatisfy { abs($0 - $1) < 3 })
      #expect(candidates[i] != candidates[(i + 1) % 3])
    }
    let order = c.batch.scores.indices.sorted {
      (-c.batch.scores[$0], $0) < (-c.batch.scores[$1], $1)
    }
    let elite = order.prefix(2).map { candidates[$0] }
    let statistics = c.update()
    var total = 0.0
    let deviations = learner.tensors(c.training.player).flatMap(\.values)
    for i in mean.indices {
      let mu = (elite[0][i] + elite[1][i]) / 2
      let variance =
        ((elite[0][i] - mu) * (elite[0][i] - mu) + (elite[1][i] - mu) * (elite[1][i] - mu)) / 2
      // 0.3 at the start, 0 at half of the training; a fifth is done.
      let deviation = (variance + 0.3 * 0.6).squareRoot()
      #expect(abs(c.policy.theta[i] - mu) < 1e-6)
      #expect(abs(Double(deviations[i]) - deviation) < 1e-6)
      total += deviation
    }
    #expect(abs(try #require(statistics.searchDeviation) - total / Double(mean.count)) < 1e-6)
    #expect(deviations.count == mean.count)
  }

  @Test("CEM draws the same candidates again, others in the next update")
  func candidates() throws {
    let c = UpdateCase(
      configuration("cem", ["algorithm.population": 3]), actions: .numbered(2), .signs)
    let learner = try #require(c.training.learner)
    let mean = Array(c.training.player.model.parameters.floats)
    func draw(_ update: Int) -> [[Float]] {
      var context = c.context
      context.update = update
      return (0..<3).map { index in
        if index == 0 {
          for i in mean.indices { c.training.player.model.parameters.floats[i] = mean[i] }
        }
        learner.prepare(c.training.player, episode: index, context)
        return Array(c.training.player.model.parameters.floats)
      }
    }
    let first = draw(0)
    #expect(draw(0) == first)
    #expect(Set(first + draw(1)).count == 6)
  }
}
