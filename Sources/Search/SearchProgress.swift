// SPDX-License-Identifier: MIT

import Diagnostics
package import ExperimentSpec
import ParameterSchema
import Statistics

/// How a trial ended, for a search.
package enum TrialResult: Hashable, Sendable {
  /// It is not done.
  case open
  /// It has no score and will have none.
  case failed
  case scored(Double)
}

/// How far a search has come: what it asks for, and what it decided.
///
/// It is found anew each time, from the file and the results alone, round after round: nothing is
/// remembered, so a search that was killed decides the same again, and neither the number of jobs nor
/// the order in which trials end can matter.
package struct SearchProgress: RoundProgress {
  /// All trials asked for so far, in the order of the rounds.
  package var plan: Plan
  package internal(set) var record: SearchRecord
  let space: SearchSpace
  /// 1 where great scores are good, −1 where small ones are.
  let sign: Double
  /// What names the trials of each of the plan's variants.
  private var names: [(of: SweepVariants, variant: Int)] = []
  private var results: [String: TrialResult] = [:]

  /// - Parameter results: of all trials of a plan, in its order.
  package init(
    of space: SearchSpace, results: (Plan) throws -> [TrialResult]
  ) rethrows {
    self.space = space
    plan = space.header
    sign = plan.score.goal == .maximize ? 1 : -1
    let budget = SearchBudget(space)
    plan.arithmetic = budget.sentence
    record = SearchRecord(
      kind: space.settings.kind.rawValue, state: .searching, roundsAtMost: budget.rounds.count)
    switch space.settings.method {
    case .halving(let rungs, let eta): try halve(rungs: rungs, eta: eta, results)
    case .tpe(let startup, let perRound, let gamma):
      try propose(startup: startup, perRound: perRound, gamma: gamma, results)
    case .racing(let perRound, let alpha):
      try race(perRound: perRound, alpha: alpha, results)
    }
  }

  /// Whether nothing is left to ask for.
  package var isOver: Bool { record.state == .over }

  // MARK: - Variants and trials

  /// Adds a variant to the plan.
  ///
  /// - Returns: its place there.
  mutating func add(_ variant: Plan.Variant, _ number: Int, of variants: SweepVariants) -> Int {
    var added = variant
    added.index = plan.variants.count
    plan.variants.append(added)
    names.append((variants, number))
    return added.index
  }

  /// Puts all variants of a sweep in place of those that the plan has; the first ones are the same.
  mutating func replaceAll(by variants: SweepVariants) {
    plan.axes = variants.axes
    plan.variants = variants.variants
    names = variants.variants.indices.map { (variants, $0) }
  }

  /// Asks for trials, each variant with each seed.
  ///
  /// - Returns: whether all of them are done.
  mutating func ask(
    _ variants: [Int], seeds: [Int], round: Int, results read: (Plan) throws -> [TrialResult]
  ) rethrows -> Bool {
    for variant in variants {
      for seed in seeds {
        plan.trials.append(
          Plan.PlannedTrial(
            number: plan.trials.count + 1, id: id(variant, seed), variant: variant, seed: seed,
            round: round))
      }
    }
    let found = try read(plan)
    for (trial, result) in zip(plan.trials, found) { results[trial.id] = result }
    return found.allSatisfy { $0 != .open }
  }

  private func id(_ variant: Int, _ seed: Int) -> String {
    names[variant].of.trial(names[variant].variant, seed: seed)
  }

  /// The scores of a variant, by seed; NaN for none. Great is good.
  func scores(_ variant: Int, _ seeds: [Int]) -> [Double] {
    seeds.map { seed in
      guard case .scored(let score)? = results[id(variant, seed)] else { return .nan }
      return sign * score
    }
  }

  /// The mean of a variant's scores, great is good; nil without a score.
  func goodness(_ variant: Int, _ seeds: [Int]) -> Double? {
    mean(scores(variant, seeds).filter { !$0.isNaN })
  }

  /// Those of the variants that have a score, the best first; of equal ones the first.
  func ranked(_ variants: [Int], _ seeds: [Int]) -> [Int] {
    ranking(variants.map { goodness($0, seeds) }).map { variants[$0] }
  }

  // MARK: - Rounds

  /// What the record says of a variant in a round.
  ///
  /// - Parameters:
  ///   - origin: stands before the reason.
  ///   - reason: for one that has a score.
  func entry(
    _ variant: Int, _ seeds: [Int], isKept: Bool, origin: String = "", reason: String
  ) -> SearchRecord.Entry {
    let goodness = goodness(variant, seeds)
    return SearchRecord.Entry(
      variant: variant, label: plan.variants[variant].label, mean: goodness.map { sign * $0 },
      scored: scores(variant, seeds).count { !$0.isNaN }, asked: seeds.count, isKept: isKept,
      reason: origin + (goodness == nil ? "no seed has a score" : reason))
  }

  /// Says what is asked for now.
  mutating func begin(_ round: Int, _ trials: String) {
    record.next = "round \(round) of \(record.roundsAtMost): \(trials)"
  }

  /// Ends the search without a winner.
  mutating func giveUp() {
    record.state = .over
    record.next = nil
    record.problem = "no variant has a score: all its trials failed"
  }

  // MARK: - Confirmation

  /// Trains the winner, and what it is compared with, on seeds that the search never used: its score
  /// in the search is the greatest of many, and so flatters it.
  mutating func confirm(
    _ winner: Int, searched seeds: [Int], round: Int, _ results: (Plan) throws -> [TrialResult]
  ) rethrows {
    record.winner = entry(
      winner, seeds, isKept: true, reason: "the best mean score of those left")
    record.next = nil
    let count = space.settings.confirm
    guard count > 0 else {
      record.state = .over
      return
    }
    let first = (plan.seeds.max() ?? 0) + 1
    let fresh = Array(first..<first + count)
    let reference = addReference()
    let isOther = reference.map { id($0, 0) != id(winner, 0) } ?? false
    if reference != nil, !isOther {
      plan.variants.removeLast()
      names.removeLast()
    }
    let asked = [winner] + (isOther ? reference.map { [$0] } ?? [] : [])
    record.state = .confirming
    record.next =
      "confirmation: \(record.winner?.label ?? "")\(isOther ? " and the reference" : "") on "
      + Numbers.count(count, "fresh seed")
    guard try ask(asked, seeds: fresh, round: round, results: results) else { return }
    record.state = .over
    record.next = nil
    record.confirmation = confirmation(winner, fresh, reference, isOther: isOther)
  }

  /// Adds what the winner is compared with, and says what it has at the paths in which the others
  /// differ; nil where nothing is asked for.
  private mutating func addReference() -> Int? {
    guard let found = space.referenceVariant(), var variant = found.variants.first else {
      return nil
    }
    let taken = Set(plan.variants.map(\.label))
    let labels = ["reference"] + (2...taken.count + 2).map { "reference (\($0))" }
    variant.label = labels.first { !taken.contains($0) } ?? "reference"
    variant.levels = plan.axes.map { _ in nil }
    var paths: [String] = []
    for path in plan.variants.flatMap({ $0.differing.map(\.path) }) where !paths.contains(path) {
      paths.append(path)
    }
    variant.differing = paths.compactMap { path in
      variant.configuration[path: path].map { Plan.Setting(path: path, value: $0) }
    }
    return add(variant, 0, of: found)
  }

  private func confirmation(
    _ winner: Int, _ fresh: [Int], _ reference: Int?, isOther: Bool
  ) -> SearchRecord.Confirmation {
    func key(_ name: String) -> ResamplingKey {
      ResamplingKey(experiment: plan.name, statistic: "search/\(name)")
    }
    let own = scores(winner, fresh).map { sign * $0 }
    let interval = ScoreMatrix(scores: own).interval(of: .mean, key: key("confirmation"))
    var confirmation = SearchRecord.Confirmation(
      seeds: fresh, mean: mean(own.filter { !$0.isNaN }), lower: interval?.lower,
      upper: interval?.upper, scored: own.count { !$0.isNaN })
    guard let reference else { return confirmation }
    guard isOther else {
      confirmation.reference = SearchRecord.Reference(
        label: plan.variants[winner].label, scored: 0, pairs: 0)
      return confirmation
    }
    let others = scores(reference, fresh).map { sign * $0 }
    let pairs = PairedScores(x: own, y: others)
    let difference = pairs.interval(of: .difference, key: key("reference"))
    confirmation.reference = SearchRecord.Reference(
      variant: reference, label: plan.variants[reference].label,
      mean: mean(others.filter { !$0.isNaN }), scored: others.count { !$0.isNaN },
      difference: pairs.value(of: .difference), lower: difference?.lower, upper: difference?.upper,
      pairs: pairs.seedCount,
      pValue: pairs.signFlipTest(of: .difference, against: 0, key: key("reference"))?.pValue)
    return confirmation
  }
}

/// The places of those that have a score, great ones first, of equal ones the first.
func ranking(_ scores: [Double?]) -> [Int] {
  scores.indices.filter { scores[$0] != nil }.sorted { a, b in
    let (x, y) = (scores[a] ?? 0, scores[b] ?? 0)
    return x == y ? a < b : x > y
  }
}
