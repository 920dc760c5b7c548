// SPDX-License-Identifier: MIT

/// The claims of a file, looked at together again and again until each is decided.
///
/// Holm's adjustment goes over the sequential p of all claims. A claim that is decided keeps its p,
/// interval and direction; later p of others only fall, so no verdict is taken back.
package struct SequentialFamily: Sendable {
  package let plan: LookPlan
  package private(set) var claims: [State]
  private var test: SequentialTest

  /// A claim so far.
  package struct State: Sendable {
    package let claim: SequentialClaim
    package fileprivate(set) var looks: [Look] = []
    package fileprivate(set) var outcome: Outcome = .open
    /// By the seeds of the last look; nil without any, and for claims that are looked at once.
    package fileprivate(set) var typical: TypicalSeed?
    fileprivate var pValue: Double { looks.last?.pValue ?? 1 }
  }

  package enum Outcome: String, Codable, Sendable {
    case open, supported, refuted
    /// It had all the pairs that there may be.
    case undecided
    /// More than half of its seeds failed.
    case failing
  }

  /// What one look at one claim found.
  package struct Look: Hashable, Sendable {
    package let pairs: Int
    /// Seeds tried for them.
    package let seeds: Int
    package let estimate: Double?
    package let pValue: Double
    package fileprivate(set) var adjustedP = 1.0
    /// Holds whatever the look; nil for none: then no value fits, since the seeds drift.
    package let interval: ClosedRange<Double>?
    package let isFinite: Bool
    /// Failures differ between the sides, and with the failed seeds at the worst score (or without
    /// any that is known) the verdict would not stand.
    package fileprivate(set) var hangsOnFailures = false
  }

  package init(_ plan: LookPlan, claims: [SequentialClaim]) {
    self.plan = plan
    self.claims = claims.map { State(claim: $0) }
    test = SequentialTest(plan)
  }

  package var open: [Int] { claims.indices.filter { claims[$0].outcome == .open } }

  /// Ends a claim most of whose seeds fail.
  package mutating func giveUp(_ claim: Int) { claims[claim].outcome = .failing }

  /// Looks at the open claims.
  ///
  /// - Parameters:
  ///   - number: the look's, from 0.
  ///   - scores: of each open claim, with as many complete seeds as the look has pairs, or more.
  ///   - experiment: keys the resampling of claims that are looked at once.
  package mutating func look(
    _ number: Int, at scores: [Int: SequentialScores], experiment: String
  ) {
    let count = plan.pairs[number]
    let isLast = number == plan.pairs.count - 1
    var used: [Int: SequentialScores] = [:]
    for place in open {
      guard let all = scores[place], let seeds = all.seeds(until: count) else { continue }
      let claim = claims[place].claim
      let own = all.prefix(seeds)
      guard claim.isSequential || isLast else { continue }
      used[place] = own
      claims[place].looks.append(
        claim.isSequential
          ? Look(claim, own.differences(claim.goal), seeds: seeds, by: &test)
          : Look(claim, own, seeds: seeds, experiment: experiment))
      if claim.isSequential { claims[place].typical = TypicalSeed(own, claim) }
    }
    let pValues = claims.map(\.pValue)
    let adjusted = holmAdjusted(pValues)
    for (place, own) in used {
      let last = claims[place].looks.count - 1
      claims[place].looks[last].adjustedP = adjusted[place]
      guard let outcome = outcome(of: claims[place].looks[last], claims[place].claim) else {
        continue
      }
      if stands(outcome, place, own, number: number, pValues) {
        claims[place].outcome = outcome
      } else {
        claims[place].looks[last].hangsOnFailures = true
      }
    }
    for place in open where isLast { claims[place].outcome = .undecided }
  }

  private func outcome(of look: Look, _ claim: SequentialClaim) -> Outcome? {
    guard look.adjustedP < SeedRequirement.significance, let interval = look.interval else {
      return nil
    }
    return switch claim.margin.outcome(interval.lowerBound, interval.upperBound) {
    case .supported: .supported
    case .refuted: .refuted
    default: nil
    }
  }

  /// Whether a verdict stands also with the failed seeds at the worst score, where failures differ.
  private func stands(
    _ outcome: Outcome, _ place: Int, _ scores: SequentialScores, number: Int, _ pValues: [Double]
  ) -> Bool {
    let claim = claims[place].claim
    let failures = scores.failures
    if failures.better == failures.than { return true }
    guard let worst = claim.worst, claim.isSequential else { return false }
    let pairs = plan.pairs[...number].compactMap { scores.seeds(until: $0) }
    var test = SequentialTest(pairs: pairs, shares: Array(plan.shares[...number]))
    var look = Look(
      claim, scores.differences(claim.goal, worst: worst), seeds: scores.seedCount, by: &test)
    var adjusted = pValues
    adjusted[place] = look.pValue
    look.adjustedP = holmAdjusted(adjusted)[place]
    return self.outcome(of: look, claim) == outcome
  }
}

extension SequentialFamily.Look {
  fileprivate init(
    _ claim: SequentialClaim, _ differences: [Double], seeds: Int, by test: inout SequentialTest
  ) {
    let found = test.look(at: differences, margins: claim.margin.values)
    self.init(
      pairs: differences.count, seeds: seeds, estimate: found?.mean,
      pValue: found?.pValues.max() ?? 1, interval: found?.interval, isFinite: found != nil)
  }

  /// The one look at a claim that has no path of sums: as with a fixed number of seeds.
  fileprivate init(
    _ claim: SequentialClaim, _ scores: SequentialScores, seeds: Int, experiment: String
  ) {
    var pairs = PairedScores(x: scores.better, y: scores.than)
    if claim.goal == .minimize { pairs = pairs.negated }
    let key = ResamplingKey.seeds(of: experiment)
    let interval = pairs.interval(of: claim.measure, key: key)
    let margin = claim.margin.values[0]
    let test = pairs.signFlipTest(of: claim.measure, against: margin, key: key)
    self.init(
      pairs: pairs.seedCount, seeds: seeds, estimate: pairs.value(of: claim.measure),
      pValue: test?.pValue ?? 1,
      interval: interval.flatMap { $0.lower <= $0.upper ? $0.lower...$0.upper : nil },
      isFinite: test != nil)
  }
}
