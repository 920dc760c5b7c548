// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Randomness
import Statistics

// The three methods of a search.
extension SearchProgress {
  /// Successive halving: each round trains the variants that are left to the next rung, those of the
  /// last to the end, from where they stand (Jamieson and Talwalkar 2016).
  mutating func halve(
    rungs: [Int], eta: Int, _ results: (Plan) throws -> [TrialResult]
  ) rethrows {
    let seeds = plan.seeds
    let lengths = rungs + [space.fullLength]
    let needsEvaluation = plan.score.metric == .evaluationReturn
    /// Numbers of the sweep's variants.
    var left: [Int] = []
    var places: [Int] = []
    for (rung, length) in lengths.enumerated() {
      let isLast = rung == rungs.count
      // The file was expanded at its full length when it was read; another length changes no rule.
      guard
        let found = space.variants(length: length, isEvaluated: isLast || needsEvaluation)
      else { return giveUp() }
      if rung == 0 {
        left = Array(found.variants.indices)
        let axis = Plan.Axis(
          path: space.lengthPath, label: space.lengthUnit, values: lengths.map { Numbers.whole($0) }
        )
        plan.axes = found.axes + [axis]
      }
      places = left.map { number in
        var variant = found.variants[number]
        variant.levels.append(rung)
        if !isLast { variant.label += " · \(Numbers.whole(length)) \(space.lengthUnit)" }
        return add(variant, number, of: found)
      }
      let trials = trialCount(left.count, seeds: seeds.count, to: length, space.lengthUnit)
      begin(rung + 1, trials)
      guard try ask(places, seeds: seeds, round: rung + 1, results: results) else { return }
      let scores = places.map { goodness($0, seeds) }
      let kept = Set(survivors(of: scores, eta: isLast ? max(1, left.count) : eta))
      let best = kept.count == 1 ? "the best" : "among the best \(kept.count)"
      let entries = places.indices.map { i in
        entry(
          places[i], seeds, isKept: kept.contains(i),
          reason: isLast ? "trained to the end" : kept.contains(i) ? best : "not \(best)")
      }
      record.rounds.append(
        .init(
          number: rung + 1, trials: trials, leader: ranked(places, seeds).first, entries: entries))
      if kept.isEmpty { return giveUp() }
      if !isLast { left = left.indices.filter(kept.contains).map { left[$0] } }
    }
    guard let winner = ranked(places, seeds).first else { return giveUp() }
    try confirm(winner, searched: seeds, round: lengths.count + 1, results)
  }

