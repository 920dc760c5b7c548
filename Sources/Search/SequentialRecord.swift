// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import FoundationEssentials
import ParameterSchema
package import Statistics

/// What the looks at a file's claims have found and decided: `looks.json` of a run.
///
/// All but what it says of changed plans follows from the experiment file and the finished trials.
package struct SequentialRecord: Codable, Hashable, Sendable, RoundRecord {
  /// The version that this program writes and reads.
  private static let currentFormatVersion = 1

  package static let fileName = "looks.json"

  package enum State: String, Codable, Sendable { case looking, over }
  package typealias Outcome = SequentialFamily.Outcome

  /// One look at one claim.
  package struct Look: Codable, Hashable, Sendable {
    package var pairs: Int
    /// Seeds tried for them.
    package var seeds: Int
    package var estimate: Double?
    /// The ends of the interval, which holds at every look; nil where no value fits.
    package var lower: Double?
    package var upper: Double?
    package var pValue: Double
    /// By Holm over all claims.
    package var adjustedP: Double
    /// Whether the verdict would not stand with the failed seeds at the worst score.
    package var hangsOnFailures: Bool?
  }

  package struct Claim: Codable, Hashable, Sendable {
    package var claim: String
    package var outcome = Outcome.open
    package var looks: [Look] = []
    /// The differences of the pairs of the last look, in the order of the seeds; greater is better for
    /// the claim; nil where one is infinite.
    package var differences: [Double?] = []
    /// Trials of each side that failed.
    package var failedBetter = 0
    package var failedThan = 0
    /// Scores of each side that collapsed, of so many each.
    package var collapsedBetter = 0
    package var collapsedThan = 0
    package var scores = 0
    /// Whether mean and median of the differences lie on different sides of the claim's margin.
    package var meanDisagrees = false
    package var median: Double?
    /// Pairs of the last look before the claim was added; nil where it was there from the start.
    package var addedAfter: Int?
    /// All that it claims, by which it is known again.
    fileprivate var identity: String
  }

  package var formatVersion = SequentialRecord.currentFormatVersion
  package var state = State.looking
  /// The pairs of each look.
  package var pairs: [Int]
  package var most: Int
  package var from: Int
  /// In the order of the file.
  package var claims: [Claim]
  /// What is asked for now, in words; nil when all is over.
  package var next: String?
  /// How the plan changed after a look, so that the level is lost; a sentence without an end each.
  package var changes: [String] = []

  init(_ space: SequentialSpace) {
    pairs = space.looks.pairs
    most = space.looks.most
    from = space.header.seedRange?.from ?? 0
    claims = space.header.hypotheses.indices.map { place in
      var claim = space.header.hypotheses[place]
      (claim.claim, claim.pairs, claim.score) = ("", [], space.score(of: place))
      claim.score?.range = nil
      let text = (try? ConfigValue(encoding: claim)).map(canonicalJSON) ?? ""
      return Claim(claim: space.header.hypotheses[place].claim, identity: text)
    }
  }

  mutating func note(_ number: Int, _ family: SequentialFamily, _ progress: SequentialProgress) {
    for (place, state) in family.claims.enumerated()
    where state.looks.count > claims[place].looks.count {
      guard let look = state.looks.last else { continue }
      let scores = progress.scores(of: place).prefix(look.seeds)
      claims[place].looks = state.looks.map {
        Look(
          pairs: $0.pairs, seeds: $0.seeds, estimate: $0.estimate,
          lower: $0.interval?.lowerBound, upper: $0.interval?.upperBound, pValue: $0.pValue,
          adjustedP: $0.adjustedP, hangsOnFailures: $0.hangsOnFailures ? true : nil)
      }
      claims[place].differences = scores.differences(state.claim.goal).map {
        $0.isFinite ? $0 : nil
      }
      (claims[place].failedBetter, claims[place].failedThan) = scores.failures
      guard let typical = state.typical else { continue }
      (claims[place].collapsedBetter, claims[place].collapsedThan) = typical.collapsed
      claims[place].scores = typical.scores
      claims[place].meanDisagrees = typical.meanDisagrees
      claims[place].median = typical.median.isFinite ? typical.median : nil
    }
    close(family, progress)
  }

  mutating func close(_ family: SequentialFamily, _ progress: SequentialProgress) {
    for (place, state) in family.claims.enumerated() {
      claims[place].outcome = state.outcome
      guard state.outcome == .failing else { continue }
      (claims[place].failedBetter, claims[place].failedThan) = progress.scores(of: place).failures
    }
  }

  /// Takes over what the record before knew of changed plans, and says what changed since.
  package mutating func follow(_ earlier: SequentialRecord?) {
    guard let earlier else { return }
    changes = earlier.changes
    let looked = earlier.claims.compactMap { $0.looks.last?.pairs }.max()
    for place in claims.indices {
      if let known = earlier.claims.first(where: { $0.identity == claims[place].identity }) {
        claims[place].addedAfter = known.addedAfter
      } else if let looked {
        claims[place].addedAfter = looked
      }
    }
    guard let looked else { return }
    let after = "after the look at \(Numbers.count(looked, "pair")) "
    var found: [String] = []
    if (from, most) != (earlier.from, earlier.most) {
      found.append(
        after + "\"from\" \(earlier.from) and \"to\" \(earlier.most) became \(from) and \(most)")
    }
    let kept = Set(claims.map(\.identity))
    for gone in earlier.claims where !kept.contains(gone.identity) {
      found.append(after + "the hypothesis \"\(gone.claim)\" was removed or changed")
    }
    let before = earlier.pairs.filter { $0 <= looked }
    if found.isEmpty, pairs != earlier.pairs, before != pairs.filter({ $0 <= looked }) {
      found.append(after + "more hypotheses moved the looks")
    }
    changes += found.filter { !changes.contains($0) }
  }

  package func encoded() -> [UInt8] { encodedRecord(self) }

  /// Reads what `encoded` wrote; nil for anything else, and for a newer version.
  package init?(decoding bytes: [UInt8]) {
    guard let record = try? JSONDecoder().decode(SequentialRecord.self, from: Data(bytes)),
      record.formatVersion <= Self.currentFormatVersion
    else { return nil }
    self = record
  }
}
