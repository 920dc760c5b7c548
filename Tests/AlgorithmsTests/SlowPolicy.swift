// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import TestSupport

/// A network in Double as a plain function of one list of numbers θ: its layers' weights and
/// biases, one after the other. Everything differentiated is differentiated by central differences.
struct SlowNetwork {
  let shapes: [(name: String, shape: [Int])]
  var theta: [Double]
  let isTanh: Bool

  init(_ tensors: [Tensor], isTanh: Bool = false) {
    self.isTanh = isTanh
    shapes = tensors.map { ($0.name, $0.shape) }
    theta = tensors.flatMap(\.values).map(Double.init)
  }

  init(_ model: any Model, isTanh: Bool = false) {
    self.init(model.tensors(of: model.parameters, prefix: ""), isTanh: isTanh)
  }

  func outputs(_ x: [Double], _ theta: [Double]? = nil) -> [Double] {
    let theta = theta ?? self.theta
    let last = shapes.count { $0.name.contains("w") }
    var (values, at, layer) = (x, 0, 0)
    for (name, shape) in shapes {
      if name.hasSuffix("logDeviation") {
        values += theta[at..<at + shape[0]]
        at += shape[0]
      } else if shape.count == 2 {
        if layer > 0 { values = values.map { isTanh ? tanh($0) : max(0, $0) } }
        layer += 1
        values = (0..<shape[0]).map { unit in
          values.indices.reduce(0) { $0 + theta[at + unit * shape[1] + $1] * values[$1] }
        }
        at += shape[0] * shape[1]
      } else {
        for unit in 0..<shape[0] { values[unit] += theta[at + unit] }
        at += shape[0]
      }
    }
    precondition(layer == last)
    return values
  }

  /// ∂out_o/∂θ, shape `[O, P]`.
  func jacobian(_ x: [Double]) -> [[Double]] {
    var columns: [[Double]] = []
    var moved = theta
    for i in theta.indices {
      moved[i] = theta[i] + 1e-6
      let up = outputs(x, moved)
      moved[i] = theta[i] - 1e-6
      let down = outputs(x, moved)
      moved[i] = theta[i]
      columns.append(zip(up, down).map { ($0 - $1) / 2e-6 })
    }
    return columns[0].indices.map { o in columns.map { $0[o] } }
  }
}

/// What an update learns from, twice: as the learner sees it, and dense in Double.
struct UpdateCase {
  let training: Training
  let batch: DecisionBatch
  let rows: [[Double]]
  let actions: [[Double]]
  let distribution: SlowDistribution
  private let isTanh: Bool
  /// What was seen last in the second episode, which a time limit ended.
  let lastRow: [Double]
  let context: UpdateContext

  /// A batch of three episodes of random observations, actions and rewards, whose logits are those
  /// of the training's policy. A time limit ended the second one, behind a decision without a point.
  init(
    _ configuration: ConfigValue, actions space: ActionSpace, _ entries: ObservationForm.Entries,
    progress: Double = 0.25, decisions: Int = 0, seed: UInt64 = 5
  ) {
    let environment = FormOnly(entries, actions: space)
    isTanh = configuration[path: "policy.activation"] == "tanh"
    let choices: [Int]?
    switch space {
    case .discrete(let names): choices = [names.count]
    case .product(let counts): choices = counts
    case .box: choices = nil
    }
    distribution =
      choices.map { SlowDistribution(choices: $0) } ?? SlowDistribution(numbers: space.width)
    training = Setup.training(configuration, environment, seed: seed)
    let model = training.player.model
    batch = training.player.makeBatch()
    var draws = Xoshiro256(seed: seed)
    var (rows, actions): ([[Double]], [[Double]]) = ([], [])
    func row(_ draws: inout Xoshiro256) -> [Float] {
      (0..<environment.form.count).map { _ in
        entries == .signs ? Float(draws.next(below: 3)) - 1 : Float(2 * draws.nextUnit() - 1)
      }
    }
    var lastDraws = Xoshiro256(seed: seed + 100)
    let last = row(&lastDraws)
    batch.lastObservations.append(dense: last)
    lastRow = last.map(Double.init)
    for (episode, length) in [14, 20, 11].enumerated() {
      for t in 0..<length {
        let x = row(&draws)
        batch.observations.append(dense: x)
        let action: [Float] = (0..<space.width).map { entry in
          choices.map { Float(draws.next(below: UInt32($0[entry]))) }
            ?? Float(3 * draws.nextUnit() - 1.5)
        }
        batch.actions += action
        batch.record(logits: model.forward(batch.observations, rows.count))
        let drawn = draws.next(below: 4) == 0 ? Float(draws.next(below: 2)) * 2 - 1 : 0
        let reward = episode == 1 && t == length - 1 ? 0 : drawn
        batch.record(reward: reward, isPoint: reward != 0)
        rows.append(x.map(Double.init))
        actions.append(action.map(Double.init))
      }
      batch.endEpisode(score: Double(draws.next(below: 5)), isTruncated: episode == 1)
    }
    (self.rows, self.actions) = (rows, actions)
    context = UpdateContext(
      update: 3, decisions: decisions, progress: progress,
      streams: RandomStreams(root: 0, seed: seed))
  }

