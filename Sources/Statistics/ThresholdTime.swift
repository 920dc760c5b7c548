// SPDX-License-Identifier: MIT

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

  /// Whether the run ended before it reached the threshold.
  package var isCensored: Bool {
    if case .censored = self { true } else { false }
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
  let means = runningMean(returns, window: window)
  let first = means.indices.dropFirst(window - 1).first {
    goal.isReached(threshold, by: means[$0])
  }
  return first.map { .reached(episode: $0 + 1) } ?? .censored(after: returns.count)
}
