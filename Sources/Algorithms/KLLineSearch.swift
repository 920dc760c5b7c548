// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies

/// The post's simplest instantiation of a trust region: take the step that the optimizer proposes,
/// and halve it until the policy moves by at most `maxKL` and its surrogate is not worse; keep the
/// old weights where no fraction will do.
///
/// The proposal is REINFORCE's to the bit, summed over decisions, so that the search is all that
/// differs from vanilla policy gradients. The optimizer's state advances either way.
final class KLLineSearch: GradientLearner, Learner {
  private let search: LineSearch
  private let old, step: AlignedFloats

  init(_ setup: LearnerSetup) {
    search = LineSearch(setup.settings)
    (old, step) = (setup.player.model.makeBlock(), setup.player.model.makeBlock())
    super.init(setup)
  }

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    let model = player.model
    var record = UpdateRecord()
    critic.compute(batch)
    player.accumulateScore(
      into: gradient, batch, advantages: critic.advantages, scale: 1,
      entropyScale: entropyBonus.weight(at: context))
    old.copy(from: model.parameters)
    record.gradientNorm =
      optimizer.step(
        model, gradient: gradient, progress: context.progress, team: player.team
      ).gradient
    step.copy(from: model.parameters)
    model.kernels.add(old, times: -1, to: step)
    search.run(
      player, old: old, step: step, isProposed: true, batch, advantages: critic.advantages,
      &record)
    record.explainedVariance = critic.fit(batch, context, player.team)
    return record
  }
}

extension AlgorithmKind {
  package static let klLineSearch = AlgorithmKind(
    gradient: "kl-line-search",
    doc: """
      The post's simplest trust region: REINFORCE's step, halved until the policy moves by at most \
      maxKL and its surrogate is not worse.
      """, parameters: LineSearch.parameters, entropyBonus: 0
  ) { KLLineSearch($0) }
}
