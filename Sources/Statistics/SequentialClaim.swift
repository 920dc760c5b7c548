// SPDX-License-Identifier: MIT

/// What a claim says of a measure.
package enum ClaimedMargin: Hashable, Sendable {
  /// It is at least this.
  case atLeast(Double)
  /// It lies from −m to m: two one-sided tests, each at the level of any other claim's edge.
  case within(Double)

  /// The values against which the measure is tested.
  package var values: [Double] {
    switch self {
    case .atLeast(let margin): [margin]
    case .within(let margin): [-margin, margin]
    }
  }

  /// What a whole interval says; nil where it lies on both sides.
  func outcome(_ lower: Double, _ upper: Double) -> Verdict.Outcome? {
    switch self {
    case .atLeast(let margin):
      let edge = roundedMargin(margin)
      return lower >= edge ? .supported : upper < edge ? .refuted : nil
    case .within(let margin):
      let edge = 2 * margin - roundedMargin(margin)
      if lower >= -edge && upper <= edge { return .supported }
      return lower > edge || upper < -edge ? .refuted : nil
    }
  }

  /// Whether two values are on one side.
  fileprivate func parts(_ a: Double, _ b: Double) -> Bool {
    outcome(a, a) != outcome(b, b)
  }
}

/// A claim about pairs of seeds that is decided when there are enough of them.
package struct SequentialClaim: Hashable, Sendable {
  package let measure: TwoSampleMeasure
  package let margin: ClaimedMargin
  package let goal: ScoreGoal
  /// The worst score there can be, for seeds that failed; nil where it is not known.
  package let worst: Double?

  package init(
    measure: TwoSampleMeasure, margin: ClaimedMargin, goal: ScoreGoal, range: [Double]?
  ) {
    (self.measure, self.margin, self.goal) = (measure, margin, goal)
    worst = range.flatMap { goal == .maximize ? $0.first : $0.last }
  }

  /// Whether it is looked at again and again; the others have no path of sums, and are looked at once.
  package var isSequential: Bool { measure == .difference }
}

/// The scores of a claim's two sides, in the order of the seeds.
package struct SequentialScores: Hashable, Sendable {
  /// `better[task][seed]`, NaN for a trial that failed.
  package let better: [[Double]]
  package let than: [[Double]]

  package init(better: [[Double]], than: [[Double]]) {
    (self.better, self.than) = (better, than)
  }

  package var seedCount: Int { (better + than).map(\.count).min() ?? 0 }

  /// Whether all trials of a seed have a score.
  package func isComplete(_ seed: Int) -> Bool {
    !(better + than).contains { $0[seed].isNaN }
  }

  /// The seeds with a score in all trials.
  package var completeSeeds: [Int] { (0..<seedCount).filter(isComplete) }

  /// How many of the first seeds there are until `pairs` are complete; nil where they are not.
  package func seeds(until pairs: Int) -> Int? {
    let complete = completeSeeds
    return complete.count < pairs || pairs == 0 ? nil : complete[pairs - 1] + 1
  }

  /// The first seeds alone.
  package func prefix(_ count: Int) -> SequentialScores {
    SequentialScores(
      better: better.map { Array($0.prefix(count)) }, than: than.map { Array($0.prefix(count)) })
  }

  /// How many trials of each side failed.
  package var failures: (better: Int, than: Int) {
    func count(_ side: [[Double]]) -> Int { side.reduce(0) { $0 + $1.count(where: \.isNaN) } }
    return (count(better), count(than))
  }

  /// In each of the seeds, the mean over the tasks of how much the first side is ahead.
  ///
  /// - Parameter worst: the score of a trial that failed; nil leaves its seed out.
  package func differences(_ goal: ScoreGoal, worst: Double? = nil) -> [Double] {
    let sign = goal == .maximize ? 1.0 : -1.0
    let seeds = worst == nil ? completeSeeds : Array(0..<seedCount)
    func score(_ value: Double) -> Double { value.isNaN ? worst ?? value : value }
    return seeds.map { seed in
      let sum = zip(better, than).reduce(0.0) { $0 + score($1.0[seed]) - score($1.1[seed]) }
      return sign * sum / Double(better.count)
    }
  }

  /// How many scores of each side collapsed: lie below the median of their variant, on the bad side,
  /// by more than five robust deviations (1.4826 times the median distance from the median, the
  /// greater of the two variants') and by more than `distance`.
  ///
  /// - Parameter distance: how far the typical difference lies from what is claimed; a score that is
  ///   lower by less cannot speak against the claim.
  package func collapses(
    _ goal: ScoreGoal, beyond distance: Double
  ) -> (better: Int, than: Int) {
    let sign = goal == .maximize ? 1.0 : -1.0
    var counts = (better: 0, than: 0)
    for (a, b) in zip(better, than) {
      let sides = [a, b].map { $0.filter(\.isFinite).map { sign * $0 } }
      let centres = sides.map { median($0) ?? 0 }
      let deviations = zip(sides, centres).map { scores, centre in
        1.4826 * (median(scores.map { abs($0 - centre) }) ?? 0)
      }
      let reach = max(5 * (deviations.max() ?? 0), distance)
      counts.better += sides[0].count { $0 < centres[0] - reach }
      counts.than += sides[1].count { $0 < centres[1] - reach }
    }
    return counts
  }
}

/// Why a verdict is about the typical seed and not about the mean: a collapse of few seeds moves the
/// mean, which a test of signs does not see.
package struct TypicalSeed: Sendable {
  package let mean: Double
  package let median: Double
  /// Scores of each side that collapsed, and scores in all.
  package let collapsed: (better: Int, than: Int)
  package let scores: Int
  private let margin: ClaimedMargin

  init(_ scores: SequentialScores, _ claim: SequentialClaim) {
    let differences = scores.differences(claim.goal)
    mean = Statistics.mean(differences) ?? .nan
    median = Statistics.median(differences) ?? .nan
    let typical = median
    let distance = claim.margin.values.map { abs(typical - $0) }.filter(\.isFinite).min() ?? 0
    collapsed = scores.collapses(claim.goal, beyond: distance)
    self.scores = scores.better.reduce(0) { $0 + $1.count { !$0.isNaN } }
    margin = claim.margin
  }

  /// Whether mean and median lie on different sides of what is claimed.
  package var meanDisagrees: Bool { mean.isFinite && median.isFinite && margin.parts(mean, median) }
  /// Whether the verdict is to be named so.
  package var isNeeded: Bool { meanDisagrees || collapsed.better != collapsed.than }
}
