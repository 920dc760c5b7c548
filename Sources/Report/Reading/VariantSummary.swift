// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore
import Statistics

/// One variant over its seeds: the numbers of the tables and of the answer.
struct VariantSummary: Sendable {
  var variant: Plan.Variant
  /// In the order of the plan's seeds.
  var trials: [TrialSummary]
  /// Scores by seed, NaN where a trial does not count.
  let scores: ScoreMatrix
  let goal: ScoreGoal
  /// The number of its style in figures and of its colour on the page.
  var style: Int
  /// The mean with its 95 % interval; nil below two seeds, and where a seed is censored.
  let interval: BootstrapInterval?

  init(_ variant: Plan.Variant, trials: [TrialSummary], goal: ScoreGoal, experiment: String) {
    self.variant = variant
    self.trials = trials
    self.goal = goal
    style = variant.index
    scores = ScoreMatrix(scores: trials.map { $0.isCounted ? $0.score : .nan })
    let key = ResamplingKey(experiment: experiment, statistic: "final/variant \(variant.index)")
    interval =
      scores.scores.allSatisfy(\.isFinite) ? scores.interval(of: .mean, key: key) : nil
  }

  /// Scores by seed, NaN where a trial does not count.
  ///
  /// - Parameter rule: of a hypothesis that has its own; nil for the plan's.
  func scores(of seeds: [Int], by rule: Plan.Score? = nil) -> [Double] {
    seeds.map { seed in
      guard let trial = trials.first(where: { $0.planned.seed == seed }) else { return .nan }
      guard let rule else { return trial.isCounted ? trial.score : .nan }
      return trial.otherScores[rule] ?? .nan
    }
  }

  var label: String { variant.label }
  var counted: [TrialSummary] { trials.filter(\.isCounted) }
  var coverage: Coverage { scores.totalCoverage }
  /// Infinite where a seed never reached the threshold; nil without a seed that counts.
  var mean: Double? { scores.value(of: .mean) }
  var interquartileMean: Double? { scores.value(of: .interquartileMean) }
  /// The scores of the best and of the worst seed.
  var best: Double? { goal.best(counted.map(\.score)) }
  var worst: Double? {
    (goal == .maximize ? ScoreGoal.minimize : .maximize).best(counted.map(\.score))
  }

  /// Whether all its trials ended and none of them counts.
  var hasFailed: Bool {
    !trials.isEmpty
      && trials.allSatisfy {
        !$0.isCounted && ($0.problem != nil || $0.state.isOver || $0.state == .finished)
      }
  }

  /// What a variant is called of which no seed counts.
  var withoutScore: String { trials.contains(where: \.isSound) ? "no score" : "no seed finished" }

  /// Mean over the seeds that count of their evaluations' means; nil when there is none.
  var evaluationMean: Double? {
    Statistics.mean(counted.compactMap { $0.evaluation?.mean })
  }

  /// Games won and played in all evaluations of seeds that count; nil when none was played.
  var games: (won: Int, played: Int)? {
    let evaluations = counted.compactMap(\.evaluation)
    let played = evaluations.reduce(0) { $0 + $1.returns.count }
    return played == 0 ? nil : (evaluations.reduce(0) { $0 + $1.won }, played)
  }

  /// Mean seconds of training; nil when unknown.
  var seconds: Double? { Statistics.mean(counted.compactMap(\.wallSeconds)) }

  /// The first seed that is finished, in the order of the plan.
  var firstFinished: TrialSummary? { trials.first(where: \.isSound) }

  /// Whether a seed has a score that is a number.
  var hasFiniteScore: Bool { scores.scores.contains(where: \.isFinite) }

  /// The mean where it is a number.
  var finiteMean: Double? { mean.flatMap { $0.isFinite ? $0 : nil } }

  /// Median over the seeds that count of the episodes to the threshold, infinite where more than
  /// half never reached it; nil without a threshold.
  var medianTime: Double? { median(counted.compactMap { $0.threshold?.score }) }

  /// Episodes to the threshold of the seeds that count and reached it, rising.
  var reached: [Int] {
    counted.compactMap {
      if case .reached(let episode)? = $0.threshold { episode } else { nil }
    }.sorted()
  }
}

extension Precision {
  /// For the means and intervals of variants that stand in one table.
  init(scoresOf variants: [VariantSummary]) {
    let intervals = variants.compactMap(\.interval)
    self.init(
      variants.compactMap(\.mean) + intervals.flatMap { [$0.lower, $0.upper] },
      widths: intervals.map { $0.upper - $0.lower })
  }
}
