// SPDX-License-Identifier: MIT

/// How one variant X is held against another, Y; greater is better for X where scores are to be
/// great.
package enum TwoSampleMeasure: String, CaseIterable, Codable, Sendable {
  /// The mean over tasks of mean(x) − mean(y), in units of the score.
  case difference
  /// The chance that a run of X beats a run of Y, ties counting half (Agarwal et al. 2021,
  /// section 4.3; Mann and Whitney 1947): mean over tasks of (#(x > y) + ½·#(x = y)) / (Nx·Ny).
  case probabilityOfImprovement
  /// How many times as wide Y's seeds spread as X's: the ratio of the standard deviations within
  /// tasks, √(Σ var(y) / Σ var(x)), so that 2 says X is twice as consistent.
  case spreadRatio

  /// The value at which X and Y are alike.
  package var neutralValue: Double {
    switch self {
    case .difference: 0
    case .probabilityOfImprovement: 0.5
    case .spreadRatio: 1
    }
  }
}

extension ScoreMatrix {
  /// The measure of these scores (X) over another variant's (Y).
  ///
  /// Seeds may differ in number. An infinite score, of a run that never reached the threshold,
  /// ranks before or behind all others in `probabilityOfImprovement`. Nil when a task has no score
  /// on a side, when the numbers of tasks differ, and for `difference` and `spreadRatio` when a
  /// score is infinite; for `difference` also when scores lie further apart than the greatest
  /// Double, and for `spreadRatio` when a task has a single run.
  package func value(of measure: TwoSampleMeasure, over other: ScoreMatrix) -> Double? {
    guard canCompare(self, other, by: measure) else { return nil }
    switch measure {
    case .difference:
      let means = zip(tasks, other.tasks).compactMap { xs, ys -> Double? in
        guard let x = mean(xs), let y = mean(ys) else { return nil }
        return x - y
      }
      return mean(means)
    case .probabilityOfImprovement:
      return mean(zip(tasks, other.tasks).map(probabilityOfImprovement))
    case .spreadRatio:
      let scale = workingScale(scores + other.scores)
      func variances(_ tasks: [[Double]]) -> [Double] {
        tasks.map { task in variance(task.map { $0 * scale }) }
      }
      return spreadRatio(
        numerator: variances(other.tasks), denominator: variances(tasks))
    }
  }

  /// The measure over the stratified bootstrap's resamples, each side and task drawn apart.
  ///
  /// For variants that do not share seeds; else `PairedScores` is sharper. Nil as in
  /// `value(of:over:)`, and when a task has fewer than two scores on a side.
  ///
  /// - Parameter replicates: drawn where not all resamples are enumerated; nil for 50,000.
  package func bootstrap(
    _ measure: TwoSampleMeasure, over other: ScoreMatrix, key: ResamplingKey,
    replicates: Int? = nil
  ) -> BootstrapDistribution? {
    guard hasSpreadInEveryTask, other.hasSpreadInEveryTask,
      let estimate = value(of: measure, over: other)
    else { return nil }
    return twoSampleBootstrap(
      measure, x: tasks, y: other.tasks, draws: .apart, estimate: estimate,
      key: key.part("independent"), replicates: replicates)
  }

  /// The measure with its percentile interval, each side and task drawn apart; nil as in
  /// `bootstrap(_:over:key:)`.
  package func interval(
    of measure: TwoSampleMeasure, over other: ScoreMatrix, key: ResamplingKey
  ) -> BootstrapInterval? {
    bootstrap(measure, over: other, key: key)?.interval()
  }
}

/// Whether the measure is defined for these scores.
private func canCompare(_ x: ScoreMatrix, _ y: ScoreMatrix, by measure: TwoSampleMeasure) -> Bool {
  guard x.tasks.count == y.tasks.count, x.hasScoresInEveryTask, y.hasScoresInEveryTask
  else { return false }
  let all = x.scores + y.scores
  let isFinite = all.allSatisfy(\.isFinite)
  switch measure {
  case .probabilityOfImprovement: return true
  case .difference: return isFinite && ((all.max() ?? 0) - (all.min() ?? 0)).isFinite
  case .spreadRatio: return isFinite && x.hasSpreadInEveryTask && y.hasSpreadInEveryTask
  }
}

private func probabilityOfImprovement(_ xs: [Double], _ ys: [Double]) -> Double {
  var halfWins = 0
  for x in xs {
    for y in ys { halfWins += x > y ? 2 : (x == y ? 1 : 0) }
  }
  return Double(halfWins) / Double(2 * xs.count * ys.count)
}

/// The unbiased variance of at least two values.
private func variance(_ values: [Double]) -> Double {
  let deviation = standardDeviation(values) ?? 0
  return deviation * deviation
}

/// √(Σ numerator / Σ denominator); 1 when neither side spreads, infinite when only X does not.
private func spreadRatio(numerator: [Double], denominator: [Double]) -> Double {
  let above = numerator.reduce(0, +)
  let below = denominator.reduce(0, +)
  return above == 0 && below == 0 ? 1 : (above / below).squareRoot()
}
