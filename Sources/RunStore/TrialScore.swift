// SPDX-License-Identifier: MIT

package import ExperimentSpec
import Statistics

/// The one number that judges a trial by an experiment's rule.
///
/// - Parameters:
///   - returns: of the training episodes, in order.
///   - evaluationReturns: of the newest evaluated weights.
/// - Returns: nil where there is nothing to judge; infinity for a threshold that was never reached.
package func trialScore(
  _ rule: Plan.Score, returns: [Double], evaluationReturns: [Double]
) -> Double? {
  let (reduction, goal) = (rule.reduction, rule.goal)
  let score: Double?
  switch rule.metric {
  case .return:
    score = reduction.score(of: returns, window: rule.window, goal: goal)
  case .evaluationReturn:
    score = reduction.score(
      of: evaluationReturns, window: max(1, evaluationReturns.count), goal: goal)
  case .episodesToThreshold:
    // The goal of a score in episodes says nothing of the returns, which are to be great.
    score = rule.threshold.map {
      timeToThreshold(
        returns, threshold: $0, window: rule.thresholdWindow, goal: .maximize
      ).score
    }
  }
  return score.flatMap { $0.isNaN ? nil : $0 }
}

extension Plan.Score {
  /// Episodes of the running mean that is to reach the threshold: the score's own where the
  /// threshold is what it counts to, else the 100 that are in use for Pong and CartPole.
  package var thresholdWindow: Int { metric == .episodesToThreshold ? window : 100 }
}
