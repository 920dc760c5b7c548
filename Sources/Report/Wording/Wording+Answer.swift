// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import RunStore
import Statistics

/// The first screen's sentences: what the numbers say, and never more.
extension Wording {
  /// The answer in one or two sentences.
  static func headline(_ digest: RunDigest) -> String {
    let ranked = digest.ranked
    guard let best = ranked.first, let mean = best.mean else {
      let isRunning = digest.trials.contains { $0.state == .running }
      if !digest.variants.isEmpty, digest.variants.allSatisfy(\.hasFailed) {
        return "No trial finished, so there is no answer: see why in the trials."
      }
      return isRunning
        ? "No trial has finished yet; the curves below show how far the running ones have come."
        : "No trial has finished, so there is no answer yet."
    }
    let evidence = evidence(best, digest.precision)
    let reached = score(mean, digest.precision)
    let place = digest.scoreIsReturn ? standing(best, references: digest.references) : ""
    let isPartial =
      digest.trials.contains { !$0.isCounted && !$0.state.isOver }
      || digest.search.map { !$0.isOver } ?? false
    var text = isPartial ? "so far, " : ""
    if ranked.allSatisfy({ $0.mean == .infinity }) {
      return capitalized(text + unreached(best, of: digest.plan.variants.count))
    }
    let verb =
      digest.goal == .maximize
      ? "scores highest" : digest.scoreIsReturn ? "scores lowest" : "needs the fewest episodes"
    if let tried = digest.search?.variantCount, tried > 1 {
      return capitalized(
        text + "of \(count(tried)) variants that a search tried, \(quoted(best.label)) \(verb):"
          + " \(reached) (\(evidence))\(place).")
    }
    if digest.plan.variants.count == 1 {
      return capitalized(
        text + "\(quoted(best.label)) reaches \(reached) (\(evidence))\(place).")
    }
    text +=
      ranked.count == digest.plan.variants.count
      ? "of \(count(ranked.count)) variants, "
      : "of the \(count(ranked.count, "variant")) with a finished trial"
        + " (\(count(digest.plan.variants.count)) are planned), "
    return capitalized(
      text + "\(quoted(best.label)) \(verb): \(reached) (\(evidence))\(place).")
  }

  /// Said where no variant has a mean number of episodes to the threshold.
  private static func unreached(_ best: VariantSummary, of variants: Int) -> String {
    guard variants == 1 else {
      return "no variant reached the threshold with every seed, so there are no means to rank."
    }
    let missed = best.scores.scores.count { $0 == .infinity }
    return "\(quoted(best.label)) did not reach the threshold with \(count(missed)) of"
      + " \(count(best.coverage.used, "seed")), so it has no mean."
  }

  /// What bears on how far the headline carries.
  static func support(_ digest: RunDigest) -> [String] {
    let ranked = digest.ranked
    guard let best = ranked.first, best.mean != nil else { return [] }
    var sentences = [
      "The score is the \(scoreNoun(digest.plan.score, threshold: digest.threshold))."
    ]
    if ranked.count > 1 {
      sentences.append(
        rivals(
          best, among: Array(ranked.dropFirst()), mayTest: digest.search == nil, digest.precision))
    }
    if let games = best.games {
      let played = count(games.played, "evaluation game")
      // Only a game of two sides is won.
      let result =
        digest.isPong ? "won \(count(games.won)) of \(played)" : "played \(played)"
      let mean = best.evaluationMean.map { ", with a mean return of \(score($0))" } ?? ""
      sentences.append("Its trained policies \(result)\(mean).")
    }
    if let threshold = digest.threshold, digest.scoreIsReturn,
      let sentence = reaching(threshold, best)
    {
      sentences.append(sentence)
    }
    if best.coverage.used < 6 {
      sentences.append(
        "With \(count(best.coverage.used, "seed")) "
          + (best.interval == nil
            ? "there is no interval, since nothing is known about the spread."
            : "the interval is probably too narrow: look at the single seeds, the faint dots."))
    }
    if let search = digest.search {
      sentences.append(searched(search))
    } else if ranked.count > 1 {
      sentences.append(
        "The best was picked after looking at the scores, which flatters it; fresh seeds would show"
          + " how good it is.")
    }
    return sentences
  }

  /// `95 % interval [−14.0, −10.5], 3 of 3 seeds`.
  static func evidence(_ summary: VariantSummary, _ precision: Precision) -> String {
    let seeds =
      summary.coverage.isComplete
      ? count(summary.coverage.used, "seed") : coverage(summary.coverage)
    if let interval = summary.interval { return "\(self.interval(interval, precision)), \(seeds)" }
    let missed = summary.scores.scores.count { $0 == .infinity }
    return missed > 0 ? "\(missed) of \(seeds) never reached it" : seeds
  }

  /// Where the score lies among the game's reference scores: by the interval from six seeds on,
  /// below that by what each seed did, since an interval of few seeds is too narrow.
  private static func standing(_ best: VariantSummary, references: [ReferenceScore]) -> String {
    let seeds = best.scores.scores
    guard let low = seeds.min(), let high = seeds.max(), !references.isEmpty else { return "" }
    func value(_ name: String) -> Double { references.first { $0.name == name }?.value ?? .nan }
    let (random, parity, human) = (value("random"), value("parity"), value("human"))
    let interval = seeds.count < 6 ? nil : best.interval
    let (lower, upper) = (interval?.lower ?? low, interval?.upper ?? high)
    let lead =
      interval != nil ? ", " : seeds.count == 1 ? "; this one seed is " : "; every seed is "
    if lower > human { return lead + "above the human score of \(score(human))" }
    if lower > parity { return lead + "better than the built-in player" }
    if upper < random { return lead + "below a random player (\(score(random)))" }
    if upper < parity && lower > random {
      return lead + "above a random player (\(score(random))) and below the built-in one (0)"
    }
    let (name, mark) =
      upper >= parity ? ("the built-in player", parity) : ("a random player", random)
    return interval != nil
      ? "; the interval includes \(name) (\(Numbers.text(mark)))"
      : "; its seeds lie on both sides of \(name) (\(Numbers.text(mark)))"
  }

