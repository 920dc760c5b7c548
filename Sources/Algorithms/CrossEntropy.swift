// SPDX-License-Identifier: MIT

import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness

/// The cross-entropy method (Rubinstein 1999; Szita and Lőrincz 2006): draw a population of
/// parameters around a mean, play an episode with each, and refit mean and deviation to the best.
///
/// Between updates the policy's parameters are the mean, which is what checkpoints keep and
/// evaluations play.
final class CrossEntropy: Learner {
  private let eliteFraction: Double
  private let initialDeviation: Double
  /// Added to every variance at the start, falling to 0 in a straight line at half of the training.
  private let extraNoise: Double
  private let population: Int
  private let mean, deviation: AlignedFloats
  /// 1 at every parameter, 0 where rows are padded.
  private let places: AlignedFloats

  init(_ setup: LearnerSetup) {
    let (settings, policy) = (setup.settings, setup.player.model)
    population = settings.integer("population")
    eliteFraction = settings.number("eliteFraction")
    initialDeviation = settings.number("initialDeviation")
    extraNoise = settings.number("extraNoise")
    (mean, deviation, places) = (policy.makeBlock(), policy.makeBlock(), policy.makeBlock())
    let ones = policy.tensors(of: places, prefix: "").map {
      Tensor(
        name: $0.name, shape: $0.shape, values: [Float](repeating: 1, count: $0.values.count))
    }
    _ = policy.load({ name in ones.first { $0.name == name } }, prefix: "", into: places)
  }

  var searchesParameters: Bool { true }

  func prepare(_ player: Player, episode index: Int, _ context: UpdateContext) {
    if index == 0 { mean.copy(from: player.model.parameters) }
    candidate(index, context, into: player.model.parameters)
    player.model.parametersDidChange()
  }

  func abandon(_ player: Player) {
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

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    let scores = scores(player, batch)
    let count = max(1, Int((eliteFraction * Double(scores.count)).rounded()))
    let elite = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count)
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
    var record = UpdateRecord()
    record.searchDeviation = total / Double(max(1, places.floats.reduce(0) { $0 + Double($1) }))
    return record
  }

  /// What each candidate earned: the game's own return, or the sum of what the reward rule makes of
  /// it. Nothing is discounted.
  private func scores(_ player: Player, _ batch: DecisionBatch) -> [Double] {
    if player.reward.isOwn { return batch.scores }
    return batch.episodes.map { $0.reduce(0.0) { $0 + Double(batch.rewards[$1]) } }
  }

  func restart(_ player: Player, streams: RandomStreams) {
    deviation.clear()
    player.model.kernels.add(places, times: Float(initialDeviation), to: deviation)
  }

  func tensors(_ player: Player) -> [Tensor] {
    player.model.tensors(of: deviation, prefix: "search.deviation.")
  }

  func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    player.model.load(find, prefix: "search.deviation.", into: deviation)
  }
}

extension AlgorithmKind {
  package static let cem = AlgorithmKind(
    Component(
      id: "cem",
      doc: """
        The cross-entropy method (Szita and Lőrincz 2006) over the policy's parameters; for small \
        policies. Candidates are ranked by the undiscounted sum of the rewards that learning sees.
        """,
      parameters: [
        Parameter(
          "population", .integer(2...10_000), default: 50, unit: "episodes",
          doc: "Parameters drawn for an update; an episode is played with each."),
        Parameter(
          "eliteFraction", .number(.openClosed(0, 1)), default: 0.2,
          doc: "Share of the population that mean and deviation are refitted to."),
        Parameter(
          "initialDeviation", .number(.above(0)), default: 1,
          doc: "Deviation of every parameter at the start."),
        Parameter(
          "extraNoise", .number(.atLeast(0)), default: 0,
          doc: """
            Added to every variance at the start, falling to 0 at half of the training, against \
            settling early (Szita and Lőrincz 2006).
            """),
      ],
      constraints: [
        Constraint(code: "large-search", severity: .warning, path: "algorithm.kind") { all in
          guard case .array(let hidden)? = all[path: "policy.hidden"],
            case .number(let first)? = hidden.first, first > 64,
            all[path: "observation.kind"] != "raw"
          else { return nil }
          return """
            cem draws every weight; it is meant for small policies, such as linear on objects
            """
        }
      ],
      unused: [
        UnusedKeys(["optimizer", "returns", "reward.normalize"], because: ["algorithm.kind"])
      ]),
    batchSize: { .episodes($0.integer("population")) }, makeLearner: { CrossEntropy($0) })
}
