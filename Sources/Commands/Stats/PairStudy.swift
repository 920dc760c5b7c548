// SPDX-License-Identifier: MIT

import Statistics

/// Every variant over every other: seed by seed where seeds are pairs, else apart.
struct PairStudy {
  let variants: [ScoreFile.Variant]
  let statistics: [ScoreStudy.VariantStatistics]
  let options: ScoreStudy.Options
  /// What is left out, and why.
  private(set) var notes: [String] = []

  /// Pairs whose resamples are drawn in one pass, which bounds the memory.
  private static let batch = 64

  /// - Parameters:
  ///   - order: the variants, best first.
  ///   - progressed: told how many pairs are done, now and then.
  mutating func pairs(
    in order: [Int], progressed: (Double) -> Void
  ) -> [ScoreStudy.Pair] {
    let all = order.enumerated().flatMap { place, first in
      order[(place + 1)...].map { (first, $0) }
    }
    var found: [ScoreStudy.Pair] = []
    for start in stride(from: 0, to: all.count, by: Self.batch) {
      let batch = Array(all[start..<min(start + Self.batch, all.count)])
      let drawn = drawn(batch) { progressed(Double(start) + $0 * Double(batch.count)) }
      for (place, pair) in batch.enumerated() {
        if let compared = compared(pair.0, pair.1, drawn[place]) { found.append(compared) }
        progressed(Double(start + place + 1))
      }
    }
    let adjusted = holmAdjusted(found.map { $0.test?.pValue ?? 1 })
    for index in found.indices where found[index].test != nil {
      found[index].adjustedP = adjusted[index]
    }
    return found
  }

  /// The probabilities of improvement of the pairs of a batch that are compared apart by drawing.
  private func drawn(
    _ batch: [(Int, Int)], progressed: (Double) -> Void
  ) -> [Int: BootstrapDistribution] {
    let places = batch.indices.filter { place in
      let (first, second) = batch[place]
      return seeds(first, second) == nil
        && JointComparison.isDrawn(statistics[first].matrix, over: statistics[second].matrix)
    }
    guard !places.isEmpty else { return [:] }
    let joint = JointComparison(statistics.map(\.matrix), keys: statistics.map(\.key))
    let found = joint.improvements(of: places.map { batch[$0] }, progressed: progressed)
    return Dictionary(uniqueKeysWithValues: zip(places, found))
  }

  /// Both variants' scores by seed; nil where they are to be compared apart.
  private func seeds(_ first: Int, _ second: Int) -> PairedScores? {
    guard options.isPaired else { return nil }
    let scores = PairedScores(variants[first], variants[second], range: options.range)
    return scores.seedCount > 0 ? scores : nil
  }

  private mutating func compared(
    _ first: Int, _ second: Int, _ drawn: BootstrapDistribution?
  ) -> ScoreStudy.Pair? {
    let names = (variants[first].name, variants[second].name)
    let key = ResamplingKey(experiment: "stats", statistic: "pair \(names.0) over \(names.1)")
    if let scores = seeds(first, second) {
      guard let value = scores.value(of: .probabilityOfImprovement) else { return nil }
      return ScoreStudy.Pair(
        first: names.0, second: names.1,
        pairs: Coverage(
          used: scores.seedCount, planned: scores.coverage.map(\.planned).max() ?? 0),
        improvement: ScoreStudy.Estimate(
          value, scores.bootstrap(.probabilityOfImprovement, key: key)),
        difference: scores.value(of: .difference).map {
          ScoreStudy.Estimate($0, scores.bootstrap(.difference, key: key))
        }, seedsWon: scores.seedsWon,
        test: scores.signFlipTest(of: .difference, against: 0, key: key))
    }
    let (x, y) = (statistics[first].matrix, statistics[second].matrix)
    guard let value = x.value(of: .probabilityOfImprovement, over: y) else {
      notes.append("\(names.0) and \(names.1) cannot be compared: one has a task without a score")
      return nil
    }
    if options.isPaired {
      notes.append(
        "\(names.0) and \(names.1) are compared apart: no seed has a score on both sides in every"
          + " task")
    }
    let difference = x.value(of: .difference, over: y).map { estimate in
      // Where both means are drawn, the difference of the resamples at hand, which are drawn apart.
      if let a = statistics[first].mean, let b = statistics[second].mean, !a.isExact, !b.isExact {
        return ScoreStudy.Estimate(
          estimate, BootstrapDistribution(estimate: estimate, drawnDifferenceOf: a, and: b))
      }
      return ScoreStudy.Estimate(estimate, x.bootstrap(.difference, over: y, key: key))
    }
    return ScoreStudy.Pair(
      first: names.0, second: names.1, pairs: nil,
      improvement: ScoreStudy.Estimate(
        value, drawn ?? x.bootstrap(.probabilityOfImprovement, over: y, key: key)),
      difference: difference, seedsWon: nil, test: nil)
  }
}

extension PairedScores {
  /// Both variants' scores by the seeds of all tasks; NaN where a seed has none.
  init(
    _ first: ScoreFile.Variant, _ second: ScoreFile.Variant, range: ScoreRange?
  ) {
    var (known, seeds): (Set<String>, [String]) = ([], [])
    for seed in (first.seeds + second.seeds).joined() where known.insert(seed).inserted {
      seeds.append(seed)
    }
    func side(_ variant: ScoreFile.Variant) -> [[Double]] {
      zip(variant.seeds, variant.scores).map { names, scores in
        let found = Dictionary(zip(names, scores)) { first, _ in first }
        return seeds.map { seed in
          found[seed].map { range?.normalized($0) ?? $0 } ?? .nan
        }
      }
    }
    self.init(x: side(first), y: side(second))
  }
}
