// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// In how many seeds one variant beats another, with the exact interval of that share.
package struct SeedShare: Hashable, Sendable {
  /// Seeds in which the first variant is ahead.
  package let won: Int
  /// Seeds in which neither is; they count among all, and not as won.
  package let tied: Int
  /// All seeds with a pair.
  package let count: Int
  /// The ends of the exact binomial interval (Clopper and Pearson 1934), whose true coverage is
  /// never less than 95 %.
  package let lower: Double
  package let upper: Double

  /// - Precondition: at least one seed, and no more won and tied than there are.
  package init(won: Int, tied: Int = 0, of count: Int) {
    precondition(
      count > 0 && won >= 0 && tied >= 0 && won + tied <= count,
      "\(won) won and \(tied) tied are no part of \(count) seeds")
    self.won = won
    self.tied = tied
    self.count = count
    let confidence = 0.95
    let tail = (1 - confidence) / 2
    lower = won == 0 ? 0 : rootOfRising { atLeast(won, of: count, each: $0) - tail }
    upper = won == count ? 1 : rootOfRising { tail - (1 - atLeast(won + 1, of: count, each: $0)) }
  }

  /// The share of seeds won.
  package var share: Double { Double(won) / Double(count) }
}

extension PairedScores {
  /// The seeds in which the first variant beats the second; nil without a pair.
  ///
  /// Over several tasks a seed is won where the first variant is ahead in more of them than the
  /// second. Infinite scores count as the greatest or the least.
  package var seedsWon: SeedShare? {
    guard seedCount > 0 else { return nil }
    let leads = (0..<seedCount).map { seed in
      x.indices.reduce(0) { lead, task in
        let (a, b) = (x[task][seed], y[task][seed])
        return lead + (a > b ? 1 : a < b ? -1 : 0)
      }
    }
    return SeedShare(
      won: leads.count { $0 > 0 }, tied: leads.count { $0 == 0 }, of: seedCount)
  }
}

/// P(X ≥ k) of a binomial X of n draws, each with probability p; 0 < k ≤ n.
private func atLeast(_ k: Int, of n: Int, each p: Double) -> Double {
  guard p > 0 else { return 0 }
  guard p < 1 else { return 1 }
  var logarithm = 0.0
  var sum = 0.0
  for drawn in 0...n {
    if drawn > 0 { logarithm += log(Double(n - drawn + 1)) - log(Double(drawn)) }
    if drawn >= k { sum += exp(logarithm + Double(drawn) * log(p) + Double(n - drawn) * log1p(-p)) }
  }
  return min(1, sum)
}

/// Where a rising function of 0...1 passes 0, by halving until neighbours are reached.
private func rootOfRising(_ function: (Double) -> Double) -> Double {
  var (low, high) = (0.0, 1.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if function(middle) < 0 { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
