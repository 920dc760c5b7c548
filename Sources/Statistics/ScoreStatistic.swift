// SPDX-License-Identifier: MIT

/// A number that sums up a score matrix (Agarwal et al. 2021, section 4).
package enum ScoreStatistic: Hashable, Sendable {
  /// The mean over tasks of each task's mean over runs.
  case mean
  /// The median over tasks of each task's mean over runs. With one task it is the mean.
  case median
  /// The interquartile mean of all runs of all tasks together.
  case interquartileMean
  /// γ less the mean of min(score, γ): how far the runs fall short of γ, 1 for normalized scores.
  case optimalityGap(target: Double)
  /// The performance profile at τ: the share of all scores strictly above τ.
  case profile(threshold: Double)

  /// A name that enters the key of the statistic's random numbers; never changes once released.
  package var name: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .interquartileMean: "interquartileMean"
    case .optimalityGap(let target): "optimalityGap(\(target))"
    // Without τ: all points of a profile then share their resamples, as one curve should.
    case .profile: "profile"
    }
  }

  /// Whether it is a share of the scores, which does not depend on their unit.
  var isShare: Bool {
    if case .profile = self { true } else { false }
  }
}

extension ScoreMatrix {
  /// The statistic of these scores; nil when a task has no score.
  ///
  /// Where tasks differ in runs, mean, median and gap weigh tasks alike, and the interquartile
  /// mean and the profile weigh runs alike, as their definitions say.
  package func value(of statistic: ScoreStatistic) -> Double? {
    guard hasScoresInEveryTask else { return nil }
    switch statistic {
    case .mean:
      return meanOverTasks(of: tasks)
    case .median:
      return Statistics.median(tasks.compactMap { Statistics.mean($0) })
    case .interquartileMean:
      return Statistics.interquartileMean(scores)
    case .optimalityGap(let target):
      return meanOverTasks(of: tasks.map { $0.map { min($0, target) } }).map { target - $0 }
    case .profile(let threshold):
      let all = scores
      return Double(all.count { $0 > threshold }) / Double(all.count)
    }
  }

  /// The share of scores strictly above each threshold (Agarwal et al. 2021, section 4.1, which
  /// call it the score distribution); nil when a task has no score.
  package func performanceProfile(at thresholds: [Double]) -> [Double]? {
    guard hasScoresInEveryTask else { return nil }
    return thresholds.compactMap { value(of: .profile(threshold: $0)) }
  }

  private func meanOverTasks(of tasks: [[Double]]) -> Double? {
    Statistics.mean(tasks.compactMap { Statistics.mean($0) })
  }
}
