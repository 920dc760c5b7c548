// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How many seeds a verdict needs.
package enum SeedRequirement {
  /// Below which an adjusted p-value is called significant.
  package static let significance = 0.05
  /// The fewest seeds of which all 2^n sign flips can give p < 0.05: 2 / 2⁶ = 0.03125, where five
  /// give 0.0625 at best.
  static let fewest = 6
  /// Beyond this many an estimate says nothing but "not within reach".
  private static let greatest = 1_000.0

  /// The fewest seeds with which the least p of `familySize` hypotheses can be significant after
  /// Holm's adjustment: the least n with familySize · 2 / 2^n < 0.05.
  package static func fewest(familySize: Int) -> Int {
    var n = fewest
    while Double(max(familySize, 1)) * 2 >= significance * Double(1 << n) { n += 1 }
    return n
  }

  /// A rough estimate of the seeds in total that would decide, if the effect and the spread stay.
  ///
  /// The interval narrows and the test's normal score grows with √n; both must come clear of the
  /// margin, the test at 0.05 / familySize. Nil when there is no direction to extrapolate, or
  /// beyond 1,000.
  static func estimate(
    n: Int, interval: BootstrapInterval, margin: Double, pValue: Double, familySize: Int
  ) -> Int? {
    let distance = abs(interval.estimate - margin)
    let reach =
      interval.estimate > margin
      ? interval.estimate - interval.lower : interval.upper - interval.estimate
    let score = normalScore(twoSided: pValue)
    guard distance > 0, distance.isFinite, reach.isFinite, score > 0 else { return nil }
    let wanted = normalScore(twoSided: significance / Double(max(familySize, 1)))
    let forInterval = Double(n) * (reach / distance) * (reach / distance)
    let forTest = Double(n) * (wanted / score) * (wanted / score)
    let needed = max(forInterval, forTest).rounded(.up)
    guard needed <= greatest else { return nil }
    return max(Int(needed), n + 1, fewest(familySize: familySize))
  }

  /// z with P(|Z| ≥ z) = p, within 0.0005 (Abramowitz and Stegun 1964, 26.2.23); 0 for p = 1.
  static func normalScore(twoSided p: Double) -> Double {
    guard p < 1 else { return 0 }
    let t = (-2 * log(p / 2)).squareRoot()
    let above = 2.515517 + t * (0.802853 + t * 0.010328)
    let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return max(0, t - above / below)
  }
}

/// Whether an estimate is called beyond chance: its interval leaves out the neutral value, and the
/// adjusted p is below 0.05. The two disagree now and then, and neither alone is enough.
package func isBeyondChance(
  _ interval: BootstrapInterval, neutral: Double, adjustedP: Double
) -> Bool {
  adjustedP < SeedRequirement.significance
    && (interval.lower > neutral || interval.upper < neutral)
}

/// The p-values adjusted for being a family (Holm 1979): with all adjusted values below α called
/// significant, the chance of any false call is at most α.
///
/// The i-th least of k is multiplied by k − i + 1, made no less than the one before, and at most 1.
///
/// - Parameter pValues: each in 0...1, in any order, which the result keeps.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  precondition(
    pValues.allSatisfy { (0...1).contains($0) }, "p-values lie in 0...1, found \(pValues)")
  var adjusted = pValues
  var floor = 0.0
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  for (place, index) in order.enumerated() {
    floor = max(floor, min(1, pValues[index] * Double(pValues.count - place)))
    adjusted[index] = floor
  }
  return adjusted
}
