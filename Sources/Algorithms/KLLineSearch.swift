// SPDX-License-Identifier: MIT

package import Artifacts
import Kernels
import Policies
package import Randomness

/// The post's simplest instantiation of a trust region: take the step that the optimizer proposes,
/// and halve it until the policy moves by at most `maxKL` and its surrogate is not worse; keep the
/// old weights where no fraction will do.
///
/// The proposal is REINFORCE's to the bit, summed over decisions, so that the search is all that
/// differs from vanilla policy gradients. The optimizer's state advances either way.
package final class KLLineSearch: Learner {
  private let advantages: Advantages
  private let optimizer: Optimizer
  private let entropyBonus: EntropyBonus
  private let search: LineSearch
  private let gradient, old, step: AlignedFloats

  init(
    advantages: Advantages, optimizer: Optimizer, entropyBonus: EntropyBonus, search: LineSearch,
    policy: any Model
  ) {
    self.advantages = advantages
    self.optimizer = optimizer
    self.entropyBonus = entropyBonus
    self.search = search
    (gradient, old, step) = (policy.makeBlock(), policy.makeBlock(), policy.makeBlock())
  }

  package func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateStatistics {
    let model = player.model
    var statistics = UpdateStatistics()
    statistics.deadUnits = model.deadUnits
    advantages.compute(batch)
    player.accumulateScore(
      into: gradient, batch, advantages: advantages.all, scale: 1,
      entropyScale: entropyBonus.weight(at: context))
    old.copy(from: model.parameters)
    statistics.gradientNorm =
      optimizer.step(model, gradient: gradient, progress: context.progress).gradient
    step.copy(from: model.parameters)
    model.kernels.add(old, times: -1, to: step)
    statistics.record(
      search.run(
        player, old: old, step: step, isProposed: true, batch, advantages: advantages.all))
    statistics.weightNorm = model.kernels.dot(model.parameters, model.parameters).squareRoot()
    statistics.explainedVariance = advantages.fitValue(batch, progress: context.progress)
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
