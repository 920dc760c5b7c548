// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Policies
import Randomness
import TestSupport
import Testing

/// A space of actions, and outputs of a policy for it.
struct DistributionCase: CustomTestStringConvertible, Sendable {
  let space: ActionSpace
  let outputs: [Float]

  var testDescription: String { "\(space): \(outputs)" }

  /// The choices of each entry; none where actions are numbers.
  var choices: [Int] {
    switch space {
    case .discrete(let names): [names.count]
    case .product(let counts): counts
    case .box: []
    }
  }

  var distribution: ActionDistribution { ActionDistribution(space) }
  var slow: SlowDistribution {
    choices.isEmpty ? SlowDistribution(numbers: space.width) : SlowDistribution(choices: choices)
  }
  var z: [Double] { outputs.map(Double.init) }

  /// Every action of choices; some of numbers, far from the mean as well.
  var actions: [[Float]] {
    guard choices.isEmpty else {
      return choices.reduce([[]]) { all, count in
        all.flatMap { head in (0..<count).map { head + [Float($0)] } }
      }
    }
    return [-2, -0.3, 0, 0.7, 5].map { distance in
      (0..<space.width).map { outputs[$0] + Float(distance + Double($0)) }
    }
  }

  /// Logits far apart and close together; deviations wide and narrow.
  static let all: [DistributionCase] = {
    let discrete = [2, 3, 6].map { count in ActionSpace.discrete((0..<count).map { "\($0)" }) }
    let spaces =
      discrete + [
        .product([2]), .product([3, 2, 4]), .product([1, 5]), .box([-2...2]),
        .box([-1...1, -Float.infinity...Float.infinity, 0...5]),
      ]
    var draws = Xoshiro256(seed: 4)
    var cases = [[0], [-8], [30]].map { DistributionCase(space: discrete[0], outputs: $0) }
    cases += [[1, 1, 1], [60, -60, 0]].map { DistributionCase(space: discrete[1], outputs: $0) }
    for space in spaces {
      let outputs = ActionDistribution(space).outputs
      for scale in [0.1, 1, 8] {
        cases.append(
          DistributionCase(
            space: space,
            outputs: (0..<outputs.count).map { _ in Float(scale * (2 * draws.nextUnit() - 1)) }
              + (0..<outputs.deviations).map { _ in Float(2 * draws.nextUnit() - 1.5) }))
      }
    }
    return cases
  }()
}

