// SPDX-License-Identifier: MIT

/// The paired comparison that looks again and again at the same growing row of pairs, without a
/// greater chance of error: sign flips of the whole path of sums (Fisher 1935, section 21), with a
/// level that is spent look by look (Lan and DeMets 1983) and intervals that hold at every look
/// (Jennison and Turnbull 1989).
///
/// The null is that each d_i − c is symmetric about 0: so it is with no assumption where c is 0 and
/// both variants have one law of scores. It is no test of means when only one side's scores are skewed.
package struct SequentialTest: Sendable {
  /// Pairs at each look.
  package let pairs: [Int]
  /// What each look may use of the level.
  package let shares: [Double]
  private var drawn: SignVectors?

  package init(_ plan: LookPlan) { self.init(pairs: plan.pairs, shares: plan.shares) }

  /// - Parameter pairs: rising, one for each share.
  init(pairs: [Int], shares: [Double]) {
    precondition(pairs.count == shares.count, "\(pairs.count) looks, \(shares.count) shares")
    (self.pairs, self.shares) = (pairs, shares)
  }

  /// What is known after the look at so many differences.
  ///
  /// Both kinds of numbers hold whatever the reason for looking now: they are those of all looks so
  /// far together.
  ///
  /// - Parameters:
  ///   - differences: in the order of the seeds; as many as some look has pairs.
  ///   - margins: the values c for which a p is asked.
  /// - Returns: nil where a difference is not finite.
  package mutating func look(
    at differences: [Double], margins: [Double], needsInterval: Bool = true
  ) -> SequentialLook? {
    guard let last = pairs.firstIndex(of: differences.count),
      differences.allSatisfy(\.isFinite), let mean = mean(differences)
    else { return nil }
    let scale = workingScale(differences + margins)
    let values = differences.map { $0 * scale }
    var found = SequentialLook(
      pairs: differences.count, mean: mean, pValues: margins.map { _ in 1 }, interval: nil)
    var outer: ClosedRange<Double>?
    // As far on either side of the mean as the farthest difference.
    let middle = mean * scale
    if let reach = values.map({ abs($0 - middle) }).max() {
      outer = (middle - reach)...(middle + reach)
    }
    for look in 0...last where look == last || isLastOfItsKind(look) {
      let isEnumerated = pairs[look] <= SignVectors.greatestEnumerated
      // Looks with drawn signs have the same draws, so the last of them has all the others in it.
      guard isEnumerated || look == last else { continue }
      var path = SignPath(
        Array(values[..<pairs[look]]), vectors: vectors(look), shares: Array(shares[...look]))
      for (place, margin) in margins.enumerated() {
        found.pValues[place] = min(found.pValues[place], path.pValue(at: margin * scale))
      }
      guard needsInterval, let within = outer else { continue }
      let kept = zip(margins, found.pValues).filter {
        look == last && $1 > SeedRequirement.significance
      }
      .map { $0.0 * scale }.filter(within.contains)
      outer = path.interval(within: within, kept: kept)
    }
    if needsInterval, let outer {
      // Ends are known but for the slack of ties, which is not to be shown: 0 and not −4.9e−13.
      let width = outer.upperBound - outer.lowerBound
      let grid =
        width > 0 ? Double(sign: .plus, exponent: width.exponent - 36, significand: 1) : 0
      let ends = [outer.lowerBound, outer.upperBound].map { end in
        unscaled(grid > 0 ? (end / grid).rounded() * grid + 0 : end, by: scale)
      }
      found.interval = ends[0]...ends[1]
    }
    return found
  }

  /// Whether the next look draws its signs, and this one does not.
  private func isLastOfItsKind(_ look: Int) -> Bool {
    look + 1 < pairs.count && pairs[look] <= SignVectors.greatestEnumerated
      && pairs[look + 1] > SignVectors.greatestEnumerated
  }

  private mutating func vectors(_ look: Int) -> SignVectors {
    guard pairs[look] > SignVectors.greatestEnumerated else {
      return SignVectors(pairs: Array(pairs[...look]))
    }
    if let drawn, drawn.pairs.count > look { return drawn }
    let vectors = SignVectors(pairs: Array(pairs[...look]))
    drawn = vectors
    return vectors
  }
}

/// What a sequential test knows after a look.
package struct SequentialLook: Hashable, Sendable {
  package let pairs: Int
  /// The mean difference.
  package let mean: Double
  /// For each margin, the least level at which the path would have been cut by now.
  ///
  /// Never more than after an earlier look, and P(it ever falls to a) ≤ a.
  package var pValues: [Double]
  /// All values that are not cut at 0.05 by now; nil where there is none, or where none was asked for.
  package var interval: ClosedRange<Double>?
}
