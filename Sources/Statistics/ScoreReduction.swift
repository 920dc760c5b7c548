// SPDX-License-Identifier: MIT

/// How a run's returns become its one score; the words of an experiment's `score.reduction`.
package enum ScoreReduction: String, CaseIterable, Codable, Sendable {
  /// The mean of the last `window` returns.
  case mean
  /// The interquartile mean of the last `window` returns.
  case iqm
  /// The last return.
  case last
  /// The best mean over `window` successive returns in the whole run; flattering, since it is
  /// chosen after the fact.
  case best

  /// The run's score; nil without returns. A window longer than the run takes what is there.
  package func score(
    of returns: [Double], window: Int, goal: ScoreGoal = .maximize
  ) -> Double? {
    precondition(window > 0, "a window wants at least 1 episode, found \(window)")
    switch self {
    case .mean:
      return Statistics.mean(Array(returns.suffix(window)))
    case .iqm:
      return interquartileMean(Array(returns.suffix(window)))
    case .last:
      return returns.last
    case .best:
      let partial = max(0, min(window, returns.count) - 1)
      return goal.best(Array(runningMean(returns, window: window).dropFirst(partial)))
    }
  }
}
