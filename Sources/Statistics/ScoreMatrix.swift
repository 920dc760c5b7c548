// SPDX-License-Identifier: MIT

/// The scores of one variant: runs (seeds) by tasks, where the tasks may differ in runs.
///
/// A NaN stands for a failed run: it is excluded here, once, and counted in `coverage`, so that no
/// statistic scores it silently. An infinite score is kept: it is a censored time to threshold.
package struct ScoreMatrix: Equatable, Sendable {
  /// The scores that count, `tasks[m][n]`, in the order given, without NaN.
  package let tasks: [[Double]]
  /// For each task, how many of the planned runs have a score.
  package let coverage: [Coverage]

  /// Takes the scores task by task: `tasks[m][n]`; tasks may differ in length.
  package init(tasks: [[Double]]) {
    self.tasks = tasks.map { $0.filter { !$0.isNaN } }
    coverage = zip(self.tasks, tasks).map { Coverage(used: $0.count, planned: $1.count) }
  }

  /// Takes the scores of a single task.
  package init(scores: [Double]) {
    self.init(tasks: [scores])
  }

  /// All scores, task after task.
  package var scores: [Double] { tasks.flatMap { $0 } }

  /// All tasks' coverage added up: "4 of 5 seeds".
  package var totalCoverage: Coverage {
    Coverage(
      used: coverage.reduce(0) { $0 + $1.used }, planned: coverage.reduce(0) { $0 + $1.planned })
  }

  /// Whether there is a task and no task is without a score; otherwise no statistic has a value.
  package var hasScoresInEveryTask: Bool { !tasks.isEmpty && tasks.allSatisfy { !$0.isEmpty } }

  /// Whether each task has two runs or more, below which nothing is known of the spread.
  var hasSpreadInEveryTask: Bool { !tasks.isEmpty && tasks.allSatisfy { $0.count > 1 } }

  /// The scores mapped by `range` to [0, 1], where 0 and 1 are the range's ends.
  package func normalized(by range: ScoreRange) -> ScoreMatrix {
    ScoreMatrix(
      tasks: tasks.map { $0.map(range.normalized) }, coverage: coverage)
  }

  private init(tasks: [[Double]], coverage: [Coverage]) {
    self.tasks = tasks
    self.coverage = coverage
  }
}

/// How many of the planned runs entered a statistic; the others failed or gave NaN.
package struct Coverage: Hashable, Sendable {
  package let used: Int
  package let planned: Int

  package init(used: Int, planned: Int) {
    self.used = used
    self.planned = planned
  }

  /// Whether every planned run counts.
  package var isComplete: Bool { used == planned }
}

/// The fixed constants that normalize a game's scores; never taken from the runs compared
/// (Agarwal et al. 2021, section 2).
package struct ScoreRange: Hashable, Sendable {
  /// The score that becomes 0.
  package let minimum: Double
  /// The score that becomes 1; above `minimum`.
  package let maximum: Double

  /// Refuses, by nil, ends that are not finite or not in ascending order.
  package init?(minimum: Double, maximum: Double) {
    guard minimum.isFinite, maximum.isFinite, minimum < maximum else { return nil }
    self.minimum = minimum
    self.maximum = maximum
  }

  /// `(score − minimum) / (maximum − minimum)`; not clipped.
  package func normalized(_ score: Double) -> Double {
    // Of halves, since the whole width may be beyond the greatest Double.
    (score / 2 - minimum / 2) / (maximum / 2 - minimum / 2)
  }
}
