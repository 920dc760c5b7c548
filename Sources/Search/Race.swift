// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import Statistics

/// A race: variants are compared with the leader by the paired sign-flip test, and lose by it.
///
/// At each look the p of each variant against the leader is multiplied by the number of looks
/// (Bonferroni) and by the number of pairs of all variants that started, less those that lost already
/// (Holm). Before the first false drop, only pairs that truly differ have lost; so whenever one would
/// be dropped falsely, the factor is at least the number of pairs that do not differ, and the chance
/// of that over all looks and pairs is at most `alpha`, whichever variants lead and whatever was
/// dropped before.
package struct Race: Sendable {
  package let schedule: RaceSchedule
  package let alpha: Double
  /// Pairs that lost so far.
  package private(set) var lost = 0

  package init(_ schedule: RaceSchedule, alpha: Double) {
    self.schedule = schedule
    self.alpha = alpha
  }

  /// One variant against the leader.
  package struct Comparison: Hashable, Sendable {
    /// Its place among those compared.
    package let place: Int
    /// Mean score less the leader's, over the seeds that both have.
    package let difference: Double?
    package let interval: BootstrapInterval?
    /// Pairs of scores.
    package let pairs: Int
    package let pValue: Double?
    /// Over all looks and pairs.
    package let adjustedP: Double?
    package let isDropped: Bool
  }

  /// What one look found.
  package struct Look: Sendable {
    /// The place of the best mean; nil without a score.
    package let leader: Int?
    /// All others that have a score, in their order.
    package let comparisons: [Comparison]
  }

  /// Looks at the scores.
  ///
  /// - Parameters:
  ///   - scores: by variant still in the race and seed; great is good, NaN for none.
  ///   - name: of the look, which keys the random numbers of intervals.
  ///   - withIntervals: whether intervals are there also of variants that the test does not drop.
  package mutating func look(
    _ scores: [[Double]], name: String, experiment: String, withIntervals: Bool = true
  ) -> Look {
    let means = scores.map { mean($0.filter { !$0.isNaN }) }
    guard let best = means.compactMap({ $0 }).max(),
      let leader = means.firstIndex(where: { $0 == best })
    else { return Look(leader: nil, comparisons: []) }
    let tests = scores.indices.filter { $0 != leader && means[$0] != nil }
      .map { Test(place: $0, scores[$0], against: scores[leader], name, experiment) }
    var comparisons: [Comparison] = []
    for test in tests.sorted(by: { ($0.p ?? 1, $0.place) < ($1.p ?? 1, $1.place) }) {
      let factor = Double((schedule.pairs - lost) * max(1, schedule.looks))
      let adjusted = test.p.map { min(1, $0 * factor) }
      let isLow = adjusted.map { $0 < alpha } ?? false
      let interval = isLow || withIntervals ? test.interval : nil
      let loses =
        isLow && test.pairs.seedCount >= 6 && interval.map { $0.upper < 0 } ?? false
      if loses { lost += 1 }
      comparisons.append(
        Comparison(
          place: test.place, difference: test.pairs.value(of: .difference), interval: interval,
          pairs: test.pairs.seedCount, pValue: test.p, adjustedP: adjusted, isDropped: loses))
    }
    return Look(leader: leader, comparisons: comparisons.sorted { $0.place < $1.place })
  }
}

/// The paired test of one variant against the leader.
private struct Test {
  let place: Int
  let pairs: PairedScores
  let p: Double?
  private let key: ResamplingKey

  init(
    place: Int, _ scores: [Double], against leader: [Double], _ name: String, _ experiment: String
  ) {
    self.place = place
    pairs = PairedScores(x: scores, y: leader)
    key = ResamplingKey(experiment: experiment, statistic: "\(name)/\(place)")
    p = pairs.signFlipTest(of: .difference, against: 0, key: key)?.pValue
  }

  var interval: BootstrapInterval? { pairs.interval(of: .difference, key: key) }
}