  var policy: SlowNetwork { SlowNetwork(training.player.model, isTanh: isTanh) }

  /// The value baseline's network as the learner holds it.
  var value: SlowNetwork {
    SlowNetwork(
      (training.learner?.tensors(training.player) ?? []).filter { $0.name.hasPrefix("value.") },
      isTanh: isTanh)
  }

  func update() -> UpdateRecord {
    guard let learner = training.learner else { return UpdateRecord() }
    return learner.update(training.player, from: batch, context)
  }

  /// R_t, or generalized advantages against `values`, those of `value` as it is; standardized over
  /// the batch where asked.
  func advantages(discount: Double, lambda: Double = 1, values: [Double]? = nil, standardize: Bool)
    -> [Double]
  {
    var result = [Double](repeating: 0, count: rows.count)
    let lastValue = values == nil ? 0 : value.outputs(lastRow)[0]
    for (number, episode) in batch.episodes.enumerated() {
      for t in episode {
        // Forward from t to the next point or end: the definition, not the recurrence.
        var (weight, k) = (1.0, t)
        while true {
          let isLast = k == episode.upperBound - 1 || batch.points[k]
          let isLimit = number == 1 && k == episode.upperBound - 1
          let v = values.map { $0[k] } ?? 0
          let next = isLimit ? lastValue : isLast ? 0 : values.map { $0[k + 1] } ?? 0
          result[t] += weight * (Double(batch.rewards[k]) + discount * next - v)
          if isLast { break }
          weight *= discount * lambda
          k += 1
        }
      }
    }
    guard standardize else { return result }
    let mean = result.reduce(0, +) / Double(result.count)
    let variance = result.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(result.count)
    return result.map { ($0 - mean) / variance.squareRoot() }
  }

  /// Σ over decisions of Jᵀ·g with g from the decision's number and logits.
  func gradient(
    _ network: SlowNetwork, over decisions: some Sequence<Int>,
    _ g: (Int, [Double]) -> [Double]
  ) -> [Double] {
    var sum = [Double](repeating: 0, count: network.theta.count)
    for t in decisions {
      for (weight, row) in zip(g(t, network.outputs(rows[t])), network.jacobian(rows[t]))
      where weight != 0 {
        for i in sum.indices { sum[i] += weight * row[i] }
      }
    }
    return sum
  }

  /// Σ_t A_t·∂log π/∂θ + β·∂H/∂θ.
  func score(_ network: SlowNetwork, _ advantages: [Double], entropy beta: Double) -> [Double] {
    gradient(network, over: rows.indices) { t, logits in
      SlowDistribution.gradient(logits) {
        advantages[t] * distribution.logProbability($0, of: actions[t])
          + (beta == 0 ? 0 : beta * distribution.entropy($0))
      }
    }
  }

  /// Mean KL from `old` and mean A·π/π₀ at `theta`.
  func change(_ old: SlowNetwork, _ theta: [Double], _ advantages: [Double]) -> (
    kl: Double, surrogate: Double
  ) {
    var (kl, surrogate) = (0.0, 0.0)
    for (t, x) in rows.enumerated() {
      let (a, b) = (old.outputs(x), old.outputs(x, theta))
      kl += distribution.divergence(a, b)
      surrogate += advantages[t] * ratio(t, a, b)
    }
    return (kl / Double(rows.count), surrogate / Double(rows.count))
  }
}

extension UpdateCase {
  /// π/π₀ of decision `t`, by its outputs.
  func ratio(_ t: Int, _ old: [Double], _ new: [Double]) -> Double {
    exp(
      distribution.logProbability(new, of: actions[t])
        - distribution.logProbability(old, of: actions[t]))
  }
}

/// An environment that is only asked for its form.
final class FormOnly: Environment {
  let form: ObservationForm
  let actions: ActionSpace

  init(_ entries: ObservationForm.Entries, actions: ActionSpace, width: Int = 9) {
    form = ObservationForm(entries, width: width)
    self.actions = actions
  }

  func reset(draws: Xoshiro256) {}
  func step(_ action: Action) -> Transition {
    Transition(reward: 0, frames: 1, ending: .terminated)
  }
}

extension ObservationBatch {
  /// Appends a row given with all its zeros.
  func append(dense x: [Float]) {
    switch form.entries {
    case .numbers: numbers += x
    case .signs:
      signs.append { writer in
        for (i, v) in x.enumerated() where v == 1 { writer.put(i) }
        writer.beginMinus()
        for (i, v) in x.enumerated() where v == -1 { writer.put(i) }
      }
    }
  }
}
