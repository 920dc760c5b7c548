// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Randomness

extension SearchCourse {
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
      let trials = Wording.trials(
        variants: fresh.count, seeds: seeds.count, isDrawn: round == 1)
      record.next = Wording.round(round, of: record.roundsAtMost, trials)
      guard try ask(fresh, seeds: seeds, round: round, results: results) else { return }
      asked = plan.variants.count
      let ranked = plan.variants.indices.filter { goodness($0, seeds) != nil }.sorted { a, b in
        let (x, y) = (goodness(a, seeds) ?? 0, goodness(b, seeds) ?? 0)
        return x == y ? a < b : x > y
      }
      let good = Set(ranked.prefix(Self.goodCount(ranked.count, gamma: gamma)))
      decide(
        round, trials: trials, leader: ranked.first,
        entries: fresh.map { variant in
          entry(
            variant, seeds, isKept: good.contains(variant),
            reason: Wording.proposed(
              isGood: good.contains(variant), hasScore: ranked.contains(variant),
              isDrawn: round == 1, good: good.count, of: ranked.count))
        })
      if values.count >= total { break }
      round += 1
      let byVariant = valuesByVariant(values, found)
      values += proposals(
        min(perRound, total - values.count), after: values, round: round,
        good: ranked.filter(good.contains).map { byVariant[$0] },
        rest: ranked.filter { !good.contains($0) }.map { byVariant[$0] })
    }
    guard let winner = best(of: Array(plan.variants.indices), seeds) else { return giveUp() }
    try confirm(winner, searched: seeds, round: round + 1, results)
  }

  /// ⌈γ·n⌉, at least one and leaving one for the rest where there are two.
  static func goodCount(_ count: Int, gamma: Double) -> Int {
    min(max(1, Int((gamma * Double(count)).rounded(.up))), max(1, count - 1))
  }

  /// The first point of each variant.
  private func valuesByVariant(
    _ values: [[ConfigValue]], _ found: SearchVariants
  ) -> [[ConfigValue]] {
    plan.variants.indices.map { variant in
      found.variantOfPoint.firstIndex(of: variant).map { values[$0] } ?? []
    }
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
      var known = Set(values)
      known.formUnion(made)
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
