// SPDX-License-Identifier: MIT

package import Artifacts
import Policies
package import Randomness

/// What one update did to the policy; nil is what its algorithm does not have.
package struct UpdateStatistics: Hashable, Sendable {
  /// Euclidean norm of the gradient given to the optimizer.
  package var gradientNorm: Double?
  /// Mean KL(old ‖ new), nats per decision.
  package var meanKL: Double?
  /// Mean entropy of the old policy, nats per decision.
  package var entropy: Double?
  /// The surrogate mean(A·π/π₀) on the batch.
  package var surrogateBefore: Double?
  package var surrogateAfter: Double?
  /// Share of the proposed step that was taken; 0 where none was.
  package var stepFraction: Double?
  /// How often the step was shortened.
  package var backtracks: Double?
  /// ‖F·x − g‖ / ‖g‖ after the conjugate gradient.
  package var residual: Double?
  /// 1 − Var(target − V) / Var(target) of the value baseline before the update.
  package var explainedVariance: Double?
  /// Share of the decisions whose ratio was clipped, over all epochs.
  package var clipFraction: Double?
  /// Mean deviation of a search over parameters, after the update.
  package var searchDeviation: Double?
  /// Share of the batch's episodes that a time limit ended.
  package var truncated: Double?
  /// Share of hidden units that fired on no decision of the batch.
  package var deadUnits: Double?
  /// Euclidean norm of the parameters after the update.
  package var weightNorm: Double?

  package init() {}
}

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
  func update(_ player: Player, from batch: DecisionBatch, _ context: UpdateContext)
    -> UpdateStatistics
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
