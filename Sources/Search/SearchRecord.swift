// SPDX-License-Identifier: MIT

package import Diagnostics
import FoundationEssentials

/// What a search has decided so far and why: `search.json` of a run. It follows from the experiment
/// file and the finished trials, so deleting it loses nothing.
package struct SearchRecord: Codable, Hashable, Sendable {
  /// The version that this program writes and reads.
  package static let currentFormatVersion = 1

  package enum State: String, Codable, Sendable {
    /// A round's trials are not all done.
    case searching
    /// The winner is known; its fresh seeds are not all done.
    case confirming
    case over
  }

  /// One variant in one round.
  package struct Entry: Codable, Hashable, Sendable {
    /// Its place in the plan.
    package var variant: Int
    package var label: String
    /// Mean score over the seeds that have one; nil for none.
    package var mean: Double?
    /// Seeds with a score, of those asked for.
    package var scored: Int
    package var asked: Int
    package var isKept: Bool
    /// In words.
    package var reason: String
    /// For a race, against the leader: the difference of mean scores over shared seeds, its 95 %
    /// interval, the sign-flip p and that p over all looks and pairs.
    package var difference: Double?
    package var lower: Double?
    package var upper: Double?
    package var pairs: Int?
    package var pValue: Double?
    package var adjustedP: Double?

    package init(
      variant: Int, label: String, mean: Double?, scored: Int, asked: Int, isKept: Bool,
      reason: String
    ) {
      self.variant = variant
      self.label = label
      self.mean = mean
      self.scored = scored
      self.asked = asked
      self.isKept = isKept
      self.reason = reason
    }
  }

  /// A round of trials, and what was decided after it.
  package struct Round: Codable, Hashable, Sendable {
    /// From 1.
    package var number: Int
    /// Such as `9 variants × 2 seeds, 500 episodes`.
    package var trials: String
    /// The leader after it, by its place in the plan.
    package var leader: Int?
    /// In the order of the plan.
    package var entries: [Entry]

    package init(number: Int, trials: String, leader: Int?, entries: [Entry]) {
      self.number = number
      self.trials = trials
      self.leader = leader
      self.entries = entries
    }
  }

  /// The winner on seeds that the search never saw.
  package struct Confirmation: Codable, Hashable, Sendable {
    package var seeds: [Int]
    package var mean: Double?
    package var lower: Double?
    package var upper: Double?
    package var scored: Int
    /// What it was compared with on the same seeds; nil for nothing.
    package var reference: Reference?

    package init(seeds: [Int], mean: Double?, lower: Double?, upper: Double?, scored: Int) {
      self.seeds = seeds
      self.mean = mean
      self.lower = lower
      self.upper = upper
      self.scored = scored
    }
  }

  package struct Reference: Codable, Hashable, Sendable {
    /// Its place in the plan; nil where it is the winner itself.
    package var variant: Int?
    package var label: String
    package var mean: Double?
    package var scored: Int
    /// The winner's mean less the reference's over the seeds that both have, with its interval and
    /// the p of the paired sign-flip test.
    package var difference: Double?
    package var lower: Double?
    package var upper: Double?
    package var pairs: Int
    package var pValue: Double?
  }

  package var formatVersion = SearchRecord.currentFormatVersion
  /// `halving`, `tpe` or `racing`.
  package var kind: String
  package var state: State
  /// Rounds that are decided.
  package var rounds: [Round] = []
  /// How many rounds there are at most.
  package var roundsAtMost: Int
  /// What is asked for now, in words; nil when all is over.
  package var next: String?
  /// The best variant, by its place in the plan, with its score in the search; nil while there is
  /// none.
  package var winner: Entry?
  /// Why there is no winner, when all is over.
  package var problem: String?
  /// nil while there is none, and where none is asked for.
  package var confirmation: Confirmation?

  package init(kind: String, state: State, roundsAtMost: Int) {
    self.kind = kind
    self.state = state
    self.roundsAtMost = roundsAtMost
  }

  /// Sorted keys, two spaces, a newline at the end. The same record gives the same bytes.
  package func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // All numbers in it are finite, so this cannot fail.
    let data = (try? encoder.encode(self)) ?? Data()
    return [UInt8](data) + [UInt8(ascii: "\n")]
  }

  /// Reads what `encoded` wrote; nil for anything else, and for a newer version.
  package init?(decoding bytes: [UInt8]) {
    guard let record = try? JSONDecoder().decode(SearchRecord.self, from: Data(bytes)),
      record.formatVersion <= Self.currentFormatVersion
    else { return nil }
    self = record
  }
}

extension SearchRecord.Confirmation {
  /// How finely its numbers, and those of the comparison, are shown together.
  package var precision: Precision {
    let numbers = [
      mean, lower, upper, reference?.mean, reference?.difference, reference?.lower,
      reference?.upper,
    ]
    let widths = [(lower, upper), (reference?.lower, reference?.upper)].compactMap { low, high in
      low.flatMap { low in high.map { $0 - low } }
    }
    return Precision(numbers.compactMap { $0 }, widths: widths)
  }
}
