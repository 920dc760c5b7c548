// SPDX-License-Identifier: MIT

package import Kernels
package import Policies

/// The decisions of the episodes that one update learns from.
package final class DecisionBatch {
  package let observations: ObservationBatch
  /// O, a policy's logits for one decision.
  package let logitCount: Int
  /// The logits at which each action was drawn, shape `[T, O]`.
  package private(set) var logits: [Float] = []
  /// The policy's units that fired at each decision, where it learns from them.
  let keptGates: GateBatch
  /// Each decision's action, by number.
  package private(set) var actions: [UInt8] = []
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
  package init(for policy: any Model) {
    func rows() -> ObservationBatch {
      ObservationBatch(
        form: policy.form, patternBase: policy.patternBase, takesFrames: policy.takesFrames)
    }
    (observations, lastObservations) = (rows(), rows())
    logitCount = policy.outputCount
    keptGates = GateBatch(lanes: policy.gateLanes)
  }

  package var count: Int { actions.count }

  /// The gates of all decisions; nil where some were recorded without.
  var gates: GateBatch? { keptGates.isUsed && keptGates.count == count ? keptGates : nil }

  /// Forgets everything, keeps the memory.
  package func removeAll() {
    observations.removeAll()
    logits.removeAll(keepingCapacity: true)
    keptGates.removeAll()
    actions.removeAll(keepingCapacity: true)
    rewards.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
    episodes.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    lastObservations.removeAll()
    truncations.removeAll(keepingCapacity: true)
  }

  /// Adds what was decided on the observation appended last.
  @inline(__always)
  package func record(logits outputs: Outputs, action: Int) {
    for o in 0..<logitCount { logits.append(outputs[o]) }
    actions.append(UInt8(truncatingIfNeeded: action))
  }

  /// Adds what the decision recorded last led to.
  @inline(__always)
  package func record(reward: Float, isPoint: Bool) {
    rewards.append(reward)
    points.append(isPoint)
  }

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

  /// Appends all decisions of another batch of the same policy, which end an episode.
  package func append(_ other: DecisionBatch) {
    observations.append(other.observations)
    logits += other.logits
    keptGates.append(other.keptGates)
    actions += other.actions
    rewards += other.rewards
    points += other.points
    let last = other.truncations.last ?? nil
    if let last { lastObservations.append(last, of: other.lastObservations) }
    endEpisode(score: other.scores.last ?? 0, isTruncated: last != nil)
  }

  /// Calls `body` with the logits of all decisions; those of decision t begin at t·O.
  package func withLogits<Result>(_ body: (Outputs) -> Result) -> Result {
    logits.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("an empty batch") }
      return body(start)
    }
  }
}
