// SPDX-License-Identifier: MIT

package import Environments
package import Kernels
package import Policies
package import Randomness

/// What an episode came to.
package struct EpisodeSummary: Hashable, Sendable {
  /// The undiscounted sum of rewards.
  package var `return` = 0.0
  /// Decisions.
  package var length = 0
  package var frames = 0

  mutating func add(_ transition: Transition) {
    `return` += transition.reward
    length += 1
    frames += transition.frames
  }
}

/// How an action is taken from the policy's probabilities.
package enum ActionChoice: String, Sendable, CaseIterable {
  /// Drawn from them.
  case sample
  /// The likeliest one.
  case greedy
}

/// One decision of a few actions as a watcher of an episode sees it.
package struct WatchedDecision: Sendable {
  /// See `ActionDistribution.firstProbability`.
  package var firstProbability: Double
  package var action: Action
  package var reward: Double
}

/// How many passes an update made: a measure of computing that is the same on every machine.
///
/// One pass is a forward, backward or tangent pass of the policy over one decision; one of a value
/// network counts as its share of the policy's multiplications.
package final class PassCount {
  package private(set) var count = 0.0

  package func add(_ passes: Int, weight: Double = 1) { count += Double(passes) * weight }
  func reset() { count = 0 }
}

/// A policy that plays: its model, and what its outputs mean.
package struct Player {
  package private(set) var model: any Model
  package let distribution: ActionDistribution
  package var choice = ActionChoice.sample
  /// What learning sees of rewards.
  package let reward: RewardRule
  /// nil where nothing is normalized.
  package let normalization: Normalization?
  private(set) var counter: PlayCounter
  /// Of the update under way, beside the playing of its batch.
  package let passes = PassCount()
  /// The threads that learn from what is played.
  let team: ThreadTeam

  package init(
    model: any Model, distribution: ActionDistribution, reward: RewardRule,
    normalization: Normalization? = nil, counter: PlayCounter = PlayCounter(),
    team: ThreadTeam = ThreadTeam()
  ) {
    self.team = team
    self.normalization = normalization
    self.counter = counter
    self.model = model
    self.distribution = distribution
    self.reward = reward
    let outputs = distribution.outputs
    guard model.outputCount == outputs.count + outputs.deviations else {
      fatalError("\(model.outputCount) outputs for \(distribution.space)")
    }
  }

  /// A batch for what it plays.
  package func makeBatch() -> DecisionBatch {
    DecisionBatch(for: model, width: distribution.space.width)
  }

  /// One that plays the same on another thread; nil where the model has no twin.
  func twin() -> Player? {
    guard let model = model.twin() else { return nil }
    var twin = self
    twin.model = model
    twin.counter = counter.part()
    return twin
  }

  /// The same with another model of the same shape, which sees no reward.
  func playing(_ model: any Model) -> Player {
    var other = self
    other.model = model
    return other
  }

  /// Plays one episode and records it in `batch`.
  ///
  /// - Parameters:
  ///   - number: the episode's, for messages; nil where it has none.
  ///   - environmentDraws, policyDraws: fresh streams of this episode.
  ///   - opponent: who has the other seat of a game for two.
  ///   - watch: called after each decision.
  package func playEpisode(
    _ environment: any Environment, number: Int? = nil, into batch: DecisionBatch,
    environmentDraws: Xoshiro256, policyDraws: Xoshiro256, opponent: Opponent? = nil,
    watch: ((WatchedDecision) -> Void)? = nil
  ) throws(EnvironmentError) -> EpisodeSummary {
    var episode = try Episode(
      environment, self, number: number, environmentDraws: environmentDraws,
      policyDraws: policyDraws, opponent: opponent)
    var isOver = false
    while !isOver {
      try episode.act(into: batch)
      isOver = try episode.finish(into: batch)
      guard let watch else { continue }
      let probability = batch.withDecisions { outputs, _ in
        distribution.firstProbability(outputs + (batch.count - 1) * batch.logitCount)
      }
      watch(
        WatchedDecision(
          firstProbability: probability, action: episode.action, reward: episode.reward))
    }
    return episode.summary
  }
}
