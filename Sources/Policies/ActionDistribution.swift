// SPDX-License-Identifier: MIT

import Kernels
package import Randomness

/// The probabilities that a policy's outputs give to its actions: for two actions a Bernoulli
/// distribution on one logit z, P(first) = σ(z); for n actions the softmax of n logits.
///
/// All closed forms work on logits, so that nothing overflows; all are in nats.
package struct ActionDistribution: Hashable, Sendable {
  package let actionCount: Int

  package init(actionCount: Int) {
    guard actionCount >= 2 else { fatalError("\(actionCount) actions leave no choice") }
    self.actionCount = actionCount
  }

  @inline(__always)
  private var isBernoulli: Bool { actionCount == 2 }
  /// O, the logits that a policy has to give.
  package var logitCount: Int { isBernoulli ? 1 : actionCount }

  /// An action drawn from the probabilities.
  @inline(__always)
  package func sample(_ logits: Outputs, _ draws: inout Xoshiro256) -> Int {
    let u = draws.nextUnit()
    if isBernoulli { return u < sigmoid(Double(logits[0])) ? 0 : 1 }
    let shift = logSum(logits)
    var sum = 0.0
    for a in 0..<actionCount - 1 {
      sum += exponential(Double(logits[a]) - shift)
      if u < sum { return a }
    }
    return actionCount - 1
  }

  /// The likeliest action, the first of equals.
  package func mode(_ logits: Outputs) -> Int {
    if isBernoulli { return logits[0] >= 0 ? 0 : 1 }
    return (0..<actionCount).reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }

  package func probability(_ logits: Outputs, of action: Int) -> Double {
    exponential(logProbability(logits, of: action))
  }

  /// log π(a|s).
  package func logProbability(_ logits: Outputs, of action: Int) -> Double {
    if isBernoulli {
      let z = Double(logits[0])
      return -softplus(action == 0 ? -z : z)
    }
    return Double(logits[action]) - logSum(logits)
  }

  /// −Σ p log p.
  package func entropy(_ logits: Outputs) -> Double {
    if isBernoulli {
      let z = Double(logits[0])
      return softplus(z) - z * sigmoid(z)
    }
    let shift = logSum(logits)
    var sum = 0.0
    for a in 0..<actionCount {
      let log = Double(logits[a]) - shift
      sum -= exponential(log) * log
    }
    return sum
  }

  /// KL(old ‖ new); never below 0.
  package func divergence(_ old: Outputs, _ new: Outputs) -> Double {
    if isBernoulli {
      let (a, b) = (Double(old[0]), Double(new[0]))
      return max(0, sigmoid(a) * (a - b) - softplus(a) + softplus(b))
    }
    let (oldShift, newShift) = (logSum(old), logSum(new))
    var sum = 0.0
    for a in 0..<actionCount {
      let log = Double(old[a]) - oldShift
      sum += exponential(log) * (log - Double(new[a]) + newShift)
    }
    return max(0, sum)
  }

  /// Writes `weight · ∂ log π(a|s)/∂logits + entropyWeight · ∂ entropy/∂logits`.
  ///
  /// For one logit ∂ log π/∂z = y − p with y = 1 for the first action, and ∂H/∂z = −z·p·(1 − p).
  @inline(__always)
  package func writeScore(
    _ logits: Outputs, action: Int, weight: Double, entropyWeight: Double = 0,
    to gradients: UnsafeMutablePointer<Float>
  ) {
    if isBernoulli {
      let z = Double(logits[0])
      let p = sigmoid(z)
      var g = ((action == 0 ? 1 : 0) - p) * weight
      if entropyWeight != 0 { g -= entropyWeight * z * p * (1 - p) }
      gradients[0] = Float(g)
      return
    }
    let shift = logSum(logits)
    let h = entropyWeight == 0 ? 0 : entropy(logits)
    for a in 0..<actionCount {
      let log = Double(logits[a]) - shift
      let p = exponential(log)
      var g = ((a == action ? 1 : 0) - p) * weight
      if entropyWeight != 0 { g -= entropyWeight * p * (log + h) }
      gradients[a] = Float(g)
    }
  }

  /// Writes the Fisher matrix of the logits times `tangents`: p(1 − p)·t for one logit,
  /// (diag(p) − ppᵀ)·t for n; each times `weight`.
  package func writeFisher(
    _ logits: Outputs, tangents: Outputs, weight: Double, to gradients: UnsafeMutablePointer<Float>
  ) {
    if isBernoulli {
      let p = sigmoid(Double(logits[0]))
      gradients[0] = Float(p * (1 - p) * Double(tangents[0]) * weight)
      return
    }
    let shift = logSum(logits)
    var mean = 0.0
    for a in 0..<actionCount {
      mean += exponential(Double(logits[a]) - shift) * Double(tangents[a])
    }
    for a in 0..<actionCount {
      let p = exponential(Double(logits[a]) - shift)
      gradients[a] = Float(p * (Double(tangents[a]) - mean) * weight)
    }
  }

  /// log Σ exp, shifted by the largest logit.
  private func logSum(_ logits: Outputs) -> Double {
    var largest = Double(logits[0])
    for a in 1..<actionCount { largest = max(largest, Double(logits[a])) }
    var sum = 0.0
    for a in 0..<actionCount { sum += exponential(Double(logits[a]) - largest) }
    return largest + logarithm(sum)
  }
}
