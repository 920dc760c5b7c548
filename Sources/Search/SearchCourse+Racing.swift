// SPDX-License-Identifier: MIT

import ExperimentSpec
import Statistics

extension SearchCourse {
  /// A race over seeds: after each round but the last, variants that lose against the leader leave.
  mutating func race(
    perRound: Int, alpha: Double, _ results: (Plan) throws -> [TrialResult]
  ) rethrows {
    guard let found = space.variants(),
      let schedule = RaceSchedule(
        variants: found.variants.count, seeds: plan.seeds.count, perRound: perRound, alpha: alpha)
    else { return giveUp() }
    replaceAll(by: found)
    var race = Race(schedule, alpha: alpha)
    var left = Array(found.variants.indices)
    var before = 0
    // With one left there is nothing to tell apart.
    for (index, count) in schedule.seedCounts.enumerated() where left.count > 1 {
      let isLast = index == schedule.looks
      let seeds = Array(plan.seeds[..<count])
      let fresh = Array(plan.seeds[before..<count])
      let trials = Wording.trials(
        variants: left.count, seeds: fresh.count, isMore: before > 0)
      record.next = Wording.round(index + 1, of: record.roundsAtMost, trials)
      guard try ask(left, seeds: fresh, round: index + 1, results: results) else { return }
      before = count
      let name = "race/look \(index + 1)"
      // The last round drops nothing: it could save nothing.
      let look =
        isLast
        ? nil
        : race.look(left.map { scores($0, seeds) }, name: name, experiment: plan.name)
      let leader = best(of: left, seeds)
      let entries = left.indices.map { i in
        raceEntry(left[i], seeds, look?.comparisons.first { $0.place == i }, leader, alpha, isLast)
      }
      decide(index + 1, trials: trials, leader: leader, entries: entries)
      guard leader != nil else { return giveUp() }
      left = zip(left, entries).filter(\.1.isKept).map(\.0)
    }
    let seeds = Array(plan.seeds[..<before])
    guard let winner = best(of: left, seeds) else { return giveUp() }
    try confirm(winner, searched: seeds, round: record.rounds.count + 1, results)
  }

  private func raceEntry(
    _ variant: Int, _ seeds: [Int], _ comparison: Race.Comparison?, _ leader: Int?, _ alpha: Double,
    _ isLast: Bool
  ) -> SearchRecord.Entry {
    let hasScore = goodness(variant, seeds) != nil
    let isKept = hasScore && !(comparison?.isDropped ?? false)
    var entry = entry(
      variant, seeds, isKept: isKept,
      reason: Wording.raced(
        comparison, isLeader: variant == leader, hasScore: hasScore, alpha: alpha, isLast: isLast))
    guard let comparison else { return entry }
    let interval = comparison.interval
    entry.difference = comparison.difference.map { sign * $0 }
    entry.lower = interval.map { sign > 0 ? $0.lower : -$0.upper }
    entry.upper = interval.map { sign > 0 ? $0.upper : -$0.lower }
    entry.pairs = comparison.pairs
    entry.pValue = comparison.pValue
    entry.adjustedP = comparison.adjustedP
    return entry
  }
}
