// SPDX-License-Identifier: MIT

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
