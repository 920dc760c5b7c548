// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import ParameterSchema
import Policies

/// Trust region policy optimization (Schulman et al. 2015): the natural gradient x = F⁻¹g by
/// conjugate gradient, scaled by √(2δ / xᵀFx) to the edge of the region, then a line search.
///
/// g is the mean over decisions. For the logits' distribution F·v = Jᵀ·F_z·J·v / N, with F_z the
/// Fisher matrix of the logits: one forward-mode and one reverse-mode pass over the sparse batch,
/// exact, without automatic differentiation.
final class TrustRegion: GradientLearner, Learner {
  private let search: LineSearch
  private let solver: ConjugateGradient
  /// Added to F's diagonal.
  private let damping: Double
  /// The Fisher matrix is that of every k-th decision.
  private let fisherEvery: Int
  private let old: AlignedFloats

  init(_ setup: LearnerSetup) {
    let (settings, model) = (setup.settings, setup.player.model)
    search = LineSearch(settings)
    damping = settings.number("damping")
    fisherEvery = settings.integer("fisherEvery")
    solver = ConjugateGradient(
      iterations: settings.integer("cgIterations"), tolerance: 1e-10, model)
    old = model.makeBlock()
    super.init(setup, hasOptimizer: false)
  }

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    let (model, kernels) = (player.model, player.model.kernels)
    var record = UpdateRecord()
    critic.compute(batch)
    let scale = 1 / Double(max(1, batch.count))
    player.accumulateScore(
      into: gradient, batch, advantages: critic.advantages, scale: scale,
      entropyScale: scale * entropyBonus.weight(at: context))
    model.finishGradient(gradient)
    let squares = kernels.dot(gradient, gradient)
    record.gradientNorm = squares.squareRoot()
    record.explainedVariance = critic.fit(batch, context, player.team)
    defer { gradient.clear() }
    // A batch in which nothing was gained or lost has nothing to say, and its direction is 0/0.
    if squares > 0 {
      let solution = solver.solve(gradient, kernels) { direction, product in
        multiplyFisher(player, batch, direction, into: product)
      }
      record.residual = solution.residual
      if solution.curvature > 0 {
        let length = (2 * search.maxKL / solution.curvature).squareRoot()
        kernels.scale(solver.solution, by: Float(length))
        old.copy(from: model.parameters)
        search.run(
          player, old: old, step: solver.solution, batch, advantages: critic.advantages, &record)
      }
    }
    if record.meanKL == nil {
      let change = player.change(on: batch, limit: Player.glance)
      (record.meanKL, record.entropy) = (0, change.entropy)
      (record.stepFraction, record.backtracks) = (0, 0)
    }
    return record
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
}

extension AlgorithmKind {
  package static let trpo = AlgorithmKind(
    gradient: "trpo",
    doc: """
      Trust region policy optimization (Schulman et al. 2015): natural gradient by conjugate \
      gradient, then a line search. An optimizer serves its value baseline only.
      """,
    parameters: LineSearch.parameters + [
      Parameter(
        "cgIterations", .integer(1...1000), default: 10,
        doc: "Conjugate gradient iterations, two passes over the batch each."),
      Parameter(
        "damping", .number(.closed(0, 10)), default: 0.1,
        doc: "Added to the Fisher matrix's diagonal."),
      Parameter(
        "fisherEvery", .integer(1...1000), default: 1, unit: "decisions",
        doc: "The Fisher matrix is that of every k-th decision."),
    ], entropyBonus: 0,
    unused: [
      UnusedKeys(["optimizer"], because: ["algorithm.kind", "returns.baseline"]) {
        $0[path: "returns.baseline"] != "value"
      }
    ]
  ) { TrustRegion($0) }
}
