// SPDX-License-Identifier: MIT

package import Kernels
import Policies

/// The gradient of the policy's objective on a batch, and how far a policy has moved from the one
/// that played it.
extension Player {
  /// Adds `scale · Σ_t A_t · ∂ log π(a_t|s_t)/∂θ + entropyScale · Σ_t ∂H(s_t)/∂θ`, for the policy that
  /// played the batch.
  package func accumulateScore(
    into gradient: AlignedFloats, _ batch: DecisionBatch, advantages: [Float], scale: Double,
    entropyScale: Double
  ) {
    guard batch.count > 0 else { return }
    batch.withDecisions { logits, actions in
      model.accumulate(
        into: gradient, batch.observations, over: Array(0..<batch.count), gates: batch.gates
      ) { t, g in
        let weight = scale * Double(advantages[t])
        if weight == 0 && entropyScale == 0 { return false }
        distribution.writeScore(
          logits + t * batch.logitCount, action: actions + t * batch.width, weight: weight,
          entropyWeight: entropyScale, to: g)
        passes.add(1)
        return true
      }
    }
  }

  /// Adds F·direction, completed: F is the mean Fisher matrix of the policy that played the batch,
  /// over every k-th decision.
  package func accumulateFisher(
    times direction: AlignedFloats, into product: AlignedFloats, _ batch: DecisionBatch,
    every k: Int = 1
  ) {
    model.prepare(direction)
    let weight = 1 / Double(max(1, (batch.count + k - 1) / k))
    guard batch.count > 0 else { return }
    batch.withDecisions { logits, _ in
      model.accumulate(
        into: product, batch.observations, over: Array(stride(from: 0, to: batch.count, by: k)),
        gates: batch.gates
      ) { t, g in
        let tangents = model.tangent(along: direction, batch.observations, t)
        distribution.writeFisher(
          logits + t * batch.logitCount, tangents: tangents, weight: weight, to: g)
        passes.add(2)
        return true
      }
    }
    model.finishGradient(product)
  }

  /// What a policy is on a batch that an older one played.
  package struct Change: Hashable, Sendable {
    /// Mean KL(old ‖ new), nats per decision.
    package var meanKL = 0.0
    /// Mean entropy of the old policy, nats per decision.
    package var entropy = 0.0
    /// mean(A·π/π₀); 0 without advantages.
    package var surrogate = 0.0
  }

  /// The change over every k-th decision, with k such that at most `limit` are looked at.
  package func change(
    on batch: DecisionBatch, advantages: [Float] = [], limit: Int = .max
  ) -> Change {
    var result = Change()
    guard batch.count > 0 else { return result }
    let step = limit == .max ? 1 : max(1, (batch.count + limit - 1) / limit)
    var looked = 0
    batch.withDecisions { logits, actions in
      for t in stride(from: 0, to: batch.count, by: step) {
        let old = logits + t * batch.logitCount
        let new = model.forward(batch.observations, t)
        result.meanKL += distribution.divergence(old, new)
        result.entropy += distribution.entropy(old)
        if !advantages.isEmpty {
          let action = actions + t * batch.width
          let ratio = exponential(
            distribution.logProbability(new, of: action)
              - distribution.logProbability(old, of: action))
          result.surrogate += Double(advantages[t]) * ratio
        }
        looked += 1
      }
    }
    passes.add(looked)
    result.meanKL /= Double(looked)
    result.entropy /= Double(looked)
    result.surrogate /= Double(looked)
    return result
  }

  /// A look at no more than this many decisions costs a training little.
  static let glance = 1024
}
