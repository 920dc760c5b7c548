// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// When a comparison that goes on until it is decided looks at its pairs, and what each look may
/// spend of the error.
///
/// Looks, limits and hypotheses are fixed before the first look; were they chosen from the data, the
/// level would not hold.
package struct LookPlan: Hashable, Sendable {
  /// The pairs of each look, rising.
  package let pairs: [Int]
  /// The pairs at which all of the level is spent; the last look, or beyond it.
  package let most: Int

  /// Takes looks that were chosen beforehand.
  ///
  /// - Precondition: `pairs` rise from at least 1 to no more than `most`.
  package init(pairs: [Int], most: Int) {
    precondition(
      !pairs.isEmpty && pairs[0] > 0 && pairs[pairs.count - 1] <= most
        && zip(pairs, pairs.dropFirst()).allSatisfy(<),
      "looks rise from 1 to \(most), found \(pairs)")
    (self.pairs, self.most) = (pairs, most)
  }

  /// The first number of pairs from `from` on at which one of `hypotheses` could be decided, then
  /// each the next whole number ≥ 1.25 · the last, and `to`; nil where nothing can be decided.
  package init?(from: Int, to: Int, hypotheses: Int) {
    let level = SeedRequirement.significance / Double(max(hypotheses, 1))
    guard from > 0, from <= to,
      let first = (from...to).first(where: { n in
        pow(2, Double(1 - n)) <= level * spentShare(Double(n) / Double(to))
      })
    else { return nil }
    var pairs = [first]
    while let last = pairs.last, last < to { pairs.append(min(to, (5 * last + 3) / 4)) }
    self.init(pairs: pairs, most: to)
  }

  /// Whether the first look can decide anything, whatever the differences.
  package var canDecide: Bool {
    pow(2, Double(1 - pairs[0])) <= SeedRequirement.significance * shares[0]
  }

  /// The share of the level that each look may use: f(n_k / most) − f(n_(k−1) / most).
  package var shares: [Double] {
    var before = 0.0
    return pairs.map { count in
      let spent = spentShare(Double(count) / Double(most))
      defer { before = spent }
      return spent - before
    }
  }

  /// The share of the level that is spent when there are so many pairs.
  package func spent(by count: Int) -> Double {
    spentShare(Double(pairs.last { $0 <= count } ?? 0) / Double(most))
  }
}

/// How much of the level may be spent when a share of all pairs is there: f(t) = ln(1 + (e − 1)·t),
/// Pocock's kind of spending (Lan and DeMets 1983, section 3).
private func spentShare(_ t: Double) -> Double { log1p((M_E - 1) * t) }
