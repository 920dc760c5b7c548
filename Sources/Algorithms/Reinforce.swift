// SPDX-License-Identifier: MIT

import Kernels
package import ParameterSchema
package import Policies

/// What one update did to the policy.
package struct UpdateStatistics: Hashable, Sendable {
  /// Euclidean norm of the gradient given to the optimizer.
  package var gradientNorm: Double
  /// Mean KL(old ‖ new), nats per decision; see `PolicyChange`.
  package var meanKL: Double
  /// Mean entropy of the old policy, nats per decision.
  package var entropy: Double
  /// Share of hidden units that fired on no decision of the batch.
  package var deadUnits: Double
  /// Euclidean norm of the parameters after the update.
  package var weightNorm: Double
}

/// REINFORCE (Williams 1992) as the post has it: ascend Σ_t A_t · ∂ log π(a_t|s_t)/∂θ, summed over
/// all decisions of the batch.
///
/// For a Bernoulli policy ∂ log π/∂logit = y − p, with y = 1 for the first action.
package final class Reinforce {
  package let returns: Returns
  package let optimizer: RMSProp
  private let gradient: AlignedFloats
  private var advantages: [Float] = []

  package init(returns: Returns, optimizer: RMSProp, policy: TwoLayerPolicy) {
    self.returns = returns
    self.optimizer = optimizer
    gradient = policy.makeParameterBlock()
  }

  /// Learns from a batch that `policy` played.
  package func update(_ policy: TwoLayerPolicy, from batch: DecisionBatch) -> UpdateStatistics {
    returns.computeAdvantages(
      rewards: batch.rewards, episodes: batch.episodes, into: &advantages)
    let observations = batch.observations
    for t in 0..<batch.count {
      let advantage = advantages[t]
      if advantage == 0 { continue }
      policy.accumulate(
        into: gradient, batch: observations, row: observations.rows[t], mask: batch.mask(t),
        coefficient: batch.scores[t] * advantage)
    }
    policy.finishGradient(gradient)
    let norms = optimizer.step(policy, gradient: gradient)
    let change = PolicyChange(of: policy, on: batch)
    return UpdateStatistics(
      gradientNorm: norms.gradient, meanKL: change.meanKL, entropy: change.entropy,
      deadUnits: change.deadUnits, weightNorm: norms.parameters)
  }

  /// `algorithm.kind: reinforce` for the catalogue.
  package static let component = Component(
    id: "reinforce",
    doc: "REINFORCE (Williams 1992), the gradient summed over all decisions, as in the post.",
    parameters: [
      Parameter(
        "episodesPerUpdate", .integer(1...1000), default: 10, unit: "episodes",
        doc: "Episodes that one update learns from; the post has 10.")
    ])
}
