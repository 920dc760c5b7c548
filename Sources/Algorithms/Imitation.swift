// SPDX-License-Identifier: MIT

package import Environments
import Kernels
package import ParameterSchema
import Policies
package import Randomness

/// Supervised learning of what a player did: ascends the mean of log π(a|s) over recorded decisions,
/// as AlphaGo did before its policy gradient (Silver et al. 2016).
///
/// The last tenth of each game is held out. What is kept in the end are the weights of the pass after
/// which the mean log π of that tenth was highest.
package final class Imitation {
  /// How well a policy foretells the decisions that were held out.
  package struct Fit: Sendable {
    /// Mean −log π, in nats.
    package var loss = 0.0
    /// Share of decisions at which the likeliest action is the player's.
    package var agreement = 0.0
  }

  /// Decisions that are learned from, that are held out, and at which the policy was offered nothing
  /// like what the player did.
  package private(set) var counts = (learned: 0, held: 0, without: 0)
  private let player: Player
  private let optimizer: Optimizer
  private let batch: DecisionBatch
  private let best: AlignedFloats
  private var order: [Int] = []
  private var held: [Int] = []
  private var draws: Xoshiro256
  private static let minibatch = 64

  /// - Parameters:
  ///   - training: at its start; its policy learns.
  ///   - configuration: validated, with the optimizer's section.
  package init(_ training: Training, _ configuration: ConfigValue) {
    player = training.player
    optimizer = Optimizer(configuration: configuration, model: player.model)
    batch = player.makeBatch()
    best = player.model.makeBlock()
    draws = training.streams.generator(.minibatches, index: 0)
  }

  /// Adds a game's decisions.
  package func add(_ game: RecordedPong, draws: Xoshiro256) {
    let first = batch.count
    game.reset(draws: draws)
    var known: [Int] = []
    var isOver = false
    while !isOver {
      // Rows may build on those before them, so that none is left out.
      switch game.form.entries {
      case .signs: batch.observations.signs.append { game.observe(&$0) }
      case .numbers: game.observe(into: &batch.observations.numbers)
      }
      if game.choice == nil { counts.without += 1 } else { known.append(batch.count) }
      batch.actions.append(Float(game.choice ?? 0))
      batch.record(logits: player.model.forward(batch.observations, batch.count))
      isOver = game.step(0).ending != .none
    }
    let start = batch.count - (batch.count - first) / 10
    order += known.filter { $0 < start }
    held += known.filter { $0 >= start }
    (counts.learned, counts.held) = (order.count, held.count)
  }

  /// Goes over all decisions so many times, in minibatches, shuffled anew each time.
  ///
  /// - Parameter tell: called after each pass, from 1, with how what was held out is foretold.
  /// - Returns: the pass whose weights were kept, and its fit.
  package func learn(passes: Int, tell: (Int, Fit) -> Void) -> (pass: Int, fit: Fit) {
    let model = player.model
    let gradient = model.makeBlock()
    var kept = (pass: 0, fit: fit())
    best.copy(from: model.parameters)
    for pass in 1...max(1, passes) {
      shuffle(&order, &draws)
      let parts = minibatches(
        of: order, count: max(1, (order.count + Self.minibatch - 1) / Self.minibatch))
      for part in parts {
        for t in part { accumulate(t, 1 / Double(part.count), gradient) }
        _ = optimizer.step(model, gradient: gradient, progress: Double(pass - 1) / Double(passes))
        model.parametersDidChange()
      }
      let fit = fit()
      tell(pass, fit)
      if fit.loss < kept.fit.loss {
        kept = (pass, fit)
        best.copy(from: model.parameters)
      }
    }
    model.parameters.copy(from: best)
    model.parametersDidChange()
    return kept
  }

  private func accumulate(_ t: Int, _ weight: Double, _ gradient: AlignedFloats) {
    let (distribution, width) = (player.distribution, batch.width)
    batch.withDecisions { _, actions in
      player.model.accumulate(into: gradient, batch.observations, t) { outputs, g in
        distribution.writeScore(
          outputs, action: actions + t * width, weight: weight, entropyWeight: 0, to: g)
        return true
      }
    }
  }

  private func fit() -> Fit {
    var fit = Fit()
    var mode: [Float] = []
    for t in held {
      let outputs = player.model.forward(batch.observations, t)
      batch.withDecisions { _, actions in
        fit.loss -= player.distribution.logProbability(outputs, of: actions + t * batch.width)
      }
      mode.removeAll(keepingCapacity: true)
      _ = player.distribution.mode(outputs, into: &mode)
      if mode[0] == batch.actions[t] { fit.agreement += 1 }
    }
    fit.loss /= Double(max(1, held.count))
    fit.agreement /= Double(max(1, held.count))
    return fit
  }
}
