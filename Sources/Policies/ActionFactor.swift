// SPDX-License-Identifier: MIT

import Environments
import Kernels
package import Randomness

/// The distribution of one entry of an action; all of them are independent, given the observation.
///
/// For two choices a Bernoulli distribution on one logit z, P(first) = σ(z); for n choices the
/// softmax of n logits; for a number a normal distribution N(μ, σ²) on μ and log σ. All closed forms
/// work on logits and logarithms, so that nothing overflows; all are in nats.
package struct ActionFactor: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case bernoulli, softmax, normal, uniform }

  let kind: Kind
  /// Where its entry stands in an action.
  let entry: Int
  /// Where its logits, or its mean, begin among a model's outputs.
  let start: Int
  /// Choices; 1 for a number.
  let count: Int
  /// Where log σ stands among the outputs.
  let deviation: Int
  /// Of a number, as the environment takes it.
  let range: ClosedRange<Float>
  /// Whether σ is a constant of the policy: nothing is differentiated by it.
  let isDeviationFixed: Bool

  /// Outputs that a model computes for it.
  var outputCount: Int { kind == .bernoulli ? 1 : count }

  @inline(__always)
  package func sample(_ outputs: Outputs, _ draws: inout Xoshiro256) -> Float {
    switch kind {
    case .bernoulli: return isBelowSigmoid(draws.nextUnit(), outputs[start]) ? 0 : 1
    case .softmax:
      let u = draws.nextUnit()
      let logits = outputs + start
      let shift = logSum(logits)
      var sum = 0.0
      for a in 0..<count - 1 {
        sum += exponential(Double(logits[a]) - shift)
        if u < sum { return Float(a) }
      }
      return Float(count - 1)
    case .normal:
      var normal = NormalDraws(draws)
      let x = Double(outputs[start]) + exponential(Double(outputs[deviation])) * normal.next()
      draws = normal.generator
      return Float(x)
    case .uniform:
      let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
      return Float(low + (high - low) * draws.nextUnit())
    }
  }

  /// The likeliest choice, the first of equals; the mean of a number.
  package func mode(_ outputs: Outputs) -> Float {
    switch kind {
    case .bernoulli: return outputs[start] >= 0 ? 0 : 1
    case .softmax:
      return Float((0..<count).reduce(0) { outputs[start + $1] > outputs[start + $0] ? $1 : $0 })
    case .normal, .uniform: return outputs[start]
    }
  }

  package func logProbability(_ outputs: Outputs, of action: UnsafePointer<Float>) -> Double {
    switch kind {
    case .bernoulli:
      let z = Double(outputs[start])
      return -softplus(action[entry] == 0 ? -z : z)
    case .softmax:
      let logits = outputs + start
      return Double(logits[Int(action[entry])]) - logSum(logits)
    case .normal, .uniform:
      let distance = standardized(outputs, action)
      return -0.5 * distance * distance - Double(outputs[deviation]) - halfLogTwoPi
    }
  }

  /// −Σ p log p; of a number the differential entropy, log σ + ½ log 2πe.
  package func entropy(_ outputs: Outputs) -> Double {
    switch kind {
    case .bernoulli:
      let z = Double(outputs[start])
      return softplus(z) - z * sigmoid(z)
    case .softmax:
      let logits = outputs + start
      let shift = logSum(logits)
      var sum = 0.0
      for a in 0..<count {
        let log = Double(logits[a]) - shift
        sum -= exponential(log) * log
      }
      return sum
    case .normal, .uniform: return Double(outputs[deviation]) + halfLogTwoPi + 0.5
    }
  }

  /// KL(old ‖ new); never below 0. Of numbers log σ′ − log σ + (σ² + (μ − μ′)²)/2σ′² − ½.
  package func divergence(_ old: Outputs, _ new: Outputs) -> Double {
    switch kind {
    case .bernoulli:
      let (a, b) = (Double(old[start]), Double(new[start]))
      return max(0, sigmoid(a) * (a - b) - softplus(a) + softplus(b))
    case .softmax:
      let (oldShift, newShift) = (logSum(old + start), logSum(new + start))
      var sum = 0.0
      for a in start..<start + count {
        let log = Double(old[a]) - oldShift
        sum += exponential(log) * (log - Double(new[a]) + newShift)
      }
      return max(0, sum)
    case .normal, .uniform:
      let change = Double(old[deviation]) - Double(new[deviation])
      let distance =
        (Double(old[start]) - Double(new[start])) * exponential(-Double(new[deviation]))
      return max(0, 0.5 * (exponential(2 * change) + distance * distance - 1) - change)
    }
  }

  /// Writes `weight · ∂ log π/∂outputs + entropyWeight · ∂ entropy/∂outputs`.
  ///
  /// For one logit ∂ log π/∂z = y − p with y = 1 for the first choice, and ∂H/∂z = −z·p·(1 − p); for
  /// a number (a − μ)/σ² and ((a − μ)/σ)² − 1, and ∂H/∂ log σ = 1.
  @inline(__always)
  package func writeScore(
    _ outputs: Outputs, action: UnsafePointer<Float>, weight: Double, entropyWeight: Double,
    to gradients: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .bernoulli:
      let z = Double(outputs[start])
      let p = sigmoid(z)
      var g = ((action[entry] == 0 ? 1 : 0) - p) * weight
      if entropyWeight != 0 { g -= entropyWeight * z * p * (1 - p) }
      gradients[start] = Float(g)
    case .softmax:
      let logits = outputs + start
      let (shift, chosen) = (logSum(logits), Int(action[entry]))
      let h = entropyWeight == 0 ? 0 : entropy(outputs)
      for a in 0..<count {
        let log = Double(logits[a]) - shift
        let p = exponential(log)
        var g = ((a == chosen ? 1 : 0) - p) * weight
        if entropyWeight != 0 { g -= entropyWeight * p * (log + h) }
        gradients[start + a] = Float(g)
      }
    case .normal, .uniform:
      let distance = standardized(outputs, action)
      let slope = distance * exponential(-Double(outputs[deviation]))
      gradients[start] = Float(weight * slope)
      gradients[deviation] =
        isDeviationFixed ? 0 : Float(weight * (distance * distance - 1) + entropyWeight)
    }
  }

  /// Writes the Fisher matrix of the outputs times `tangents`, each times `weight`: p(1 − p)·t for
  /// one logit, (diag(p) − ppᵀ)·t for n; t/σ² for a mean and 2t for log σ.
  package func writeFisher(
    _ outputs: Outputs, tangents: Outputs, weight: Double, to gradients: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .bernoulli:
      let p = sigmoid(Double(outputs[start]))
      gradients[start] = Float(p * (1 - p) * Double(tangents[start]) * weight)
    case .softmax:
      let shift = logSum(outputs + start)
      var mean = 0.0
      for a in start..<start + count {
        mean += exponential(Double(outputs[a]) - shift) * Double(tangents[a])
      }
      for a in start..<start + count {
        let p = exponential(Double(outputs[a]) - shift)
        gradients[a] = Float(p * (Double(tangents[a]) - mean) * weight)
      }
    case .normal, .uniform:
      let precision = exponential(-2 * Double(outputs[deviation]))
      gradients[start] = Float(precision * Double(tangents[start]) * weight)
      gradients[deviation] = isDeviationFixed ? 0 : Float(2 * Double(tangents[deviation]) * weight)
    }
  }

  /// (a − μ)/σ.
  @inline(__always)
  private func standardized(_ outputs: Outputs, _ action: UnsafePointer<Float>) -> Double {
    (Double(action[entry]) - Double(outputs[start])) * exponential(-Double(outputs[deviation]))
  }

  /// log Σ exp, shifted by the largest logit.
  private func logSum(_ logits: Outputs) -> Double {
    var largest = Double(logits[0])
    for a in 1..<count { largest = max(largest, Double(logits[a])) }
    var sum = 0.0
    for a in 0..<count { sum += exponential(Double(logits[a]) - largest) }
    return largest + logarithm(sum)
  }
}

/// ½ log 2π.
private let halfLogTwoPi = 0.9189385332046727
