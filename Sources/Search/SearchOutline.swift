// SPDX-License-Identifier: MIT

package import ExperimentSpec

/// What a search does at most, before any of it is done.
package struct SearchOutline: Hashable, Sendable {
  /// One round, or several that are alike.
  package struct Round: Hashable, Sendable {
    package var variants: Int
    package var seeds: Int
    /// Training of each trial, in episodes or decisions, less what it continues.
    package var length: Int
    /// In words, such as `9 variants × 2 seeds, 500 episodes`.
    package var trials: String
    /// What is decided after it, in words.
    package var decision: String
  }

  /// Without the confirmation.
  package private(set) var rounds: [Round] = []
  /// Of the confirmation; 0 for none.
  package let freshTrials: Int
  package let sentence: String
  private let unit: String
  private let fullLength: Int
  private let sweepTrials: Int

  package init(_ space: SearchSpace) {
    let seeds = space.header.seeds.count
    unit = space.lengthUnit
    fullLength = space.fullLength
    freshTrials =
      space.settings.confirm * (space.settings.reference == nil ? 1 : 2)
    let size = space.draws.isEmpty ? space.size : max(space.size, space.draws.count)
    sweepTrials = (space.settings.kind == .tpe ? size : space.size) * seeds
    switch space.settings.method {
    case .halving(let rungs, let eta):
      var left = space.size
      var before = 0
      for (rung, length) in (rungs + [space.fullLength]).enumerated() {
        let next = max(1, left / eta)
        let isLast = rung == rungs.count
        rounds.append(
          Round(
            variants: left, seeds: seeds, length: length - before,
            trials: Wording.trials(variants: left, seeds: seeds, length: length, unit),
            decision: isLast ? Wording.bestWins : Wording.goOn(next)))
        (left, before) = (isLast ? left : next, length)
      }
    case .tpe(let startup, let perRound, _):
      var done = 0
      while done < size {
        let count = min(done == 0 ? startup : perRound, size - done)
        rounds.append(
          Round(
            variants: count, seeds: seeds, length: space.fullLength,
            trials: Wording.trials(variants: count, seeds: seeds, isDrawn: done == 0),
            decision: done + count < size ? Wording.proposesNext : Wording.bestWins))
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
            trials: Wording.trials(
              variants: space.size, seeds: count - before, isMore: before > 0),
            decision: count < seeds ? Wording.losersLeave : Wording.bestWins))
        before = count
      }
    }
    sentence = Wording.outline(
      space.settings, rounds: rounds.count, trials: Self.trials(rounds), fresh: freshTrials)
  }

  private static func trials(_ rounds: [Round]) -> Int {
    rounds.reduce(0) { $0 + $1.variants * $1.seeds }
  }

  /// Lines for people: each round, or several that are alike, and what it comes to.
  package var lines: [String] {
    var lines: [String] = []
    var first = 0
    while first < rounds.count {
      var last = first
      while last + 1 < rounds.count, rounds[last + 1] == rounds[first] { last += 1 }
      lines.append(
        Wording.outlined(first + 1, last + 1, rounds[first].trials, rounds[first].decision))
      first = last + 1
    }
    let training = rounds.reduce(0) { $0 + $1.variants * $1.seeds * $1.length }
    lines.append(Wording.outlinedConfirmation(freshTrials))
    lines.append(
      Wording.total(
        trials: Self.trials(rounds) + freshTrials, length: training + freshTrials * fullLength,
        sweepTrials: sweepTrials, sweepLength: sweepTrials * fullLength, unit))
    return lines
  }
}
