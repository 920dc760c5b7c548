// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies

/// REINFORCE (Williams 1992): ascend Σ_t A_t · ∂ log π(a_t|s_t)/∂θ + entropyBonus · ∂H(s_t)/∂θ.
///
/// Summed over all decisions of the batch it is the post's; their mean, with a value baseline, is
/// the synchronous advantage actor-critic A2C (Mnih et al. 2016), one step a batch.
final class Reinforce: GradientLearner, Learner {
  private let averages: Bool

  /// - Parameter averages: over decisions, instead of the sum.
  init(_ setup: LearnerSetup, averages: Bool) {
    self.averages = averages
    super.init(setup)
  }

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    var record = UpdateRecord()
    critic.compute(batch)
    let scale = averages ? 1 / Double(max(1, batch.count)) : 1
    player.accumulateScore(
      into: gradient, batch, advantages: critic.advantages, scale: scale,
      entropyScale: scale * entropyBonus.weight(at: context))
    record.explainedVariance = critic.explainedVariance
    let norms = critic.step(
      optimizer, player, gradient, batch, order: Array(0..<batch.count)[...], context)
    record.gradientNorm = norms.gradient
    record.weightNorm = norms.parameters
    let change = player.change(on: batch, limit: Player.glance)
    record.meanKL = change.meanKL
    record.entropy = change.entropy
    return record
  }
}

extension AlgorithmKind {
  package static let reinforce = AlgorithmKind(
    gradient: "reinforce",
    doc: "REINFORCE (Williams 1992), the gradient summed over all decisions, as in the post.",
    entropyBonus: 0
  ) { Reinforce($0, averages: false) }

  package static let a2c = AlgorithmKind(
    gradient: "a2c",
    doc: """
      Advantage actor-critic (Mnih et al. 2016), synchronous: one step a batch on the mean \
      gradient, against a value baseline.
      """, entropyBonus: 0.01, constraints: [needsValue("a2c")]
  ) { Reinforce($0, averages: true) }
}
