// SPDX-License-Identifier: MIT

import Foundation
import Kernels
import Policies
import Randomness
import Testing

@Suite("Closed forms of action probabilities against summation")
struct ActionDistributionTests {
  /// Logits of 2, 3 and 6 actions, far apart and close together.
  static let cases: [[Float]] = {
    var draws = Xoshiro256(seed: 4)
    var cases: [[Float]] = [[0], [-8], [5], [0.3], [30], [1, 1, 1], [60, -60, 0]]
    for count in [1, 3, 6] {
      for scale in [0.1, 1, 8] {
        cases.append((0..<count).map { _ in Float(scale * (2 * draws.nextUnit() - 1)) })
      }
    }
    return cases
  }()

  private static func distribution(_ logits: [Float]) -> ActionDistribution {
    ActionDistribution(actionCount: logits.count == 1 ? 2 : logits.count)
  }

  /// Probabilities straight from the definition; two actions are the softmax of (z, 0).
  private static func probabilities(_ logits: [Double]) -> [Double] {
    let all = logits.count == 1 ? [logits[0], 0] : logits
    let weights = all.map { exp($0) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  private static func entropy(_ logits: [Double]) -> Double {
    probabilities(logits).reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
  }

  private func with<Result>(_ logits: [Float], _ body: (Outputs) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: logits.count) { buffer in
      for (i, x) in logits.enumerated() { buffer[i] = x }
      guard let start = buffer.baseAddress else { preconditionFailure("no logits") }
      return body(start)
    }
  }

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

  @Test("Probabilities, logarithms, entropy and mode", arguments: cases)
  func probabilities(logits: [Float]) {
    let distribution = Self.distribution(logits)
    let p = Self.probabilities(logits.map(Double.init))
    #expect(distribution.logitCount == logits.count)
    with(logits) { z in
      for (action, expected) in p.enumerated() {
        #expect(abs(distribution.probability(z, of: action) - expected) < 1e-12)
        #expect(
          abs(distribution.logProbability(z, of: action) - log(expected))
            < 1e-12 * max(1, -log(expected)))
      }
      #expect(abs(distribution.entropy(z) - Self.entropy(logits.map(Double.init))) < 1e-12)
      #expect(distribution.mode(z) == p.firstIndex(of: p.max() ?? 0))
    }
  }

  @Test("KL is the sum; 0 to itself and never below", arguments: cases)
  func divergence(logits: [Float]) {
    let distribution = Self.distribution(logits)
    let p = Self.probabilities(logits.map(Double.init))
    for other in Self.cases where other.count == logits.count {
      let q = Self.probabilities(other.map(Double.init))
      let direct = zip(p, q).reduce(0.0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) }
      let closed = with(logits) { a in with(other) { b in distribution.divergence(a, b) } }
      #expect(abs(closed - direct) < 1e-11 * max(1, direct))
      #expect(closed >= 0)
    }
    #expect(with(logits) { distribution.divergence($0, $0) } < 1e-12)
  }

  @Test("Scores and entropy gradients are central differences", arguments: cases)
  func scores(logits: [Float]) {
    let distribution = Self.distribution(logits)
    let z = logits.map(Double.init)
    for action in 0..<distribution.actionCount {
      let score = written(z.count) { g in
        with(logits) {
          distribution.writeScore($0, action: action, weight: 1.5, entropyWeight: 0.5, to: g)
        }
      }
      func objective(_ z: [Double]) -> Double {
        let p = Self.probabilities(z)
        // As a difference of logits: log p has no digits left where p is 10⁻⁵².
        let all = z.count == 1 ? [z[0], 0] : z
        let largest = all.max() ?? 0
        let logSum = largest + log(all.reduce(0) { $0 + exp($1 - largest) })
        let entropy = zip(p, all).reduce(0.0) { $0 - $1.0 * ($1.1 - logSum) }
        return 1.5 * (all[action] - logSum) + 0.5 * entropy
      }
      for i in z.indices {
        var (up, down) = (z, z)
        up[i] += 1e-5
        down[i] -= 1e-5
        let expected = (objective(up) - objective(down)) / 2e-5
        #expect(abs(score[i] - expected) < 1e-6, "action \(action), logit \(i)")
      }
    }
  }

  @Test("The Fisher product is E[score·scoreᵀ]·t, and the curvature of KL", arguments: cases)
  func fisher(logits: [Float]) {
    let distribution = Self.distribution(logits)
    let z = logits.map(Double.init)
    let p = Self.probabilities(z)
    var draws = Xoshiro256(seed: 8)
    let tangents = z.map { _ in Float(2 * draws.nextUnit() - 1) }
    let product = written(z.count) { g in
      with(logits) { a in
        with(tangents) { t in distribution.writeFisher(a, tangents: t, weight: 2, to: g) }
      }
    }
    var expected = [Double](repeating: 0, count: z.count)
    for (action, probability) in p.enumerated() {
      let score = z.indices.map { i in
        z.count == 1 ? (action == 0 ? 1 : 0) - p[0] : (action == i ? 1 : 0) - p[i]
      }
      let along = zip(score, tangents).reduce(0.0) { $0 + $1.0 * Double($1.1) }
      for i in z.indices { expected[i] += 2 * probability * score[i] * along }
    }
    for i in z.indices { #expect(abs(product[i] - expected[i]) < 1e-6) }
    // KL(z ‖ z + h·t) = ½h²·tᵀFt + O(h³).
    let h: Float = 1e-2
    let moved = zip(logits, tangents).map { $0 + h * $1 }
    let kl = with(logits) { a in with(moved) { b in distribution.divergence(a, b) } }
    let quadratic = zip(product, tangents).reduce(0.0) { $0 + $1.0 * Double($1.1) } / 4
    #expect(abs(kl - 1e-4 * quadratic) < 2e-6)
  }

  @Test("Actions are drawn as often as their probabilities say", arguments: cases)
  func draws(logits: [Float]) {
    let distribution = Self.distribution(logits)
    let p = Self.probabilities(logits.map(Double.init))
    var counts = [Int](repeating: 0, count: p.count)
    var draws = Xoshiro256(seed: 12)
    with(logits) { z in
      for _ in 0..<20_000 { counts[distribution.sample(z, &draws)] += 1 }
    }
    for (count, p) in zip(counts, p) {
      // Five standard errors.
      #expect(abs(Double(count) / 20_000 - p) <= 5 * (p * (1 - p) / 20_000).squareRoot() + 1e-9)
    }
  }
}
