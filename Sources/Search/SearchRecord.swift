// SPDX-License-Identifier: MIT

package import Diagnostics
import FoundationEssentials

/// What a search has decided so far and why: `search.json` of a run. It follows from the experiment
/// file and the finished trials, so deleting it loses nothing.
package struct SearchRecord: Codable, Hashable, Sendable, RoundRecord {
  /// The version that this program writes and reads.
  private static let currentFormatVersion = 1

  package static let fileName = "search.json"

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

}

// How it is stored.
extension SearchRecord {
  package func encoded() -> [UInt8] { encodedRecord(self) }

  /// Reads what `encoded` wrote; nil for anything else, and for a newer version.
  package init?(decoding bytes: [UInt8]) {
    guard let record = try? JSONDecoder().decode(SearchRecord.self, from: Data(bytes)),
      record.formatVersion <= Self.currentFormatVersion
    else { return nil }
    self = record
  }
}

// What people read of it.
extension SearchRecord {
  package var decisions: [String] { rounds.map(decided) }

  /// What a round decided, a line or two for people who watch.
  func decided(_ round: Round) -> String {
    let head = "round \(round.number) (\(round.trials)): "
    let leader = round.entries.first { $0.variant == round.leader }
    let best = leader.map { "\($0.label) \(Numbers.score($0.mean))" }
    let failed = round.entries.reduce(0) { $0 + $1.asked - $1.scored }
    let gaps = failed > 0 ? "; \(Numbers.count(failed, "trial")) without a score left out" : ""
    if kind == "tpe" {
      return head + (best.map { "\($0) is the best so far" } ?? "none is better than before") + gaps
    }
    let dropped = round.entries.filter { !$0.isKept }
    var text = head + (best.map { "\($0) leads" } ?? "no score")
    text += "; \(Numbers.count(round.entries.count - dropped.count, "variant")) left"
    guard !dropped.isEmpty else { return text + gaps }
    let names = dropped.prefix(4).map { "\($0.label) \(Numbers.score($0.mean))" }
    let more = dropped.count > 4 ? " and \(dropped.count - 4) more" : ""
    return text + ", \(dropped.count) dropped: \(names.joined(separator: ", "))\(more)\(gaps)"
  }

  /// The winner, and what its fresh seeds say; empty while there is none.
  package var ended: [String] {
    guard let winner else { return problem.map { ["search over: \($0)"] } ?? [] }
    let line =
      "winner: \(winner.label), \(Numbers.score(winner.mean)) in the search "
      + "(\(winner.scored) of \(Numbers.count(winner.asked, "seed")))"
    if let confirmation { return [line, confirmation.sentence] }
    let warning = "not confirmed on fresh seeds: the best of many scores flatters"
    return state == .over ? [line, warning] : [line]
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

  /// What the fresh seeds say, in a sentence without an end:
  /// `on 10 fresh seeds (10 to 19): 412.3, 95 % interval [380.1, 440.0]`.
  package var sentence: String {
    let precision = precision
    func score(_ value: Double?) -> String {
      value.flatMap { $0.isFinite ? precision.text($0) : nil } ?? Numbers.nothing
    }
    func interval(_ lower: Double?, _ upper: Double?) -> String {
      guard let lower, let upper else { return "" }
      return ", 95 % interval \(precision.interval(lower, upper))"
    }
    func gaps(_ scored: Int) -> String {
      scored < seeds.count ? ", \(scored) with a score" : ""
    }
    let first = seeds.first ?? 0
    let span = seeds.count > 1 ? "\(first) to \(seeds.last ?? 0)" : "\(first)"
    let text =
      "on \(Numbers.count(seeds.count, "fresh seed")) (\(span)): \(score(mean))"
      + gaps(scored) + interval(lower, upper)
    guard let reference else { return text }
    guard reference.variant != nil else { return text + "; it is the reference itself" }
    let isWhole = reference.pairs == scored && reference.pairs == reference.scored
    return text + "; the reference: \(score(reference.mean))\(gaps(reference.scored))"
      + "; difference \(isWhole ? "" : "over the seeds that both have ")"
      + score(reference.difference) + interval(reference.lower, reference.upper)
      + (reference.pValue.map { ", \(Numbers.pValue($0))" } ?? "") + ", n = \(reference.pairs)"
  }
}
