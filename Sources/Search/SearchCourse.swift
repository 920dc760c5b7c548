// SPDX-License-Identifier: MIT

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
package struct SearchCourse: Sendable {
  /// All trials asked for so far, in the order of the rounds.
  package private(set) var plan: Plan
  package var record: SearchRecord
  let space: SearchSpace
  /// 1 where great scores are good, −1 where small ones are.
  let sign: Double
  /// What names the trials of each of the plan's variants.
  private var names: [(of: SearchVariants, variant: Int)] = []
  private var results: [String: TrialResult] = [:]

  /// - Parameter results: of all trials of a plan, in its order.
  package init(
    of space: SearchSpace, results: (Plan) throws -> [TrialResult]
  ) rethrows {
    self.space = space
    plan = space.header
    sign = plan.score.goal == .maximize ? 1 : -1
    let outline = SearchOutline(space)
    plan.arithmetic = outline.sentence
    record = SearchRecord(
      kind: space.settings.kind.rawValue, state: .searching, roundsAtMost: outline.rounds.count)
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
  mutating func add(_ variant: Plan.Variant, _ number: Int, of variants: SearchVariants) -> Int {
    var added = variant
    added.index = plan.variants.count
    plan.variants.append(added)
    names.append((variants, number))
    return added.index
  }

  /// Puts all variants of a sweep in place of those that the plan has; the first ones are the same.
  mutating func replaceAll(by variants: SearchVariants) {
    plan.axes = variants.axes
    plan.variants = variants.variants
    names = variants.variants.indices.map { (variants, $0) }
  }

  /// Takes the variant that was added last away again.
  mutating func removeLast() {
    plan.variants.removeLast()
    names.removeLast()
  }

  /// The label, numbered where a variant has it already.
  func unusedLabel(_ label: String) -> String {
    let taken = Set(plan.variants.map(\.label))
    guard taken.contains(label) else { return label }
    return (2...).lazy.map { "\(label) (\($0))" }.first { !taken.contains($0) } ?? label
  }

  /// Says of a variant what it has at the paths in which the others differ.
  mutating func fillDiffering(of variant: Int) {
    var paths: [String] = []
    for path in plan.variants.flatMap({ $0.differing.map(\.path) }) where !paths.contains(path) {
      paths.append(path)
    }
    plan.variants[variant].differing = paths.compactMap { path in
      plan.variants[variant].configuration[path: path].map { Plan.Setting(path: path, value: $0) }
    }
  }

  mutating func setAxes(_ axes: [Plan.Axis]) { plan.axes = axes }

  /// Asks for trials, each variant with each seed.
  ///
  /// - Returns: whether all of them are done.
  mutating func ask(
    _ variants: [Int], seeds: [Int], round: Int, results read: (Plan) throws -> [TrialResult]
  ) rethrows -> Bool {
    for variant in variants {
      let name = names[variant]
      for seed in seeds {
        plan.trials.append(
          Plan.PlannedTrial(
            number: plan.trials.count + 1, id: name.of.trial(name.variant, seed: seed),
            variant: variant, seed: seed, round: round))
      }
    }
    let found = try read(plan)
    for (trial, result) in zip(plan.trials, found) { results[trial.id] = result }
    return found.allSatisfy { $0 != .open }
  }

  /// The scores of a variant, by seed; NaN for none. Great is good.
  func scores(_ variant: Int, _ seeds: [Int]) -> [Double] {
    let name = names[variant]
    return seeds.map { seed in
      guard case .scored(let score)? = results[name.of.trial(name.variant, seed: seed)] else {
        return .nan
      }
      return sign * score
    }
  }

  /// The mean of a variant's scores, great is good; nil without a score.
  func goodness(_ variant: Int, _ seeds: [Int]) -> Double? {
    mean(scores(variant, seeds).filter { !$0.isNaN })
  }

  /// What the record says of a variant in a round.
  func entry(_ variant: Int, _ seeds: [Int], isKept: Bool, reason: String) -> SearchRecord.Entry {
    SearchRecord.Entry(
      variant: variant, label: plan.variants[variant].label,
      mean: goodness(variant, seeds).map { sign * $0 },
      scored: scores(variant, seeds).count { !$0.isNaN }, asked: seeds.count, isKept: isKept,
      reason: reason)
  }

  /// Of these the best; of equal ones the first. nil where none has a score.
  func best(of variants: [Int], _ seeds: [Int]) -> Int? {
    var best: (variant: Int, score: Double)?
    for variant in variants {
      guard let score = goodness(variant, seeds) else { continue }
      if score > best?.score ?? -.infinity { best = (variant, score) }
    }
    return best?.variant
  }

  /// Whether two variants are the same trials.
  func isSame(_ a: Int, _ b: Int) -> Bool {
    names[a].of.trial(names[a].variant, seed: 0) == names[b].of.trial(names[b].variant, seed: 0)
  }

  // MARK: - Rounds

  /// Notes what was decided after a round.
  mutating func decide(
    _ number: Int, trials: String, leader: Int?, entries: [SearchRecord.Entry]
  ) {
    record.rounds.append(
      SearchRecord.Round(number: number, trials: trials, leader: leader, entries: entries))
  }

  /// Ends the search without a winner.
  mutating func giveUp() {
    record.state = .over
    record.next = nil
    record.problem = Wording.noScore
  }
}