@Suite("Closed forms of action distributions against sums and integrals")
struct ActionDistributionTests {
  /// What a writer of gradients wrote.
  private func written(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) -> [Double] {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
      guard let start = buffer.baseAddress else { return [] }
      body(start)
      return buffer.map(Double.init)
    }
  }

  @Test("log π, entropy and the likeliest action", arguments: DistributionCase.all)
  func probabilities(c: DistributionCase) {
    let distribution = c.distribution
    let outputs = distribution.outputs
    #expect(outputs.count + outputs.deviations == c.slow.outputCount)
    #expect(outputs.deviations == (c.choices.isEmpty ? c.space.width : 0))
    for action in c.actions {
      let expected = c.slow.logProbability(c.z, of: action.map(Double.init))
      #expect(
        abs(distribution.logProbability(c.outputs, of: action) - expected)
          < 1e-12 * max(1, abs(expected)))
    }
    #expect(abs(distribution.entropy(c.outputs) - c.slow.entropy(c.z)) < 1e-10)
    var mode: [Float] = []
    distribution.mode(c.outputs, into: &mode)
    let best = c.slow.logProbability(c.z, of: mode.map(Double.init))
    for action in c.actions {
      #expect(c.slow.logProbability(c.z, of: action.map(Double.init)) <= best + 1e-12)
    }
  }

  @Test("KL is the sum or integral; 0 to itself and never below", arguments: DistributionCase.all)
  func divergence(c: DistributionCase) {
    for other in DistributionCase.all where other.space == c.space {
      let expected = c.slow.divergence(c.z, other.z)
      let closed = c.distribution.divergence(c.outputs, other.outputs)
      #expect(abs(closed - expected) < 1e-10 * max(1, expected))
      #expect(closed >= 0)
    }
    #expect(c.distribution.divergence(c.outputs, c.outputs) < 1e-12)
  }

  @Test("Scores and entropy gradients are central differences", arguments: DistributionCase.all)
  func scores(c: DistributionCase) {
    for action in c.actions {
      let score = written(c.z.count) {
        c.distribution.writeScore(
          c.outputs, action: action, weight: 1.5, entropyWeight: 0.5, to: $0)
      }
      let expected = SlowDistribution.gradient(c.z) {
        1.5 * c.slow.logProbability($0, of: action.map(Double.init)) + 0.5 * c.slow.entropy($0)
      }
      for i in c.z.indices {
        #expect(
          abs(score[i] - expected[i]) < 1e-6 * max(1, abs(expected[i])),
          "action \(action), output \(i)")
      }
    }
  }

  @Test(
    "The Fisher product is E[score·scoreᵀ]·t, and the curvature of KL",
    arguments: DistributionCase.all)
  func fisher(c: DistributionCase) {
    var draws = Xoshiro256(seed: 8)
    let tangents = c.z.map { _ in Float(2 * draws.nextUnit() - 1) }
    let product = written(c.z.count) {
      c.distribution.writeFisher(c.outputs, tangents: tangents, weight: 2, to: $0)
    }
    for (i, row) in c.slow.fisher(c.z).enumerated() {
      let expected = 2 * zip(row, tangents).reduce(0) { $0 + $1.0 * Double($1.1) }
      #expect(abs(product[i] - expected) < 1e-6 * max(1, abs(expected)))
    }
    // KL(z ‖ z + h·t) = ½h²·tᵀFt + O(h³).
    let h: Float = 1e-2
    let moved = zip(c.outputs, tangents).map { $0 + h * $1 }
    let kl = c.distribution.divergence(c.outputs, moved)
    let quadratic = zip(product, tangents).reduce(0.0) { $0 + $1.0 * Double($1.1) } / 4
    #expect(abs(kl - 1e-4 * quadratic) < 2e-6 * max(1, quadratic))
  }

  @Test("Choices are drawn as often as their probabilities say", arguments: DistributionCase.all)
  func draws(c: DistributionCase) {
    guard !c.choices.isEmpty else { return numbers(c) }
    var draws = Xoshiro256(seed: 12)
    var counts: [[Float]: Int] = [:]
    for _ in 0..<20_000 {
      var action: [Float] = []
      c.distribution.sample(c.outputs, &draws, into: &action)
      counts[action, default: 0] += 1
    }
    #expect(counts.values.reduce(0, +) == 20_000)
    for action in c.actions {
      let p = exp(c.slow.logProbability(c.z, of: action.map(Double.init)))
      let share = Double(counts[action] ?? 0) / 20_000
      // Five standard errors.
      #expect(abs(share - p) <= 5 * (p * (1 - p) / 20_000).squareRoot() + 1e-9)
    }
  }

  /// Numbers have the mean, the deviation and the share within one deviation that the outputs say.
  private func numbers(_ c: DistributionCase) {
    var (draws, actions) = (Xoshiro256(seed: 12), [Float]())
    for _ in 0..<20_000 { c.distribution.sample(c.outputs, &draws, into: &actions) }
    let width = c.space.width
    for entry in 0..<width {
      let deviation = exp(c.z[width + entry])
      let drawn = stride(from: entry, to: actions.count, by: width).map {
        (Double(actions[$0]) - c.z[entry]) / deviation
      }
      func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
      #expect(abs(mean(drawn)) < 5 / 141)
      #expect(abs(mean(drawn.map { $0 * $0 }) - 1) < 5 * 1.42 / 141)
      #expect(abs(mean(drawn.map { abs($0) < 1 ? 1 : 0 }) - 0.6827) < 5 * 0.466 / 141)
    }
  }

  @Test("An environment takes numbers within their ranges; what is recorded is not clipped")
  func clipped() {
    let box = ActionDistribution(.box([-1...1, 0...(.infinity)]))
    #expect(box.action(endOf: [9, 9, -3, 7]) == .entries([-1, 7]))
    #expect(box.action(endOf: [0.5, -2]) == .entries([0.5, 0]))
    #expect(ActionDistribution(.product([3, 2])).action(endOf: [0, 1, 2, 1]) == .entries([2, 1]))
    #expect(ActionDistribution(["A", "B"]).action(endOf: [0, 1]) == 1)
  }

  @Test("Nothing learned: numbers come from all of a finite range")
  func uniform() {
    let floor = ActionDistribution(.box([-2...6, -Float.infinity...0]), isUniform: true)
    var (draws, actions) = (Xoshiro256(seed: 3), [Float]())
    for _ in 0..<10_000 { floor.sample([0, 0, 0, 0] as [Float], &draws, into: &actions) }
    let finite = stride(from: 0, to: actions.count, by: 2).map { actions[$0] }
    for part in 0..<4 {
      let low = Float(part) * 2 - 2
      let share = Double(finite.count { $0 >= low && $0 < low + 2 }) / 10_000
      #expect(abs(share - 0.25) < 5 * 0.433 / 100)
    }
    #expect(stride(from: 1, to: actions.count, by: 2).contains { actions[$0] > 1 })
  }
}
