// SPDX-License-Identifier: MIT

import ExperimentSpec

extension SearchCourse {
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
        setAxes(found.axes + [Wording.lengthAxis(space, lengths)])
      }
      places = left.map { number in
        var variant = found.variants[number]
        variant.levels.append(rung)
        if !isLast { variant.label += Wording.shortened(length, space.lengthUnit) }
        return add(variant, number, of: found)
      }
      let trials = Wording.trials(
        variants: left.count, seeds: seeds.count, length: length, space.lengthUnit)
      record.next = Wording.round(rung + 1, of: record.roundsAtMost, trials)
      guard try ask(places, seeds: seeds, round: rung + 1, results: results) else { return }
      let goodness = places.map { self.goodness($0, seeds) }
      let kept = Set(survivors(of: goodness, eta: isLast ? max(1, left.count) : eta))
      let entries = places.indices.map { i in
        entry(
          places[i], seeds, isKept: kept.contains(i),
          reason: Wording.halved(
            isKept: kept.contains(i), hasScore: goodness[i] != nil, isLast: isLast,
            count: kept.count))
      }
      decide(rung + 1, trials: trials, leader: best(of: places, seeds), entries: entries)
      if kept.isEmpty { return giveUp() }
      if !isLast { left = left.indices.filter(kept.contains).map { left[$0] } }
    }
    guard let winner = best(of: places, seeds) else { return giveUp() }
    try confirm(winner, searched: seeds, round: lengths.count + 1, results)
  }
}
