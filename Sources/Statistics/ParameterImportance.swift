// SPDX-License-Identifier: MIT

/// How much of a random sweep's variance in score goes with one parameter.
///
/// The draws are put into bins by the parameter's value; the share is the variance between the
/// bins' means over all variance (the correlation ratio η², Fisher 1925). Some share comes about by
/// chance alone: the scores are dealt to the draws anew, all ways up to eight draws and 10,000
/// times beyond, and the share seen is held against those.
package struct ParameterImportance: Equatable, Sendable {
  /// η², 0...1.
  package let share: Double
  /// The share that chance alone exceeds in one of twenty deals.
  package let chance: Double
  /// The share of deals whose η² is as great as the one seen, or greater.
  package let pValue: Double
  /// Bins of the parameter.
  package let bins: Int
  /// Draws that enter.
  package let draws: Int
  /// Whether all deals were tried.
  package let isExact: Bool

  /// Whether an adjusted p says that a parameter matters beyond chance: the one decision for figure,
  /// table and words.
  package static func isBeyondChance(adjustedP: Double) -> Bool {
    adjustedP < SeedRequirement.significance
  }

  /// Fewer draws say nothing.
  package static let fewestDraws = 8
  private static let drawnDeals = 10_000

  /// Nil with fewer than eight finite scores, when all scores are equal, and when the parameter is
  /// the same in all draws.
  ///
  /// - Parameter scores: one a draw, the mean over its seeds; those not finite are left out.
  package init?(_ parameter: ParameterDraws, scores: [Double], key: ResamplingKey) {
    precondition(
      parameter.count == scores.count,
      "\(parameter.count) draws do not fit \(scores.count) scores")
    let used = scores.indices.filter { scores[$0].isFinite }
    let scale = workingScale(used.map { scores[$0] })
    let values = used.map { scores[$0] * scale }
    guard used.count >= Self.fewestDraws, let centre = mean(values) else { return nil }
    let binned = ParameterBins(parameter.choosing(used))
    let deviations = values.map { $0 - centre }
    let total = deviations.reduce(0) { $0 + $1 * $1 }
    let size = values.map { abs($0) }.max() ?? 0
    guard binned.count > 1, total > 1e-20 * size * size else { return nil }
    var deals = Deals(bins: binned, deviations: deviations, total: total)
    let seen = deals.share
    var others: [Double] = []
    if used.count <= 8 {
      deals.forEachPermutation { others.append($0) }
      isExact = true
    } else {
      let key = key.part("deal")
      for deal in 0..<Self.drawnDeals { others.append(deals.shuffled(key, deal)) }
      isExact = false
    }
    // Shares that differ by rounding only are equal.
    let hits = others.count { $0 >= seen - 1e-12 }
    pValue =
      isExact ? Double(hits) / Double(others.count) : Double(1 + hits) / Double(1 + others.count)
    share = seen
    chance = quantile(others, 0.95) ?? 1
    bins = binned.count
    draws = used.count
  }
}

/// Scores dealt to bins.
private struct Deals {
  private let bins: [Int]
  private let sizes: [Double]
  private let total: Double
  private var dealt: [Double]
  private var sums: [Double]

  init(bins: ParameterBins, deviations: [Double], total: Double) {
    self.bins = bins.bins
    var sizes = Array(repeating: 0.0, count: bins.count)
    for bin in bins.bins { sizes[bin] += 1 }
    self.sizes = sizes
    self.total = total
    dealt = deviations
    sums = Array(repeating: 0, count: bins.count)
  }

  /// η² of the deal at hand: Σ n·mean² over the bins, over the sum of all squares.
  var share: Double {
    mutating get {
      for bin in sums.indices { sums[bin] = 0 }
      for (bin, value) in zip(bins, dealt) { sums[bin] += value }
      var between = 0.0
      for bin in sums.indices { between += sums[bin] * sums[bin] / sizes[bin] }
      return min(1, between / total)
    }
  }

  mutating func shuffled(_ key: ResamplingKey, _ deal: Int) -> Double {
    var generator = key.generator(replicate: deal)
    for last in stride(from: dealt.count - 1, to: 0, by: -1) {
      dealt.swapAt(last, generator.index(below: last + 1))
    }
    return share
  }

  /// Heap's algorithm (1963), without recursion.
  mutating func forEachPermutation(_ body: (Double) -> Void) {
    body(share)
    var counters = Array(repeating: 0, count: dealt.count)
    var place = 0
    while place < dealt.count {
      if counters[place] < place {
        dealt.swapAt(place.isMultiple(of: 2) ? 0 : counters[place], place)
        body(share)
        counters[place] += 1
        place = 0
      } else {
        counters[place] = 0
        place += 1
      }
    }
  }
}

/// A random sweep's draws of one parameter.
package enum ParameterDraws: Equatable, Sendable {
  /// Numbers, compared by their order only, so that it does not matter how they were spread.
  case numbers([Double])
  /// Words, switches and what else has no order.
  case categories([String])

  var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .categories(let values): values.count
    }
  }

  func choosing(_ indices: [Int]) -> ParameterDraws {
    switch self {
    case .numbers(let values): .numbers(indices.map { values[$0] })
    case .categories(let values): .categories(indices.map { values[$0] })
    }
  }
}

/// The draws of one parameter put into few bins of neighbours.
struct ParameterBins {
  /// The bin of each draw.
  let bins: [Int]
  let count: Int

  /// Equal draws share a bin. Numbers get bins of about equally many draws: two, three from 18
  /// draws on, four from 32 on, so that a bin has six or more; categories keep a bin each.
  init(_ draws: ParameterDraws) {
    switch draws {
    case .categories(let values): (bins, count) = Self.numbered(values)
    case .numbers(let values):
      let wanted = values.count < 18 ? 2 : values.count < 32 ? 3 : 4
      let ranks = midranks(values)
      // A draw goes where the middle of its equals lies, so that equals stay together.
      let raw = ranks.map {
        min(wanted - 1, Int(($0 - 0.5) / Double(max(1, values.count)) * Double(wanted)))
      }
      (bins, count) = Self.numbered(raw)
    }
  }

  /// The place of each value among the distinct ones, in rising order, and how many these are.
  private static func numbered<Value: Hashable & Comparable>(
    _ values: [Value]
  ) -> (bins: [Int], count: Int) {
    let distinct = Set(values).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
    return (values.map { places[$0] ?? 0 }, distinct.count)
  }
}
