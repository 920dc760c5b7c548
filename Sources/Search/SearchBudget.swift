// SPDX-License-Identifier: MIT

import Diagnostics
package import ExperimentSpec

/// What a search does at most, before any of it is done.
package struct SearchBudget: Hashable, Sendable {
  /// One round, or several that are alike.
  struct Round: Hashable, Sendable {
    var variants: Int
    var seeds: Int
    /// Training of each trial, in episodes or decisions, less what it continues.
    var length: Int
    /// In words, such as `9 variants × 2 seeds, 500 episodes`.
    var trials: String
    /// What is decided after it, in words.
    var decision: String
  }

  /// Without the confirmation.
  private(set) var rounds: [Round] = []
  /// Of the confirmation; 0 for none.
  private let freshTrials: Int
  private let space: String
  private let unit: String
  private let fullLength: Int
  private let sweepTrials: Int

  package init(_ space: SearchSpace) {
    let seeds = space.header.seeds.count
    self.space = space.settings.kind.rawValue
    unit = space.lengthUnit
    fullLength = space.fullLength
    freshTrials = space.settings.confirm * (space.settings.reference == nil ? 1 : 2)
    let size = max(space.size, space.draws.count)
    sweepTrials = (space.settings.kind == .tpe ? size : space.size) * seeds
    let bestWins = "the best is the winner"
    switch space.settings.method {
    case .halving(let rungs, let eta):
      var left = space.size
      var before = 0
      for (rung, length) in (rungs + [space.fullLength]).enumerated() {
        let next = max(1, left / eta)
        let goOn = next == 1 ? "the best trains on" : "the best \(next) train on"
        let isLast = rung == rungs.count
        rounds.append(
          Round(
            variants: left, seeds: seeds, length: length - before,
            trials: trialCount(left, seeds: seeds, to: length, unit),
            decision: isLast ? bestWins : goOn))
        (left, before) = (isLast ? left : next, length)
      }
    case .tpe(let startup, let perRound, _):
      var done = 0
      while done < size {
        let count = min(done == 0 ? startup : perRound, size - done)
        rounds.append(
          Round(
            variants: count, seeds: seeds, length: space.fullLength,
            trials: trialCount(
              count, done == 0 ? "drawn variant" : "proposed variant", seeds: seeds),
            decision: done + count < size ? "the next are proposed" : bestWins))
        done += count
      }
    case .racing(let perRound, let alpha):
      let schedule = RaceSchedule(
        variants: space.size, seeds: seeds, perRound: perRound, alpha: alpha)
      var before = 0
      for count in schedule?.seedCounts ?? [] {
        rounds.append(
          Round(
            variants: space.size, seeds: count - before, length: space.fullLength,
            trials: trialCount(
              space.size, seeds: count - before, before > 0 ? "more seed" : "seed"),
            decision: count < seeds ? "variants that lose against the leader leave" : bestWins))
        before = count
      }
    }
  }

  private var trials: Int { rounds.reduce(0) { $0 + $1.variants * $1.seeds } }

  package var sentence: String {
    "\(space): \(Numbers.count(rounds.count, "round")), at most \(Numbers.count(trials, "trial"))"
      + (freshTrials > 0 ? ", then \(freshTrials) on fresh seeds" : "")
  }

  /// Lines for people: each round, or several that are alike, and what it comes to.
  package var lines: [String] {
    var lines: [String] = []
    var first = 0
    while first < rounds.count {
      var last = first
      while last + 1 < rounds.count, rounds[last + 1] == rounds[first] { last += 1 }
      let numbers =
        first == last ? "round \(first + 1)" : "rounds \(first + 1) to \(last + 1), each"
      lines.append("\(numbers): \(rounds[first].trials); then \(rounds[first].decision)")
      first = last + 1
    }
    lines.append(
      freshTrials == 0
        ? "no confirmation: the winner's score will be the best of many"
        : "confirmation: \(Numbers.count(freshTrials, "trial")) on fresh seeds")
    let training =
      rounds.reduce(0) { $0 + $1.variants * $1.seeds * $1.length } + freshTrials * fullLength
    lines.append(
      "at most \(Numbers.count(trials + freshTrials, "trial")), \(Numbers.whole(training)) \(unit) "
        + "of training; the whole sweep: \(Numbers.whole(sweepTrials)), "
        + Numbers.whole(sweepTrials * fullLength))
    return lines
  }
}

/// `9 variants × 2 seeds`.
func trialCount(
  _ variants: Int, _ noun: String = "variant", seeds: Int, _ seedNoun: String = "seed"
) -> String {
  "\(Numbers.count(variants, noun)) × \(Numbers.count(seeds, seedNoun))"
}

/// `9 variants × 2 seeds, to 500 episodes`.
func trialCount(_ variants: Int, seeds: Int, to length: Int, _ unit: String) -> String {
  "\(trialCount(variants, seeds: seeds)), to \(Numbers.whole(length)) \(unit)"
}
