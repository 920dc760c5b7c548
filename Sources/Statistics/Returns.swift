// SPDX-License-Identifier: MIT

/// Whether scores are to be great or small; the words of an experiment's `score.goal`.
package enum ScoreGoal: String, CaseIterable, Codable, Sendable {
  case maximize
  case minimize

  /// Whether `score` is as good as `bound` or better.
  func isReached(_ bound: Double, by score: Double) -> Bool {
    self == .maximize ? score >= bound : score <= bound
  }

  /// The best of the scores, NaN left out; nil of none.
  package func best(_ scores: [Double]) -> Double? {
    let usable = scores.filter { !$0.isNaN }
    return self == .maximize ? usable.max() : usable.min()
  }
}

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
      return goal.best(Array(meanOfLast(returns, window: window).dropFirst(partial)))
    }
  }
}

/// When a run first reached a threshold, if it did.
package enum ThresholdTime: Hashable, Sendable {
  /// At this episode, counted from 1.
  case reached(episode: Int)
  /// Not within this many episodes: censored, not failed and not excluded.
  case censored(after: Int)

  /// The episode, or infinity when censored: it ranks behind all others, and a mean over it is
  /// infinite rather than wrong.
  package var score: Double {
    switch self {
    case .reached(let episode): Double(episode)
    case .censored: .infinity
    }
  }
}

/// The first episode at which the mean over the last `window` episodes reaches the threshold.
///
/// Only full windows count: a lucky first episode is no learning, so that the result is never
/// below `window`.
///
/// - Parameters:
///   - returns: one per episode, in order.
///   - window: 100 by the definition in use for Pong and CartPole.
package func timeToThreshold(
  _ returns: [Double], threshold: Double, window: Int = 100, goal: ScoreGoal = .maximize
) -> ThresholdTime {
  let means = meanOfLast(returns, window: window)
  let first = means.indices.dropFirst(window - 1).first {
    goal.isReached(threshold, by: means[$0])
  }
  return first.map { .reached(episode: $0 + 1) } ?? .censored(after: returns.count)
}

/// At each index, the mean of the last `window` values up to it, or of as many as there are yet.
///
/// O(n), with a compensated sum (Neumaier 1974), so that nothing drifts over a million episodes. A
/// value that is not finite makes NaN of the windows that hold it, and of no others.
///
/// - Parameter window: at least 1; 100 in Pong's learning curves.
package func meanOfLast(_ values: [Double], window: Int) -> [Double] {
  precondition(window > 0, "a window wants at least 1 value, found \(window)")
  let scale = workingScale(values)
  var sum = CompensatedSum()
  var unusable = 0
  return values.indices.map { index in
    if values[index].isFinite { sum.add(values[index] * scale) } else { unusable += 1 }
    if index >= window {
      let gone = values[index - window]
      if gone.isFinite { sum.add(-gone * scale) } else { unusable -= 1 }
    }
    return unusable > 0 ? .nan : unscaled(sum.total / Double(min(index + 1, window)), by: scale)
  }
}

private struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  var total: Double { sum + lost }

  mutating func add(_ value: Double) {
    let next = sum + value
    lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }
}
