// SPDX-License-Identifier: MIT

/// The scores of two variants that share their seeds, pair by pair, over one task or several: the
/// pairs of variants that a hypothesis compares.
///
/// The seed is the unit: one with a NaN on either side of any task is excluded as a whole and
/// counted, and one that is drawn or flipped brings the scores of both sides and of all tasks.
package struct PairedScores: Equatable, Sendable {
  /// The first variant's scores of the seeds that count, `x[m][i]`.
  package let x: [[Double]]
  /// The second variant's scores, beside `x`.
  package let y: [[Double]]
  /// For each task, how many of the planned seeds count.
  package let coverage: [Coverage]
  /// The seeds with a score on both sides of every task: the n of a verdict.
  ///
  /// A seed counts once however many tasks it enters, since variants share the initial weights
  /// and draws of a seed, so that its pairs are not independent.
  package let seedCount: Int

  /// - Parameters:
  ///   - x: `x[m][s]`, the score of the first variant in task m with seed number s; NaN if failed.
  ///     A task that ends before others has none of the later seeds.
  ///   - y: the second variant's, of the same shape.
  package init(x: [[Double]], y: [[Double]]) {
    precondition(
      x.map(\.count) == y.map(\.count),
      "pairs want the same shape, found \(x.map(\.count)) and \(y.map(\.count))")
    let common = x.map(\.count).min() ?? 0
    let seeds = (0..<common).filter { seed in
      !x.contains { $0[seed].isNaN } && !y.contains { $0[seed].isNaN }
    }
    self.init(
      x: x.map { task in seeds.map { task[$0] } }, y: y.map { task in seeds.map { task[$0] } },
      coverage: x.map { Coverage(used: seeds.count, planned: $0.count) }, seedCount: seeds.count)
  }

  /// Takes a single task's scores: `x[s]` and `y[s]` share seed number s.
  package init(x: [Double], y: [Double]) {
    self.init(x: [x], y: [y])
  }

  /// The pairs in which a score is infinite: a run that never reached the threshold.
  var censoredPairs: Int {
    zip(x.joined(), y.joined()).count { !$0.isFinite || !$1.isFinite }
  }

  /// The same pairs with every score negated, for scores that are to be small.
  package var negated: PairedScores {
    PairedScores(
      x: x.map { $0.map { -$0 } }, y: y.map { $0.map { -$0 } }, coverage: coverage,
      seedCount: seedCount)
  }

  private init(x: [[Double]], y: [[Double]], coverage: [Coverage], seedCount: Int) {
    self.x = x
    self.y = y
    self.coverage = coverage
    self.seedCount = seedCount
  }
}

extension PairedScores {
  /// The measure of the first variant over the second, from complete pairs; nil as in
  /// `ScoreMatrix.value(of:over:)`.
  package func value(of measure: TwoSampleMeasure) -> Double? {
    ScoreMatrix(tasks: x).value(of: measure, over: ScoreMatrix(tasks: y))
  }

  /// The measure over the bootstrap's resamples of seeds (Patterson et al. 2024, section 4).
  ///
  /// A seed drawn brings both sides and all tasks. The probability of improvement compares all
  /// scores of one side with all of the other, so its sides are drawn apart: pairs would bring
  /// their diagonal along, and the resamples' mean would not be the estimate. Nil as `value(of:)`,
  /// and with fewer than two seeds.
  ///
  /// - Parameter replicates: drawn where not all resamples are enumerated; nil for 50,000.
  package func bootstrap(
    _ measure: TwoSampleMeasure, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution? {
    guard let estimate = value(of: measure), seedCount > 1 else { return nil }
    if measure == .difference {
      return seedBootstrap(
        seedDifferences, estimate: estimate, key: key, replicates: replicates)
    }
    return twoSampleBootstrap(
      measure, x: x, y: y,
      draws: measure == .probabilityOfImprovement ? .seedsOfEachSide : .seeds,
      estimate: estimate, key: key.part("paired"), replicates: replicates)
  }

  /// The measure with its percentile interval; nil as in `bootstrap(_:key:)`.
  package func interval(
    of measure: TwoSampleMeasure, key: ResamplingKey
  ) -> BootstrapInterval? {
    bootstrap(measure, key: key)?.interval()
  }

  /// In each seed, the mean over the tasks of the first variant's score less the second's.
  package var seedDifferences: [Double] {
    (0..<seedCount).map { seed in
      x.indices.reduce(0) { $0 + (x[$1][seed] - y[$1][seed]) / Double(x.count) }
    }
  }
}

/// The mean of one value a seed over the bootstrap's resamples of seeds: what a hypothesis and an
/// effect of a grid share, so that one quantity has one interval.
///
/// - Parameters:
///   - values: at least two, finite.
///   - replicates: drawn where not all resamples are enumerated; nil for 50,000.
func seedBootstrap(
  _ values: [Double], estimate: Double, key: ResamplingKey, replicates: Int? = nil
) -> BootstrapDistribution {
  twoSampleBootstrap(
    .difference, x: [values], y: [values.map { _ in 0 }], draws: .seeds, estimate: estimate,
    key: key.part("paired"), replicates: replicates)
}
