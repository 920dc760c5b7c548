// SPDX-License-Identifier: MIT

import ExperimentSpec
import Statistics

/// A variant of one run against one of another, by the same score. Both means and their difference
/// are of the same seeds, or each of all of its own: never a mix.
struct ComparedVariants {
  let first: VariantSummary
  let second: VariantSummary
  /// Whether the seeds that both have finished are pairs: the root seeds are equal, so that equal
  /// seeds share their random streams, and there are two such seeds or more.
  let isPaired: Bool
  let haveSameRoot: Bool
  /// Whether a side is another program's, whose random numbers are its own.
  let isImported: Bool
  /// Seeds behind each mean.
  let counts: [Int]
  let means: [Double]
  /// The first mean less the second; nil where a score is infinite.
  let difference: Double?
  let interval: BootstrapInterval?
  /// Of "the difference is 0"; nil where seeds are no pairs.
  let test: SignFlipResult?
  /// Seeds in which the first is better; nil where seeds are no pairs.
  let seedsWon: SeedShare?

  /// - Parameters: variants with a score, and the runs that they are of.
  init(_ first: VariantSummary, of a: RunSummary, _ second: VariantSummary, of b: RunSummary) {
    self.first = first
    self.second = second
    haveSameRoot = a.plan.rootSeed == b.plan.rootSeed
    let seeds = a.plan.seeds.filter(b.plan.seeds.contains)
    let pairs = PairedScores(x: first.scores(of: seeds), y: second.scores(of: seeds))
    let key = ResamplingKey.seeds(of: "\(a.plan.name)/\(b.plan.name)")
    isImported = a.isImported || b.isImported
    isPaired = haveSameRoot && !isImported && pairs.seedCount > 1
    let sides =
      isPaired
      ? [pairs.x, pairs.y].map(ScoreMatrix.init(tasks:)) : [first.scores, second.scores]
    counts = sides.map(\.totalCoverage.used)
    means = sides.map { $0.value(of: .mean) ?? .nan }
    difference = sides[0].value(of: .difference, over: sides[1])
    interval =
      isPaired
      ? pairs.interval(of: .difference, key: key)
      : sides[0].interval(of: .difference, over: sides[1], key: key)
    test = isPaired ? pairs.signFlipTest(of: .difference, against: 0, key: key) : nil
    seedsWon = isPaired ? (a.goal == .maximize ? pairs : pairs.negated).seedsWon : nil
  }

  /// Whether one of the two has finished seeds that are not behind its mean here.
  var leavesSeedsOut: Bool {
    counts != [first.coverage.used, second.coverage.used]
  }
}
