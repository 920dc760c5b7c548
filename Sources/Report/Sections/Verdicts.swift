// SPDX-License-Identifier: MIT

import Diagnostics
import Statistics

extension ClaimLine {
  /// One hypothesis, held against a number of seeds that was fixed beforehand.
  init(_ verdict: Verdict, claim: String, in run: RunSummary) {
    let outcome: Outcome =
      switch verdict.outcome {
      case .supported: .supported
      case .refuted: .refuted
      case .undecided: .undecided
      }
    let next = Self.next(verdict).map { "<p class=\"next\">\($0)</p>\n" as HTML }
    let planned = verdict.coverage.map(\.planned).max() ?? 0
    let tasks = verdict.coverage.count
    self.init(
      outcome: outcome, claim: claim, measure: verdict.measure, margins: verdict.margin.values,
      estimate: verdict.estimate, lower: verdict.interval?.lower, upper: verdict.interval?.upper,
      reasons: """
        <p class="numbers">\(Self.numbers(verdict, in: run))</p>
        <p class="coverage">n = \(verdict.n) of \(Numbers.count(planned, "seed")), with a score on \
        both sides\(tasks > 1 ? " of all \(tasks) pairs of variants." : ".")</p>
        \(next)
        """)
  }

  /// The measure with its interval, threshold and test.
  private static func numbers(_ verdict: Verdict, in run: RunSummary) -> String {
    let isDifference = verdict.measure == .difference
    let measure =
      switch verdict.measure {
      case .difference: "Difference of means"
      case .probabilityOfImprovement: "Probability of improvement"
      case .spreadRatio: "Spread ratio"
      }
    let claim =
      switch verdict.margin {
      case .atLeast(let margin):
        "the claim asks for at least \(isDifference ? Wording.score(margin) : Numbers.text(margin))."
      case .within(let margin):
        "the claim asks for a difference of at most \(Wording.score(margin))."
      }
    guard let estimate = verdict.estimate else {
      return "\(measure): no value\(verdict.n == 0 ? " yet" : ""); \(claim)"
    }
    let bounds = verdict.interval.map { [$0.lower, $0.upper] } ?? []
    let precision = Precision(
      [estimate] + bounds, widths: verdict.interval.map { [$0.upper - $0.lower] } ?? [])
    var text = "\(measure) \(precision.text(estimate))"
    if let interval = verdict.interval { text += ", \(Wording.interval(interval, precision))" }
    text += "; \(claim)"
    if run.goal == .minimize, isDifference { text += " Lower is better." }
    if let p = verdict.adjustedP { text += " Sign-flip \(Numbers.pValue(p)), after Holm." }
    if let won = verdict.seedsWon, verdict.measure != .spreadRatio {
      text += " The side claimed to be better is ahead in \(Wording.seedsWon(won))."
    }
    return text
  }

  /// What would decide; nil where it is decided.
  private static func next(_ verdict: Verdict) -> String? {
    guard case .undecided(let reason) = verdict.outcome else { return nil }
    switch reason {
    case .noPairs:
      let pairs = verdict.coverage.count
      return "No seed has a score on both sides"
        + (pairs > 1 ? " of all \(pairs) pairs of variants." : ".")
    case .tooFewSeeds(let more):
      return "Too few seeds for the test to decide either way: it needs at least"
        + " \(Numbers.whole(more)) more; fix their number before running them."
    case .censored(let pairs):
      return
        "In \(Numbers.count(pairs, "pair")) a seed never reached the threshold, which leaves the"
        + " measure without a value: train longer, or compare by probabilityOfImprovement."
    case .inconclusive(let seeds?):
      return "\(whyUndecided(verdict)). A rough estimate: a new comparison of"
        + " \(Numbers.count(seeds, "seed")), planned beforehand, would decide if effect and spread"
        + " stay as they are. Seeds added to this one until it decides would make it err more often"
        + " than p says."
    case .inconclusive(nil):
      return "\(whyUndecided(verdict)). The data do not point to a number of seeds that would"
        + " decide."
    }
  }

  /// Which of the two conditions of a decision fails.
  private static func whyUndecided(_ verdict: Verdict) -> String {
    guard verdict.interval != nil, verdict.test != nil else {
      return "The measure has no interval or no test with these scores"
    }
    let test = verdict.adjustedP.map { "(\(Numbers.pValue($0)) after Holm)" } ?? ""
    switch (verdict.holdsMargin, verdict.isSignificant) {
    case (true, false):
      return "The interval holds the claimed value, and the test is not significant \(test)"
    case (true, true): return "The interval holds the claimed value, though the test is significant"
    case (false, _):
      return "The test is not significant \(test), though the interval leaves out the claimed value"
    }
  }
}