  // MARK: - Racing

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
      let trials = trialCount(
        left.count, seeds: fresh.count, before > 0 ? "more seed" : "seed")
      begin(index + 1, trials)
      guard try ask(left, seeds: fresh, round: index + 1, results: results) else { return }
      before = count
      // The last round drops nothing: it could save nothing.
      let look =
        isLast
        ? nil
        : race.look(
          left.map { scores($0, seeds) }, name: "race/look \(index + 1)", experiment: plan.name)
      let leader = ranked(left, seeds).first
      let entries = left.indices.map { i in
        raceEntry(left[i], seeds, look?.comparisons.first { $0.place == i }, leader, alpha, isLast)
      }
      record.rounds.append(
        .init(number: index + 1, trials: trials, leader: leader, entries: entries))
      guard leader != nil else { return giveUp() }
      left = zip(left, entries).filter(\.1.isKept).map(\.0)
    }
    let seeds = Array(plan.seeds[..<before])
    guard let winner = ranked(left, seeds).first else { return giveUp() }
    try confirm(winner, searched: seeds, round: record.rounds.count + 1, results)
  }

  private func raceEntry(
    _ variant: Int, _ seeds: [Int], _ comparison: Race.Comparison?, _ leader: Int?, _ alpha: Double,
    _ isLast: Bool
  ) -> SearchRecord.Entry {
    let isDropped = comparison?.isDropped ?? false
    let reason: String
    if variant == leader {
      reason = "leads"
    } else if isLast {
      reason = "not distinguished from the leader by the last seeds"
    } else if let p = comparison?.adjustedP {
      reason =
        (isDropped ? "loses against the leader: " : "not distinguished from the leader: ")
        + "\(Numbers.pValue(p)) over all looks and pairs"
        + (isDropped ? ", below \(Numbers.text(alpha))" : "")
    } else {
      reason = "cannot be compared"
    }
    var entry = entry(
      variant, seeds, isKept: !isDropped && goodness(variant, seeds) != nil, reason: reason)
    guard let comparison else { return entry }
    let ends = comparison.interval.map { [sign * $0.lower, sign * $0.upper] }
    entry.difference = comparison.difference.map { sign * $0 }
    (entry.lower, entry.upper) = (ends?.min(), ends?.max())
    (entry.pairs, entry.pValue) = (comparison.pairs, comparison.pValue)
    entry.adjustedP = comparison.adjustedP
    return entry
  }

  // MARK: - Proposals

  /// The sweep's own first draws, then rounds of proposals (Bergstra et al. 2011).
  mutating func propose(
    startup: Int, perRound: Int, gamma: Double, _ results: (Plan) throws -> [TrialResult]
  ) rethrows {
    let seeds = plan.seeds
    let total = space.draws.count
    var values = Array(space.draws.prefix(startup))
    var round = 1
    var asked = 0
    while true {
      // Every proposal was allowed by itself; side by side they only take other labels.
      guard let found = space.variants(values) else { return giveUp() }
      replaceAll(by: found)
      let fresh = Array(asked..<plan.variants.count)
      let origin = round == 1 ? "drawn" : "proposed"
      let trials = trialCount(fresh.count, origin + " variant", seeds: seeds.count)
      begin(round, trials)
      guard try ask(fresh, seeds: seeds, round: round, results: results) else { return }
      asked = plan.variants.count
      let ranked = ranked(Array(plan.variants.indices), seeds)
      let good = Set(ranked.prefix(Self.goodCount(ranked.count, gamma: gamma)))
      let best = "among the best \(good.count) of \(ranked.count)"
      let entries = fresh.map { variant in
        let isGood = good.contains(variant)
        return entry(
          variant, seeds, isKept: isGood, origin: origin + "; ",
          reason: isGood ? best + "; the next are sought near them" : "not " + best)
      }
      record.rounds.append(
        .init(number: round, trials: trials, leader: ranked.first, entries: entries))
      if values.count >= total { break }
      round += 1
      // The first point of each variant.
      let byVariant = plan.variants.indices.map { variant in
        found.variantOfPoint.firstIndex(of: variant).map { values[$0] } ?? []
      }
      values += proposals(
        min(perRound, total - values.count), after: values, round: round,
        good: ranked.filter(good.contains).map { byVariant[$0] },
        rest: ranked.filter { !good.contains($0) }.map { byVariant[$0] })
    }
    guard let winner = ranked(Array(plan.variants.indices), seeds).first else { return giveUp() }
    try confirm(winner, searched: seeds, round: round + 1, results)
  }

  /// ⌈γ·n⌉, at least one and leaving one for the rest where there are two.
  private static func goodCount(_ count: Int, gamma: Double) -> Int {
    min(max(1, Int((gamma * Double(count)).rounded(.up))), max(1, count - 1))
  }

  /// So many variants that promise most. One that was proposed in the same round counts as one of the
  /// rest, so that the next lies elsewhere (a constant liar: Ginsbourger, Le Riche and Carraro 2010).
  /// Before two variants have a score, and where no proposal is new and allowed, the sweep's next draw
  /// is taken.
  private func proposals(
    _ count: Int, after values: [[ConfigValue]], round: Int, good: [[ConfigValue]],
    rest: [[ConfigValue]]
  ) -> [[ConfigValue]] {
    let streams = RandomStreams(
      root: UInt64(bitPattern: Int64(plan.rootSeed)), seed: UInt64(round))
    var made: [[ConfigValue]] = []
    for index in 0..<count {
      let known = Set(values).union(made)
      var proposal: [ConfigValue]?
      if !good.isEmpty, !rest.isEmpty {
        let model = ParzenModel(space.axes, good: good, rest: rest + made)
        var random = streams.generator(.searchProposals, index: UInt64(index))
        let space = space
        proposal = model.proposal(using: &random) { !known.contains($0) && space.allows($0) }
      }
      made.append(proposal ?? space.draws[values.count + index])
    }
    return made
  }
}

/// The places of the scores that go on after a rung: the best 1/eta of all, at least one, in rising
/// order (Jamieson and Talwalkar 2016, algorithm 1, which keeps ⌊n / η⌋).
///
/// - Parameters:
///   - scores: great is good; nil for one without a score, which never goes on. Of equal ones the
///     first goes on.
///   - eta: at least 1.
/// - Returns: none where there is no score.
package func survivors(of scores: [Double?], eta: Int) -> [Int] {
  ranking(scores).prefix(max(1, scores.count / eta)).sorted()
}
