// SPDX-License-Identifier: MIT
import Glibc

/// When a race looks at its scores: after how many seeds.
///
/// A race promises that with chance at most `alpha` any variant is dropped that is as good as the one
/// that it loses against. It looks several times, and at each look any pair of variants may be the one
/// that differs by chance, so each test must reach `alpha` divided by looks and pairs (Bonferroni over
/// looks, Holm over pairs). The exact sign-flip test of n pairs cannot go below 2 / 2ⁿ: a look after
/// fewer seeds could drop nothing and would only make the others weaker, so there is none.
package struct RaceSchedule: Hashable, Sendable {
  /// Seeds of each round, in all rounds so far: the last is all seeds, and each but that is a look.
  package let seedCounts: [Int]
  /// Pairs of variants.
  package let pairs: Int
  package var looks: Int { seedCounts.count - 1 }

  /// Fewest pairs of a paired comparison (docs/explain/statistics.md).
  static let fewestSeeds = 6

  /// nil where so few seeds can drop nothing.
  package init?(variants: Int, seeds: Int, perRound: Int, alpha: Double) {
    let pairs = variants * (variants - 1) / 2
    guard pairs > 0, seeds > Self.fewestSeeds else { return nil }
    for first in Self.fewestSeeds..<seeds {
      let counts = Array(stride(from: first, to: seeds, by: perRound)) + [seeds]
      if Self.leastP(first) * Double(pairs) * Double(counts.count - 1) < alpha {
        (seedCounts, self.pairs) = (counts, pairs)
        return
      }
    }
    return nil
  }

  /// The fewest seeds with which a race of so many variants can drop anything; nil for too many
  /// variants.
  static func fewestSeeds(variants: Int, perRound: Int, alpha: Double) -> Int? {
    (fewestSeeds + 1...200).first {
      RaceSchedule(variants: variants, seeds: $0, perRound: perRound, alpha: alpha) != nil
    }
  }

  /// The least p that the sign-flip test of so many pairs can give: exact up to 20 pairs, drawn beyond.
  private static func leastP(_ pairs: Int) -> Double {
    pairs <= 20 ? pow(2, Double(1 - pairs)) : 1 / 100_001
  }
}
