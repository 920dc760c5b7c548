// SPDX-License-Identifier: MIT

package import Artifacts
import Environments
import Kernels
import Policies
package import Randomness

/// The cross-entropy method (Rubinstein 1999; Szita and Lőrincz 2006): draw a population of
/// parameters around a mean, play an episode with each, and refit mean and deviation to the best.
///
/// Between updates the policy's parameters are the mean, which is what checkpoints keep and
/// evaluations play.
package final class CrossEntropy: Learner {
  private let eliteFraction: Double
  private let initialDeviation: Double
  /// Added to every variance at the start, falling to 0 in a straight line at half of the training.
  private let extraNoise: Double
  private let population: Int
  private let mean, deviation: AlignedFloats
  /// 1 at every parameter, 0 where rows are padded.
  private let places: AlignedFloats

  init(
    population: Int, eliteFraction: Double, initialDeviation: Double, extraNoise: Double,
    policy: any Model
  ) {
    self.population = population
    self.eliteFraction = eliteFraction
    self.initialDeviation = initialDeviation
    self.extraNoise = extraNoise
    (mean, deviation, places) = (policy.makeBlock(), policy.makeBlock(), policy.makeBlock())
    let ones = policy.tensors(of: places, prefix: "").map {
      Tensor(
        name: $0.name, shape: $0.shape, values: [Float](repeating: 1, count: $0.values.count))
    }
    _ = policy.load({ name in ones.first { $0.name == name } }, prefix: "", into: places)
  }

  package var searchesParameters: Bool { true }

  package func prepare(_ player: Player, episode index: Int, _ context: UpdateContext) {
    if index == 0 { mean.copy(from: player.model.parameters) }
    candidate(index, context, into: player.model.parameters)
    player.model.parametersDidChange()
  }

  package func abandon(_ player: Player) {
    player.model.parameters.copy(from: mean)
    player.model.parametersDidChange()
  }

  /// μ + σ∘ε, with ε of this candidate's own stream: it can be drawn again.
  private func candidate(_ index: Int, _ context: UpdateContext, into block: AlignedFloats) {
    let number = UInt64(context.update) * UInt64(population) + UInt64(index)
    var normal = NormalDraws(context.streams.generator(.perturbation, index: number))
    let (theta, mu, sigma, place) = (block.floats, mean.floats, deviation.floats, places.floats)
    for i in 0..<block.count {
      theta[i] = place[i] == 0 ? 0 : mu[i] + sigma[i] * Float(normal.next())
    }
  }

  package func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateStatistics {
    let returns = returns(player, batch)
    let count = max(1, Int((eliteFraction * Double(returns.count)).rounded()))
    let elite = returns.indices.sorted { (-returns[$0], $0) < (-returns[$1], $1) }.prefix(count)
    let model = player.model
    var sums = [Double](repeating: 0, count: mean.count)
    var squares = sums
    for index in elite {
      candidate(index, context, into: model.parameters)
      let theta = model.parameters.floats
      for i in sums.indices {
        let x = Double(theta[i])
        sums[i] += x
        squares[i] += x * x
      }
    }
    let noise = extraNoise * max(0, 1 - 2 * context.progress)
    var total = 0.0
    for i in sums.indices where places.floats[i] != 0 {
      let mu = sums[i] / Double(count)
      let variance = max(0, squares[i] / Double(count) - mu * mu) + noise
      model.parameters.floats[i] = Float(mu)
      deviation.floats[i] = Float(variance.squareRoot())
      total += variance.squareRoot()
    }
    model.parametersDidChange()
    var statistics = UpdateStatistics()
    statistics.deadUnits = model.deadUnits
    statistics.searchDeviation = total / Double(max(1, places.floats.reduce(0) { $0 + Double($1) }))
    statistics.weightNorm = model.kernels.dot(model.parameters, model.parameters).squareRoot()
    return statistics
  }

  /// What each candidate earned: the game's own return, or the sum of what the reward rule makes of
  /// it. Nothing is discounted.
  private func returns(_ player: Player, _ batch: DecisionBatch) -> [Double] {
    if player.reward.isOwn { return batch.returns }
    return batch.episodes.map { $0.reduce(0.0) { $0 + Double(batch.rewards[$1]) } }
  }

  package func restart(_ player: Player, streams: RandomStreams) {
    deviation.clear()
    player.model.kernels.add(places, times: Float(initialDeviation), to: deviation)
  }

  package func tensors(_ player: Player) -> [Tensor] {
    player.model.tensors(of: deviation, prefix: "search.deviation.")
  }

  package func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    player.model.load(find, prefix: "search.deviation.", into: deviation)
  }
}
