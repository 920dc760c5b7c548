// SPDX-License-Identifier: MIT

/// A claim put to the data: the measure of one variant over another is at least a margin.
package struct PairedHypothesis: Sendable {
  /// Names it within the experiment; the claim will do.
  package let name: String
  /// How the variants are compared.
  package let measure: TwoSampleMeasure
  /// The claimed margin: in units of the score, a probability, or a ratio.
  package let margin: ClaimedMargin
  /// Whether great or small scores are good.
  package let goal: ScoreGoal
  /// The claimed better variants' scores (`x`) beside the others' (`y`), a task for each pair.
  package let scores: PairedScores

  package init(
    name: String, measure: TwoSampleMeasure, atLeast: Double, within: Double? = nil,
    goal: ScoreGoal = .maximize, scores: PairedScores
  ) {
    self.name = name
    self.measure = measure
    margin = within.map { .within($0) } ?? .atLeast(atLeast)
    self.goal = goal
    self.scores = scores
  }
}

/// What the data say to a hypothesis, with all that the sentence about it needs.
package struct Verdict: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    /// The whole interval is at or beyond the margin, and the adjusted p is below 0.05.
    case supported
    /// The whole interval is below the margin, and the adjusted p is below 0.05.
    case refuted
    case undecided(Reason)
  }

  package enum Reason: Equatable, Sendable {
    /// No seed has a score on both sides of every task, or there is no task.
    case noPairs
    /// Fewer than six seeds, or so few that no result could be significant: at least `more` more
    /// are needed.
    case tooFewSeeds(more: Int)
    /// Runs that never reached the threshold leave the measure without a value; this many pairs.
    case censored(pairs: Int)
    /// Enough seeds to test, but the interval holds the margin (`holdsMargin`), the test is not
    /// significant (`isSignificant`), or both.
    ///
    /// `estimatedSeeds` is a rough estimate, to be named as one, of the seeds of a new comparison
    /// that would decide if the effect and the spread stay as seen; nil when the data do not point
    /// to either side or it would take more than 1,000.
    case inconclusive(estimatedSeeds: Int?)
  }

  /// The hypothesis' name.
  package let name: String
  package let measure: TwoSampleMeasure
  package let margin: ClaimedMargin
  package fileprivate(set) var outcome: Outcome
  /// The measure, positive or beyond the neutral value when the claim points the right way also
  /// for scores that are to be small; nil without a value.
  package let estimate: Double?
  /// The 95 % bootstrap interval over seeds; nil with fewer than two of them.
  package let interval: BootstrapInterval?
  /// Seeds with a score on both sides of every task.
  package let n: Int
  /// Seeds that count of those planned, for each task.
  package let coverage: [Coverage]
  /// The sign-flip test of "the measure equals the margin", of two margins the one that is rejected
  /// less; nil without a value.
  package let test: SignFlipResult?
  /// Its p after Holm's adjustment over the file's hypotheses; nil without a value.
  package fileprivate(set) var adjustedP: Double?
  /// In how many seeds the claimed better side is ahead; nil without a pair.
  package let seedsWon: SeedShare?

  /// Whether the claimed margin lies within the interval.
  package var holdsMargin: Bool {
    interval.map { margin.outcome($0.lower, $0.upper) == nil } ?? false
  }

  /// Whether the adjusted p is below 0.05.
  package var isSignificant: Bool { adjustedP.map { $0 < SeedRequirement.significance } ?? false }
}

/// The margin less rounding: an end that misses it by rounding only is at the margin.
func roundedMargin(_ margin: Double) -> Double { margin - 1e-12 * max(1, abs(margin)) }

/// The verdicts on an experiment's hypotheses, which form one family for Holm's adjustment.
///
/// - Parameters:
///   - hypotheses: all of the file's; one without a p-value counts in the family all the same.
///   - experiment: its name, which keys the random numbers.
package func verdicts(on hypotheses: [PairedHypothesis], experiment: String) -> [Verdict] {
  var verdicts = hypotheses.map { Verdict(before: $0, experiment: experiment) }
  let adjusted = holmAdjusted(verdicts.map { $0.test?.pValue ?? 1 })
  for (place, p) in adjusted.enumerated() {
    verdicts[place].decide(hypotheses[place], adjustedP: p, familySize: hypotheses.count)
  }
  return verdicts
}

extension Verdict {
  /// What one hypothesis' scores say before the family is known.
  fileprivate init(before hypothesis: PairedHypothesis, experiment: String) {
    let scores = hypothesis.goal == .maximize ? hypothesis.scores : hypothesis.scores.negated
    let key = ResamplingKey.seeds(of: experiment)
    name = hypothesis.name
    measure = hypothesis.measure
    margin = hypothesis.margin
    outcome = .undecided(.noPairs)
    estimate = scores.value(of: measure)
    interval = scores.interval(of: measure, key: key)
    n = scores.seedCount
    coverage = scores.coverage
    test = margin.values.compactMap { [measure] in
      scores.signFlipTest(of: measure, against: $0, key: key)
    }.max { $0.pValue < $1.pValue }
    seedsWon = scores.seedsWon
  }

  fileprivate mutating func decide(
    _ hypothesis: PairedHypothesis, adjustedP p: Double, familySize: Int
  ) {
    adjustedP = test == nil ? nil : p
    outcome = decision(hypothesis.scores, adjustedP: p, familySize: familySize)
  }

  private func decision(
    _ scores: PairedScores, adjustedP: Double, familySize: Int
  ) -> Outcome {
    let fewest = SeedRequirement.fewest(familySize: familySize)
    if coverage.isEmpty || coverage.contains(where: { $0.used == 0 }) {
      return .undecided(.noPairs)
    }
    if n < SeedRequirement.fewest { return .undecided(.tooFewSeeds(more: fewest - n)) }
    guard let interval, let test else {
      return measure != .probabilityOfImprovement && scores.censoredPairs > 0
        ? .undecided(.censored(pairs: scores.censoredPairs))
        : .undecided(.inconclusive(estimatedSeeds: nil))
    }
    if adjustedP < SeedRequirement.significance,
      let outcome = margin.outcome(interval.lower, interval.upper)
    {
      return outcome
    }
    if n < fewest { return .undecided(.tooFewSeeds(more: fewest - n)) }
    return .undecided(
      .inconclusive(
        estimatedSeeds: SeedRequirement.estimate(
          n: n, interval: interval,
          margin: margin.values.min { [interval] a, b in
            abs(a - interval.estimate) < abs(b - interval.estimate)
          } ?? 0, pValue: test.pValue,
          familySize: familySize)))
  }
}
