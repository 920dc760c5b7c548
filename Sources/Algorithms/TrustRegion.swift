// SPDX-License-Identifier: MIT

package import Artifacts
import Kernels
import Policies
package import Randomness

/// Trust region policy optimization (Schulman et al. 2015): the natural gradient x = F⁻¹g by
/// conjugate gradient, scaled by √(2δ / xᵀFx) to the edge of the region, then a line search.
///
/// g is the mean over decisions. For the logits' distribution F·v = Jᵀ·F_z·J·v / N, with F_z the
/// Fisher matrix of the logits: one forward-mode and one reverse-mode pass over the sparse batch,
/// exact, without automatic differentiation.
package final class TrustRegion: Learner {
  private let advantages: Advantages
  private let entropyBonus: EntropyBonus
  private let search: LineSearch
  private let solver: ConjugateGradient
  /// Added to F's diagonal.
  private let damping: Double
  /// The Fisher matrix is that of every k-th decision.
  private let fisherEvery: Int
  private let gradient, old: AlignedFloats

  init(
    advantages: Advantages, entropyBonus: EntropyBonus, search: LineSearch, iterations: Int,
    damping: Double, fisherEvery: Int, policy: any Model
  ) {
    self.advantages = advantages
    self.entropyBonus = entropyBonus
    self.search = search
    self.damping = damping
    self.fisherEvery = fisherEvery
    solver = ConjugateGradient(iterations: iterations, tolerance: 1e-10, policy)
    (gradient, old) = (policy.makeBlock(), policy.makeBlock())
  }

  package func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateStatistics {
    let (model, kernels) = (player.model, player.model.kernels)
    var statistics = UpdateStatistics()
    statistics.deadUnits = model.deadUnits
    advantages.compute(batch)
    let scale = 1 / Double(max(1, batch.count))
    player.accumulateScore(
      into: gradient, batch, advantages: advantages.all, scale: scale,
      entropyScale: scale * entropyBonus.weight(at: context))
    let squares = kernels.dot(gradient, gradient)
    statistics.gradientNorm = squares.squareRoot()
    statistics.explainedVariance = advantages.fitValue(batch, progress: context.progress)
    defer { gradient.clear() }
    // A batch in which nothing was gained or lost has nothing to say, and its direction is 0/0.
    if squares > 0 {
      let solution = solver.solve(gradient, kernels) { direction, product in
        multiplyFisher(player, batch, direction, into: product)
      }
      statistics.residual = solution.residual
      if solution.curvature > 0 {
        let length = (2 * search.maxKL / solution.curvature).squareRoot()
        kernels.scale(solver.solution, by: Float(length))
        old.copy(from: model.parameters)
        statistics.record(
          search.run(player, old: old, step: solver.solution, batch, advantages: advantages.all))
      }
    }
    if statistics.meanKL == nil {
      let change = player.change(on: batch, limit: Player.glance)
      (statistics.meanKL, statistics.entropy) = (0, change.entropy)
      (statistics.stepFraction, statistics.backtracks) = (0, 0)
    }
    statistics.weightNorm = kernels.dot(model.parameters, model.parameters).squareRoot()
    return statistics
  }

  /// `product ← (F + damping·I)·direction`.
  private func multiplyFisher(
    _ player: Player, _ batch: DecisionBatch, _ direction: AlignedFloats,
    into product: AlignedFloats
  ) {
    product.clear()
    player.accumulateFisher(times: direction, into: product, batch, every: fisherEvery)
    player.model.kernels.add(direction, times: Float(damping), to: product)
  }

  package func restart(_ player: Player, streams: RandomStreams) {
    advantages.restart(streams: streams)
  }
  package func tensors(_ player: Player) -> [Tensor] { advantages.tensors() }
  package func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    advantages.load(find)
  }
}
