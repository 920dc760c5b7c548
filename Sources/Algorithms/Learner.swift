// SPDX-License-Identifier: MIT

package import Artifacts
import Kernels
import Policies
package import Randomness

/// Where in a training an update stands.
package struct UpdateContext: Sendable {
  /// Updates made before this one.
  package var update: Int
  /// Decisions made before this update's batch.
  package var decisions: Int
  /// Share of the training that is done, 0...1.
  package var progress: Double
  package var streams: RandomStreams

  package init(update: Int, decisions: Int, progress: Double, streams: RandomStreams) {
    self.update = update
    self.decisions = decisions
    self.progress = progress
    self.streams = streams
  }
}

/// An update rule: from a batch of decisions to better parameters.
package protocol Learner: AnyObject {
  /// Called before each episode of an update, `index` counted from 0: a search over parameters
  /// sets those to be tried.
  func prepare(_ player: Player, episode index: Int, _ context: UpdateContext)
  /// Puts back what `prepare` set, where an update's episodes cannot be played to their end.
  func abandon(_ player: Player)
  /// Whether every episode of an update is played with parameters of its own.
  var searchesParameters: Bool { get }
  /// Learns from a batch that `player` played.
  ///
  /// - Returns: what it measured, nil what it does not have. The counters, `deadUnits`, `truncated`
  ///   and a `weightNorm` that is nil are filled in by `Training`.
  func update(_ player: Player, from batch: DecisionBatch, _ context: UpdateContext)
    -> UpdateRecord
  /// Puts the state back to its start, before the player's first episode.
  func restart(_ player: Player, streams: RandomStreams)
  /// Everything that continuing needs beside the policy's parameters.
  func tensors(_ player: Player) -> [Tensor]
  /// - Returns: nil when all fits, otherwise what does not.
  func load(_ find: (String) -> Tensor?, _ player: Player) -> String?
}

extension Learner {
  package var searchesParameters: Bool { false }
  package func prepare(_ player: Player, episode index: Int, _ context: UpdateContext) {}
  package func abandon(_ player: Player) {}
}

/// What all learners have that ascend a gradient of the policy's objective, and its state.
package class GradientLearner {
  let critic: Critic
  /// Of the policy; nil where steps are of another kind.
  private let policyOptimizer: Optimizer?
  let entropyBonus: EntropyBonus
  let gradient: AlignedFloats

  init(_ setup: LearnerSetup, hasOptimizer: Bool = true) {
    let model = setup.player.model
    critic = Critic(configuration: setup.configuration, player: setup.player)
    policyOptimizer =
      hasOptimizer ? Optimizer(configuration: setup.configuration, model: model) : nil
    entropyBonus = EntropyBonus(setup.settings)
    gradient = model.makeBlock()
  }

  var optimizer: Optimizer {
    guard let policyOptimizer else { preconditionFailure("a learner without an optimizer") }
    return policyOptimizer
  }

  package func restart(_ player: Player, streams: RandomStreams) {
    policyOptimizer?.restart()
    critic.restart(streams: streams)
  }

  package func tensors(_ player: Player) -> [Tensor] {
    (policyOptimizer?.tensors(of: player.model, prefix: "optimizer.") ?? []) + critic.tensors()
  }

  package func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    policyOptimizer?.load(find, of: player.model, prefix: "optimizer.") ?? critic.load(find)
  }
}
