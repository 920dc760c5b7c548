// SPDX-License-Identifier: MIT

package import Environments
import Kernels
package import Policies
package import Randomness

/// What an episode came to.
package struct EpisodeSummary: Hashable, Sendable {
  /// The undiscounted sum of rewards.
  package var `return`: Double
  /// Decisions.
  package var length: Int
  package var frames: Int
}

/// How an action is taken from the policy's probabilities.
package enum ActionChoice: String, Sendable, CaseIterable {
  /// Drawn from them.
  case sample
  /// The likelier one.
  case greedy
}

/// Plays one episode and records it in `batch`.
///
/// - Parameters:
///   - environmentDraws, policyDraws: fresh streams of this episode.
///   - watch: called after each decision with its logit, action and reward.
package func playEpisode(
  environment: any Environment, policy: TwoLayerPolicy, choice: ActionChoice = .sample,
  into batch: DecisionBatch, environmentDraws: Xoshiro256, policyDraws: Xoshiro256,
  watch: ((Float, UInt8, Double) -> Void)? = nil
) throws(EnvironmentError) -> EpisodeSummary {
  try environment.reset(draws: environmentDraws)
  var draws = policyDraws
  var summary = EpisodeSummary(return: 0, length: 0, frames: 0)
  while true {
    let row = batch.observations.append { environment.observe(&$0) }
    let logit = policy.logit(
      of: batch.observations, row: batch.observations.rows[row], mask: batch.mask(row))
    let p = sigmoid(Double(logit))
    let action: UInt8
    switch choice {
    case .sample: action = draws.nextUnit() < p ? 0 : 1
    case .greedy: action = logit >= 0 ? 0 : 1
    }
    let transition = try environment.step(Int(action))
    batch.record(
      logit: logit, probability: p, action: action, reward: Float(transition.reward))
    summary.return += transition.reward
    summary.length += 1
    summary.frames += transition.frames
    watch?(logit, action, transition.reward)
    if transition.isEnd { break }
  }
  batch.endEpisode()
  return summary
}

/// Probability of the first action.
package func probability(ofLogit logit: Float) -> Double { sigmoid(Double(logit)) }
