// SPDX-License-Identifier: MIT

import Kernels
package import Policies

/// How far an update moved a Bernoulli policy on the batch that it learned from.
///
/// KL and entropy are means over every k-th decision, with k such that at most 1,024 are looked
/// at: a second look at all would cost a fifth of the training.
package struct PolicyChange: Hashable, Sendable {
  /// Mean KL(old ‖ new), nats per decision.
  package var meanKL: Double
  /// Mean entropy of the old policy, nats per decision.
  package var entropy: Double
  /// Share of hidden units that fired on no decision of the batch.
  package var deadUnits: Double

  /// - Parameters:
  ///   - policy: after the update.
  ///   - batch: its logits are from before the update.
  package init(of policy: TwoLayerPolicy, on batch: DecisionBatch) {
    let stride = max(1, (batch.count + 1023) / 1024)
    var (kl, entropySum, looked) = (0.0, 0.0, 0)
    var scratch = [UInt8](repeating: 0, count: policy.maskBytes)
    scratch.withUnsafeMutableBufferPointer { mask in
      guard let mask = mask.baseAddress else { return }
      for t in Swift.stride(from: 0, to: batch.count, by: stride) {
        let old = Double(batch.logits[t])
        let new = Double(
          policy.logit(of: batch.observations, row: batch.observations.rows[t], mask: mask))
        kl += Bernoulli.divergence(old, new)
        entropySum += Bernoulli.entropy(old)
        looked += 1
      }
    }
    meanKL = looked == 0 ? 0 : kl / Double(looked)
    entropy = looked == 0 ? 0 : entropySum / Double(looked)

    var fired = [UInt8](repeating: 0, count: policy.maskBytes)
    for t in 0..<batch.count {
      let mask = batch.mask(t)
      for v in 0..<fired.count { fired[v] |= mask[v] }
    }
    let alive = fired.reduce(0) { $0 + $1.nonzeroBitCount }
    deadUnits = Double(policy.hiddenCount - alive) / Double(policy.hiddenCount)
  }
}

/// Closed forms of the two-action policy, on logits so that nothing overflows.
package enum Bernoulli {
  /// −p ln p − (1 − p) ln(1 − p) for p = σ(z), nats.
  package static func entropy(_ z: Double) -> Double { softplus(z) - z * sigmoid(z) }

  /// KL(σ(z₀) ‖ σ(z₁)) = p₀ (z₀ − z₁) − softplus(z₀) + softplus(z₁), nats; never below 0.
  package static func divergence(_ z0: Double, _ z1: Double) -> Double {
    max(0, sigmoid(z0) * (z0 - z1) - softplus(z0) + softplus(z1))
  }
}