  /// - Parameter mayTest: whether the file may have hypotheses.
  private static func rivals(
    _ best: VariantSummary, among others: [VariantSummary], mayTest: Bool, _ precision: Precision
  ) -> String {
    guard let interval = best.interval else {
      return "Without an interval the order of the variants is undecided."
    }
    let known = others.filter { $0.interval != nil }
    let near = known.filter { other in
      other.interval.map { $0.upper >= interval.lower && $0.lower <= interval.upper } ?? false
    }
    var text = ""
    if !near.isEmpty {
      text =
        "Its interval overlaps \(near.count == 1 ? "that" : "those") of \(named(near)), so their"
        + " order is undecided"
        + (mayTest ? "; a hypothesis in the experiment file would test it." : ".")
    } else if let next = known.first {
      text =
        "No other interval overlaps it; the next is \(quoted(next.label)) with"
        + " \(score(next.mean, precision))"
        + "\(next.interval.map { " (\(self.interval($0, precision)))" } ?? "")."
    }
    let unknown = others.filter { $0.interval == nil }
    if !unknown.isEmpty {
      text += (text.isEmpty ? "" : " ") + "There is no interval yet for \(named(unknown))."
    }
    return text
  }

  private static func named(_ variants: [VariantSummary]) -> String {
    variants.count <= 2
      ? list(variants.map { quoted($0.label) }) : "\(count(variants.count)) other variants"
  }

  private static func reaching(_ threshold: Double, _ best: VariantSummary) -> String? {
    let counted = best.counted.count
    let reached = best.reached
    guard counted > 0, let first = reached.first, let last = reached.last else { return nil }
    let mark = threshold == 0 ? "parity (0)" : score(threshold)
    let when =
      first == last
      ? "after \(count(first)) episodes" : "after \(count(first)) to \(count(last)) episodes"
    return "Its running mean reached \(mark) in \(reached.count) of \(count(counted, "seed")),"
      + " \(when)."
  }

  static func quoted(_ label: String) -> String { "“\(label)”" }
}

extension Wording {
  static func outcome(_ outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .supported: "Supported"
    case .refuted: "Refuted"
    case .undecided: "Undecided"
    }
  }

  /// The measure with its interval, threshold and test.
  static func numbers(_ verdict: Verdict, goal: ScoreGoal) -> String {
    guard let estimate = verdict.estimate else {
      return "\(measure(verdict.measure)): no value\(verdict.n == 0 ? " yet" : ""); the claim asks"
        + " for at least"
        + " \(amount(verdict.atLeast, verdict.measure))."
    }
    let bounds = verdict.interval.map { [$0.lower, $0.upper] } ?? []
    let precision = Precision(
      [estimate] + bounds, widths: verdict.interval.map { [$0.upper - $0.lower] } ?? [])
    var text = "\(measure(verdict.measure)) \(precision.text(estimate))"
    if let interval = verdict.interval { text += ", \(self.interval(interval, precision))" }
    text += "; the claim asks for at least \(amount(verdict.atLeast, verdict.measure))."
    if goal == .minimize, verdict.measure == .difference { text += " Lower is better." }
    if let p = verdict.adjustedP { text += " Sign-flip \(Numbers.pValue(p)), after Holm." }
    if let won = verdict.seedsWon, verdict.measure != .spreadRatio {
      text += " The side claimed to be better is ahead in \(seedsWon(won))."
    }
    return text
  }

  static func coverage(_ verdict: Verdict) -> String {
    let planned = verdict.coverage.map(\.planned).max() ?? 0
    let tasks = verdict.coverage.count
    return "n = \(verdict.n) of \(count(planned, "seed")), with a score on both sides"
      + (tasks > 1 ? " of all \(tasks) pairs of variants." : ".")
  }

  /// What would decide; nil where it is decided.
  static func next(_ verdict: Verdict) -> String? {
    guard case .undecided(let reason) = verdict.outcome else { return nil }
    switch reason {
    case .noPairs:
      return verdict.coverage.count > 1
        ? "No seed has a score on both sides of all \(verdict.coverage.count) pairs of variants."
        : "No seed has a score on both sides."
    case .tooFewSeeds(let more):
      return "Too few seeds for the test to decide either way: it needs at least"
        + " \(count(more)) more; fix their number before running them."
    case .censored(let pairs):
      return "In \(count(pairs, "pair")) a seed never reached the threshold, which leaves the"
        + " measure without a value: train longer, or compare by probabilityOfImprovement."
    case .inconclusive(let seeds?):
      return "\(whyUndecided(verdict)). A rough estimate: a new comparison of"
        + " \(count(seeds, "seed")), planned beforehand, would decide if effect and spread stay as"
        + " they are. Seeds added to this one until it decides would make it err more often than"
        + " p says."
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

  private static func measure(_ measure: TwoSampleMeasure) -> String {
    switch measure {
    case .difference: "Difference of means"
    case .probabilityOfImprovement: "Probability of improvement"
    case .spreadRatio: "Spread ratio"
    }
  }

  private static func amount(_ value: Double, _ measure: TwoSampleMeasure) -> String {
    measure == .difference ? score(value) : Numbers.text(value)
  }
}
