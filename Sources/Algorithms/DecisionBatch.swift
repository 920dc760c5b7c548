// SPDX-License-Identifier: MIT

import Artifacts
import Environments
package import Kernels
package import Policies

/// The decisions of the episodes that one update learns from.
package final class DecisionBatch {
  package let observations: ObservationBatch
  /// What was observed before it was normalized, shape `[T, D]`; empty where it is not.
  var rawObservations: [Float] = []
  /// O, a policy's outputs for one decision.
  package let logitCount: Int
  /// The outputs at which each action was drawn, shape `[T, O]`.
  package private(set) var logits: [Float] = []
  /// The policy's units that fired at each decision, where it learns from them.
  let keptGates: GateBatch
  /// Entries of an action.
  package let width: Int
  /// Each decision's action as it was drawn, not clipped, shape `[T, width]`.
  package var actions: [Float] = []
  /// T.
  package private(set) var count = 0
  /// What is learned from, after the reward rule.
  package private(set) var rewards: [Float] = []
  /// Whether the game itself gave a reward, which ends a rally.
  package private(set) var points: [Bool] = []
  /// Each finished episode's decisions.
  package private(set) var episodes: [Range<Int>] = []
  /// Each finished episode's return by the game's own rewards.
  package private(set) var scores: [Double] = []
  /// What was seen last in each episode that a time limit ended, in the order of these episodes.
  package let lastObservations: ObservationBatch
  /// For each finished episode its row in `lastObservations`; nil where it ended by itself.
  package private(set) var truncations: [Int?] = []

  /// A batch of what `policy` reads and writes.
  ///
  /// - Parameter width: entries of an action.
  package init(for policy: any Model, width: Int = 1) {
    self.width = width
    func rows() -> ObservationBatch {
      ObservationBatch(
        form: policy.form, patternBase: policy.patternBase, takesFrames: policy.takesFrames)
    }
    (observations, lastObservations) = (rows(), rows())
    logitCount = policy.outputCount
    keptGates = GateBatch(lanes: policy.gateLanes)
  }

  /// The gates of all decisions; nil where some were recorded without.
  var gates: GateBatch? { keptGates.isUsed && keptGates.count == count ? keptGates : nil }

  /// Forgets everything, keeps the memory.
  package func removeAll() {
    observations.removeAll()
    rawObservations.removeAll(keepingCapacity: true)
    logits.removeAll(keepingCapacity: true)
    keptGates.removeAll()
    actions.removeAll(keepingCapacity: true)
    count = 0
    rewards.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
    episodes.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    lastObservations.removeAll()
    truncations.removeAll(keepingCapacity: true)
  }

  /// Adds what the policy answered to the observation appended last; its action stands at the end
  /// of `actions`.
  @inline(__always)
  package func record(logits outputs: Outputs) {
    for o in 0..<logitCount { logits.append(outputs[o]) }
    count &+= 1
  }

  /// Adds what the decision recorded last led to.
  @inline(__always)
  package func record(reward: Float, isPoint: Bool) {
    rewards.append(reward)
    points.append(isPoint)
  }

  /// Replaces every reward.
  func scaleRewards(_ scale: (Float) -> Float) { rewards = rewards.map(scale) }

  /// Closes the episode that began after the last one.
  ///
  /// - Parameter isTruncated: whether a time limit ended it; what was seen last has then been
  ///   appended to `lastObservations`.
  package func endEpisode(score: Double, isTruncated: Bool = false) {
    episodes.append((episodes.last?.upperBound ?? 0)..<count)
    scores.append(score)
    truncations.append(isTruncated ? lastObservations.count - 1 : nil)
  }

  /// Share of the finished episodes that a time limit ended, 0...1; 0 of none.
  package var truncatedShare: Double {
    Double(truncations.count { $0 != nil }) / Double(max(1, truncations.count))
  }

  /// Appends all decisions of another batch of the same policy, which end an episode; none of one
  /// that has not ended.
  package func append(_ other: DecisionBatch) {
    observations.append(other.observations)
    rawObservations += other.rawObservations
    logits += other.logits
    keptGates.append(other.keptGates)
    actions += other.actions
    rewards += other.rewards
    points += other.points
    episodes += other.episodes.map { $0.lowerBound + count..<$0.upperBound + count }
    scores += other.scores
    count += other.count
    truncations += other.truncations.map { row in
      row.map {
        lastObservations.append($0, of: other.lastObservations)
        return lastObservations.count - 1
      }
    }
  }

  /// What names of `samples` begin with.
  package static let samplesPrefix = "samples."

  /// The batch where actions are numbers and every episode was one decision, so that it is no more
  /// than a sample of the policy's distribution: the outputs that it was drawn at, shape `[T, O]`, the
  /// actions, `[T, width]`, what was learned from them, `[T]`, and what `player` would now draw the
  /// first at, `[O]`. Nothing elsewhere.
  func samples(of player: Player) -> [Tensor] {
    guard case .box = player.distribution.space, count > 0, count == episodes.count else {
      return []
    }
    let after = player.model.forward(observations, 0)
    func tensor(_ name: String, _ values: [Float], _ shape: [Int]) -> Tensor {
      Tensor(name: Self.samplesPrefix + name, shape: shape, values: values)
    }
    return [
      tensor("outputs", logits, [count, logitCount]), tensor("actions", actions, [count, width]),
      tensor("rewards", rewards, [count]),
      tensor("after", (0..<logitCount).map { after[$0] }, [logitCount]),
    ]
  }

  /// Calls `body` with the outputs and the actions of all decisions; those of decision t begin at
  /// t·O and t·width.
  package func withDecisions<Result>(
    _ body: (_ outputs: Outputs, _ actions: UnsafePointer<Float>) -> Result
  ) -> Result {
    logits.withUnsafeBufferPointer { logits in
      actions.withUnsafeBufferPointer { actions in
        guard let first = logits.baseAddress, let action = actions.baseAddress else {
          preconditionFailure("an empty batch")
        }
        return body(first, action)
      }
    }
  }
}
