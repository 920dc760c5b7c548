// SPDX-License-Identifier: MIT

import Diagnostics
package import ExperimentSpec
import ParameterSchema
package import Statistics

/// How far a file's claims have come whose number of seeds follows from them: which trials they ask
/// for, and what was decided.
///
/// As in a search, it is found anew each time, from the file and the results alone: neither a kill,
/// nor the number of jobs, nor the order in which trials end can matter.
package struct SequentialProgress: RoundProgress {
  /// All trials asked for so far: all variants of a seed before the next seed.
  package private(set) var plan: Plan
  package private(set) var record: SequentialRecord
  private let space: SequentialSpace
  private var family: SequentialFamily
  /// By id, of each score that judges a claim.
  private var results: [Plan.Score: [String: TrialResult]] = [:]
  private var asked: Set<String> = []
  /// By claim, as many as it has asked for.
  private var seeds: [Int]

  /// - Parameter results: of all trials of a plan, in its order, by a score.
  package init(
    of space: SequentialSpace, results: (Plan, Plan.Score) throws -> [TrialResult]
  ) rethrows {
    self.space = space
    plan = space.header
    let hypotheses = plan.hypotheses
    family = SequentialFamily(
      space.looks,
      claims: hypotheses.indices.map { place in
        let score = space.score(of: place)
        return SequentialClaim(
          measure: hypotheses[place].measure, margin: hypotheses[place].margin, goal: score.goal,
          range: score.range)
      })
    seeds = hypotheses.map { _ in 0 }
    record = SequentialRecord(space)
    for (number, count) in space.looks.pairs.enumerated() {
      guard try collect(count, number: number, results) else {
        finish()
        return
      }
      family.look(
        number, at: Dictionary(uniqueKeysWithValues: family.open.map { ($0, scores(of: $0)) }),
        experiment: plan.name)
      record.note(number, family, self)
      if family.open.isEmpty { break }
    }
    record.state = .over
    finish()
  }

  package var isOver: Bool { record.state == .over }

  /// Takes over what the stored record knows of changed plans.
  package mutating func follow(_ earlier: SequentialRecord?) { record.follow(earlier) }

  // MARK: Trials

  /// Asks for trials until every open claim has so many pairs; a seed that failed is replaced by the
  /// next.
  ///
  /// - Returns: whether all of them are done.
  private mutating func collect(
    _ pairs: Int, number: Int, _ read: (Plan, Plan.Score) throws -> [TrialResult]
  ) rethrows -> Bool {
    while true {
      var isMissing = false
      for claim in family.open {
        let missing = pairs - scores(of: claim).completeSeeds.count
        guard missing > 0 else { continue }
        isMissing = true
        seeds[claim] += missing
        // Where more than half of the seeds fail, more of them decide nothing.
        if seeds[claim] > 2 * pairs { family.giveUp(claim) }
      }
      guard isMissing else { return true }
      ask(for: family.open, round: number + 1)
      record.next = next(pairs, number: number)
      for score in Set(plan.hypotheses.indices.map(space.score)) {
        for (trial, result) in zip(plan.trials, try read(plan, score)) {
          results[score, default: [:]][trial.id] = result
        }
      }
      let waits = results.values.contains { known in
        plan.trials.contains { known[$0.id] == .open }
      }
      if waits { return false }
    }
  }

  /// Adds the trials that claims lack, and of what no claim compares as many seeds as the first look
  /// has pairs.
  private mutating func ask(for claims: [Int], round: Int) {
    var wanted = plan.variants.map { _ in space.looks.pairs[0] }
    for claim in claims {
      for variant in plan.hypotheses[claim].pairs.joined() {
        wanted[variant] = max(wanted[variant], seeds[claim])
      }
    }
    for seed in 0..<(wanted.max() ?? 0) {
      for variant in plan.variants.indices where seed < wanted[variant] {
        let id = space.trial(variant, seed: seed)
        guard asked.insert(id).inserted else { continue }
        plan.trials.append(
          Plan.PlannedTrial(
            number: plan.trials.count + 1, id: id, variant: variant, seed: seed, round: round))
      }
      if !plan.seeds.contains(seed) { plan.seeds.append(seed) }
    }
  }

  /// The scores of a claim's seeds so far; NaN for a trial that failed.
  func scores(of claim: Int) -> SequentialScores {
    let known = results[space.score(of: claim)] ?? [:]
    func side(_ place: Int) -> [[Double]] {
      plan.hypotheses[claim].pairs.map { pair in
        (0..<seeds[claim]).map { seed in
          guard case .scored(let score)? = known[space.trial(pair[place], seed: seed)] else {
            return .nan
          }
          return score
        }
      }
    }
    return SequentialScores(better: side(0), than: side(1))
  }

  // MARK: Words

  private func next(_ pairs: Int, number: Int) -> String {
    let open = family.open
    let claims = plan.hypotheses.count
    let those =
      claims == 1
      ? "" : "; \(open.count) of \(Numbers.count(claims, "hypothesis", "hypotheses")) open"
    return
      "look \(number + 1) of \(space.looks.pairs.count): \(Numbers.count(pairs, "pair"))\(those)"
  }

  private mutating func finish() {
    plan.arithmetic = space.header.arithmetic
    if record.state == .over { record.next = nil }
    record.close(family, self)
  }
}

extension Plan.Hypothesis {
  package var margin: ClaimedMargin { within.map { .within($0) } ?? .atLeast(atLeast) }
}
