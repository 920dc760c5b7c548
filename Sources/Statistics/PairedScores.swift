// SPDX-License-Identifier: MIT

/// The scores of two variants that share their seeds, pair by pair, over one task or several: the
/// pairs of variants that a hypothesis compares.
///
/// A pair with a NaN on either side is excluded and counted.
package struct PairedScores: Equatable, Sendable {
  /// The complete pairs' scores of the first variant, `x[m][i]`.
  package let x: [[Double]]
  /// The complete pairs' scores of the second variant, beside `x`.
  package let y: [[Double]]
  /// For each task, how many of the planned pairs are complete.
  package let coverage: [Coverage]
  /// The seed's position of each pair, beside `x`.
  let seeds: [[Int]]

  /// - Parameters:
  ///   - x: `x[m][s]`, the score of the first variant in task m with seed number s; NaN if failed.
  ///   - y: the second variant's, of the same shape.
  package init(x: [[Double]], y: [[Double]]) {
    precondition(
      x.map(\.count) == y.map(\.count),
      "pairs want the same shape, found \(x.map(\.count)) and \(y.map(\.count))")
    seeds = zip(x, y).map { xs, ys in
      xs.indices.filter { !xs[$0].isNaN && !ys[$0].isNaN }
    }
    self.x = zip(x, seeds).map { scores, seeds in seeds.map { scores[$0] } }
    self.y = zip(y, seeds).map { scores, seeds in seeds.map { scores[$0] } }
    coverage = zip(seeds, x).map { Coverage(used: $0.count, planned: $1.count) }
  }

  /// Takes a single task's scores: `x[s]` and `y[s]` share seed number s.
  package init(x: [Double], y: [Double]) {
    self.init(x: [x], y: [y])
  }

  /// The seeds with a complete pair in any task: the n of a verdict.
  ///
  /// A seed counts once however many tasks it enters, since variants share the initial weights
  /// and draws of a seed, so that its pairs are not independent.
  package var seedCount: Int { Set(seeds.joined()).count }

  /// The pairs in which a score is infinite: a run that never reached the threshold.
  package var censoredPairs: Int {
    zip(x.joined(), y.joined()).count { !$0.isFinite || !$1.isFinite }
  }

  /// The same pairs with every score negated, for scores that are to be small.
  package var negated: PairedScores {
    PairedScores(
      x: x.map { $0.map { -$0 } }, y: y.map { $0.map { -$0 } }, coverage: coverage, seeds: seeds)
  }

  private init(x: [[Double]], y: [[Double]], coverage: [Coverage], seeds: [[Int]]) {
    self.x = x
    self.y = y
    self.coverage = coverage
    self.seeds = seeds
  }
}

extension PairedScores {
  /// The measure of the first variant over the second, from complete pairs; nil as in
  /// `ScoreMatrix.value(of:over:)`.
  package func value(of measure: TwoSampleMeasure) -> Double? {
    ScoreMatrix(tasks: x).value(of: measure, over: ScoreMatrix(tasks: y))
  }

  /// The measure over the paired bootstrap's resamples: in each task, whole pairs are drawn
  /// (Patterson et al. 2024, section 4). Nil as `value(of:)`, and when a task has fewer than two
  /// complete pairs.
  ///
  /// - Parameter replicates: drawn where not all resamples are enumerated; nil for 50,000.
  package func bootstrap(
    _ measure: TwoSampleMeasure, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution? {
    guard let estimate = value(of: measure), x.allSatisfy({ $0.count > 1 }) else { return nil }
    return TwoSampleLayout(x: x, y: y, isPaired: true)
      .bootstrap(
        by: measure, estimate: estimate, key: key.part("paired"), replicates: replicates)
  }

  /// The measure with its percentile interval; nil as in `bootstrap(_:key:)`.
  package func interval(
    of measure: TwoSampleMeasure, key: ResamplingKey, confidence: Double = 0.95
  ) -> BootstrapInterval? {
    bootstrap(measure, key: key)?.interval(confidence: confidence)
  }
}
