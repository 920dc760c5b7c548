// SPDX-License-Identifier: MIT

extension PairedScores {
  /// The two-sided sign-flip permutation test of "the measure equals `margin`"; nil when the
  /// measure has no value.
  ///
  /// Each seed's contribution to (measure − margin) is flipped as a whole, over all tasks.
  /// At the neutral value (0, ½, 1) that is exchanging the two variants' scores of the seed, and
  /// the test is exact for `difference` and `probabilityOfImprovement`; at another margin it
  /// supposes that the contributions lie symmetrically about it. Simulated with 6 and 10 normal
  /// pairs, a nominal 5 % was 2 to 5 % for `probabilityOfImprovement` (at ½ and ¾) and 4 to 6 % for
  /// `spreadRatio` (at 1 and 2), whose centres are estimated.
  package func signFlipTest(
    of measure: TwoSampleMeasure, against margin: Double, key: ResamplingKey
  ) -> SignFlipResult? {
    contributions(to: measure, margin: margin).flatMap {
      Statistics.signFlipTest($0, key: Self.flipKey(key, measure))
    }
  }

  /// The key of the flips, which an effect of a grid shares with a hypothesis about it.
  static func flipKey(_ key: ResamplingKey, _ measure: TwoSampleMeasure) -> ResamplingKey {
    key.part("flips/\(measure.rawValue)")
  }

  /// What each seed adds to (measure − margin), in the order of the seeds; for `spreadRatio`, to
  /// Σ var(y) − margin²·Σ var(x), which has the same sign.
  func contributions(to measure: TwoSampleMeasure, margin: Double) -> [Double]? {
    guard value(of: measure) != nil else { return nil }
    var sums = Array(repeating: 0.0, count: seedCount)
    for task in x.indices {
      let parts = contributions(ofTask: task, to: measure, margin: margin)
      for (seed, part) in parts.enumerated() { sums[seed] += part }
    }
    return sums
  }

  private func contributions(
    ofTask task: Int, to measure: TwoSampleMeasure, margin: Double
  ) -> [Double] {
    let xs = x[task]
    let ys = y[task]
    let count = Double(xs.count)
    let weight = 1 / (count * Double(x.count))
    switch measure {
    case .difference:
      return zip(xs, ys).map { beyond(margin, by: $0 - $1, scale: max(abs($0), abs($1))) * weight }
    case .probabilityOfImprovement:
      // The ranks among both samples: their mean difference is n·(2·PoI − 1), and exchanging a
      // pair's scores turns the sign of its own difference only.
      let ranks = midranks(xs + ys)
      return xs.indices.map {
        (0.5 + (ranks[$0] - ranks[$0 + xs.count]) / (2 * count) - margin) * weight
      }
    case .spreadRatio:
      // A great margin divides instead of multiplying, which is the same to the test.
      let (mine, others): (Double, Double) = margin > 1e6 ? (1, 1 / margin) : (margin, 1)
      let scale = workingScale((x + y).lazy.flatMap { $0 })
      let xSquares = squaredDeviations(xs.map { $0 * scale })
      let ySquares = squaredDeviations(ys.map { $0 * scale })
      return zip(xSquares, ySquares).map {
        ($1 * others * others - mine * mine * $0) / (count - 1)
      }
    }
  }

  /// `difference − margin`, where what is no more than rounding is 0: 0.3 − 0.2 is at 0.1.
  private func beyond(_ margin: Double, by difference: Double, scale: Double) -> Double {
    let excess = difference - margin
    return abs(excess) <= 1e-12 * max(scale, abs(margin)) ? 0 : excess
  }

  private func squaredDeviations(_ values: [Double]) -> [Double] {
    // Measured from the first value, so that equal values give exactly 0.
    guard let origin = values.first, let centre = mean(values.map { $0 - origin }) else {
      return []
    }
    return values.map { ($0 - origin - centre) * ($0 - origin - centre) }
  }
}

/// The ranks from 1 of each value, equal values sharing the mean of theirs.
func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = Array(repeating: 0.0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    for place in first..<end { ranks[order[place]] = Double(first + 1 + end) / 2 }
    first = end
  }
  return ranks
}

/// What a sign-flip permutation test found.
package struct SignFlipResult: Hashable, Sendable {
  /// Two-sided; never below 2 / 2^n when exact.
  package let pValue: Double
  /// The values flipped: seeds or pairs.
  package let count: Int
  /// Whether all 2^n flips were tried.
  package let isExact: Bool
}

/// The largest n of which all 2^n sign flips are tried.
private let greatestExactCount = 20
/// The flips drawn for a greater n.
private let drawnFlips = 100_000

/// The two-sided sign-flip permutation test that the values lie symmetrically about 0 (Fisher
/// 1935, section 21): the share of sign patterns whose sum is as far from 0 as the one seen.
///
/// Exact up to 20 values; beyond, 100,000 drawn flips with p = (1 + hits) / (1 + flips), since the
/// pattern seen is itself one of those possible (Phipson and Smyth 2010). Nil for no values or
/// when one is not finite. Sums that differ by rounding only count as equal.
package func signFlipTest(_ values: [Double], key: ResamplingKey) -> SignFlipResult? {
  guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
  let scale = workingScale(values)
  let values = values.map { $0 * scale }
  let slack = values.reduce(0) { $0 + abs($1) } * 1e-12
  let bound = abs(values.reduce(0, +)) - slack
  if values.count <= greatestExactCount {
    let hits = exactHits(values, bound: bound)
    return SignFlipResult(
      pValue: Double(hits) / Double(1 << values.count), count: values.count, isExact: true)
  }
  let hits = drawnHits(values, bound: bound, key: key)
  return SignFlipResult(
    pValue: Double(1 + hits) / Double(1 + drawnFlips), count: values.count, isExact: false)
}

/// Flips with |sum| ≥ bound, from the sums of the two halves: 2^n additions without drift.
private func exactHits(_ values: [Double], bound: Double) -> Int {
  let middle = values.count / 2
  let left = signedSums(values[..<middle])
  let right = signedSums(values[middle...])
  var hits = 0
  for a in left {
    for b in right where abs(a + b) >= bound { hits += 1 }
  }
  return hits
}

/// The 2^n sums of ±value.
private func signedSums(_ values: ArraySlice<Double>) -> [Double] {
  values.reduce([0.0]) { sums, value in sums.map { $0 + value } + sums.map { $0 - value } }
}

private func drawnHits(_ values: [Double], bound: Double, key: ResamplingKey) -> Int {
  var hits = 0
  for flip in 0..<drawnFlips {
    var generator = key.generator(replicate: flip)
    var bits: UInt64 = 0
    var sum = 0.0
    for (index, value) in values.enumerated() {
      if index % 64 == 0 { bits = generator.next() }
      sum += bits & 1 == 0 ? value : -value
      bits >>= 1
    }
    if abs(sum) >= bound { hits += 1 }
  }
  return hits
}
