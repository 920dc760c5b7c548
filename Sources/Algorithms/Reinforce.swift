// SPDX-License-Identifier: MIT

package import Artifacts
import Kernels
import Policies
package import Randomness

/// REINFORCE (Williams 1992): ascend Σ_t A_t · ∂ log π(a_t|s_t)/∂θ + entropyBonus · ∂H(s_t)/∂θ.
///
/// Summed over all decisions of the batch it is the post's; their mean, with a value baseline, is
/// the synchronous advantage actor-critic A2C (Mnih et al. 2016), one step a batch.
package final class Reinforce: Learner {
  private let advantages: Advantages
  private let optimizer: Optimizer
  private let entropyBonus: EntropyBonus
  private let averages: Bool
  private let gradient: AlignedFloats

  /// - Parameter averages: over decisions, instead of the sum.
  init(
    advantages: Advantages, optimizer: Optimizer, entropyBonus: EntropyBonus,
    averages: Bool = false,
    policy: any Model
  ) {
    self.advantages = advantages
    self.optimizer = optimizer
    self.entropyBonus = entropyBonus
    self.averages = averages
    gradient = policy.makeBlock()
  }

  package func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateStatistics {
    var statistics = UpdateStatistics()
    statistics.deadUnits = player.model.deadUnits
    advantages.compute(batch)
    let scale = averages ? 1 / Double(max(1, batch.count)) : 1
    player.accumulateScore(
      into: gradient, batch, advantages: advantages.all, scale: scale,
      entropyScale: scale * entropyBonus.weight(at: context))
    let norms = optimizer.step(player.model, gradient: gradient, progress: context.progress)
    statistics.gradientNorm = norms.gradient
    statistics.weightNorm = norms.parameters
    statistics.explainedVariance = advantages.fitValue(batch, progress: context.progress)
    let change = player.change(on: batch, limit: Player.glance)
    statistics.meanKL = change.meanKL
    statistics.entropy = change.entropy
    return statistics
  }

  package func restart(_ player: Player, streams: RandomStreams) {
    optimizer.restart()
    advantages.restart(streams: streams)
  }

  package func tensors(_ player: Player) -> [Tensor] {
    optimizer.tensors(of: player.model, prefix: "optimizer.") + advantages.tensors()
  }

  package func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    optimizer.load(find, of: player.model, prefix: "optimizer.") ?? advantages.load(find)
  }
}
