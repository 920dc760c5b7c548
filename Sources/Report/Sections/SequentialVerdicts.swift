// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Search
import Statistics

extension ClaimLine {
  /// One hypothesis that was looked at until it was decided.
  init(_ claim: SequentialRecord.Claim, _ hypothesis: Plan.Hypothesis, in run: RunSummary) {
    let outcome: Outcome =
      switch claim.outcome {
      case .supported: .supported
      case .refuted: .refuted
      case .open: .open
      case .undecided, .failing: .undecided
      }
    let isTypical =
      outcome.isDecided && (claim.meanDisagrees || claim.collapsedBetter != claim.collapsedThan)
    let sentences = Self.failures(claim) + [Self.numbers(claim, hypothesis, in: run)]
    let next = Self.next(claim, hypothesis, in: run).map {
      "<p class=\"next\">\($0)</p>\n" as HTML
    }
    let look = claim.looks.last
    self.init(
      outcome: outcome, qualification: isTypical ? " for the typical seed" : "",
      claim: claim.claim, measure: hypothesis.measure, margins: hypothesis.margin.values,
      estimate: look?.estimate, lower: look?.lower, upper: look?.upper,
      reasons: """
        \(sentences.html { "<p class=\"numbers\">\($0)</p>\n" })\
        <p class="coverage">\(Wording.capitalized(Self.seeds(claim, hypothesis, in: run)))</p>
        \(next)
        """)
  }

  /// What has to be known before the numbers.
  private static func failures(_ claim: SequentialRecord.Claim) -> [String] {
    var sentences: [String] = []
    if let pairs = claim.addedAfter {
      sentences.append(
        "This hypothesis was added after the look at \(Numbers.count(pairs, "pair")): its level is"
          + " not that of one chosen beforehand.")
    }
    if claim.failedBetter != claim.failedThan {
      let hangs = claim.looks.last?.hangsOnFailures == true
      sentences.append(
        "Trials failed: \(Numbers.whole(claim.failedBetter)) on the side claimed to be better,"
          + " \(Numbers.whole(claim.failedThan)) on the other. They are left out, which flatters the"
          + " side that fails more"
          + (hangs
            ? "; with them at the low end of the score the verdict would not stand, or no low end is"
              + " known (`score.range`)."
            : "; with them at the low end of the score the verdict stays."))
    }
    if claim.collapsedBetter != claim.collapsedThan {
      sentences.append(
        "Collapsed seeds, far below their variant's median: \(Numbers.whole(claim.collapsedBetter)) of"
          + " \(Numbers.whole(claim.scores)) on the side claimed to be better,"
          + " \(Numbers.whole(claim.collapsedThan)) on the other.")
    }
    if claim.meanDisagrees, let median = claim.median, let mean = claim.looks.last?.estimate {
      sentences.append(
        "Mean (\(Wording.score(mean))) and median (\(Wording.score(median))) of the differences lie on"
          + " different sides of what is claimed.")
    }
    return sentences
  }

  private static func numbers(
    _ claim: SequentialRecord.Claim, _ hypothesis: Plan.Hypothesis, in run: RunSummary
  ) -> String {
    let asked =
      hypothesis.within.map { "a difference of at most \(Wording.score($0))" }
      ?? "at least \(hypothesis.measure == .difference ? Wording.score(hypothesis.atLeast) : Numbers.text(hypothesis.atLeast))"
    guard let look = claim.looks.last, let estimate = look.estimate else {
      return claim.looks.isEmpty
        ? "No look yet; the claim asks for \(asked)."
        : "The differences have no value, since some are infinite; the claim asks for \(asked)."
    }
    let ends = [look.lower, look.upper].compactMap { $0 }
    let precision = Precision(
      [estimate] + ends, widths: ends.count == 2 ? [ends[1] - ends[0]] : [])
    let measure =
      switch hypothesis.measure {
      case .difference: "Difference of means"
      case .probabilityOfImprovement: "Probability of improvement"
      case .spreadRatio: "Spread ratio"
      }
    var text = "\(measure) \(precision.text(estimate))"
    let isSequential = hypothesis.measure == .difference
    if ends.count == 2 {
      let kind = isSequential ? "interval at every look" : "interval"
      text += ", 95\u{A0}% \(kind) \(precision.interval(ends[0], ends[1]))"
    } else if isSequential {
      text += "; no value fits all looks: the seeds drift, so it stays undecided"
    }
    text += "; the claim asks for \(asked)."
    if let score = hypothesis.score, score != run.plan.score {
      text += " Judged by the \(score.noun)."
    }
    let kind = isSequential ? "Sequential" : "Looked at once:"
    return text + " \(kind) \(Numbers.pValue(look.adjustedP)), after Holm."
  }

  private static func seeds(
    _ claim: SequentialRecord.Claim, _ hypothesis: Plan.Hypothesis, in run: RunSummary
  ) -> String {
    guard let look = claim.looks.last, let record = run.looks else { return "no pair yet." }
    let pairs = "\(Numbers.count(look.pairs, "pair")) of at most \(Numbers.whole(record.most))"
    let seeds = "from \(Numbers.count(look.seeds, "seed"))"
    guard hypothesis.measure == .difference else { return "\(pairs), \(seeds)." }
    let spent = LookPlan(pairs: record.pairs, most: record.most).spent(by: look.pairs)
    let place = (record.pairs.firstIndex(of: look.pairs) ?? 0) + 1
    return
      "\(pairs), \(seeds); look \(place) of \(record.pairs.count), \(Numbers.percent(spent)) of the"
      + " level spent."
  }

  /// What would decide, in looks and in what they cost; nil where it is decided.
  private static func next(
    _ claim: SequentialRecord.Claim, _ hypothesis: Plan.Hypothesis, in run: RunSummary
  ) -> String? {
    guard let record = run.looks else { return nil }
    switch claim.outcome {
    case .supported, .refuted: return nil
    case .failing:
      return "Given up: more than half of its seeds failed. See why in the trials."
    case .open:
      let had = claim.looks.last?.pairs ?? 0
      guard let pairs = record.pairs.first(where: { $0 > had }) else { return nil }
      return "Open: the next look is at \(Numbers.count(pairs, "pair")), which takes"
        + " \(cost(pairs - had, hypothesis, in: run)); `\(run.plan.command)` goes on."
    case .undecided:
      guard let look = claim.looks.last, let estimate = look.estimate, let low = look.lower,
        let high = look.upper, hypothesis.measure == .difference
      else { return "It had all the pairs that there may be." }
      let reach = (high - low) / 2
      let needed =
        hypothesis.margin.values.map { margin in
          Double(look.pairs) * (reach / abs(estimate - margin)) * (reach / abs(estimate - margin))
        }.max() ?? .infinity
      let small =
        "It had all \(Numbers.count(look.pairs, "pair")): a difference from the claimed value of less"
        + " than about \(Wording.score(reach)) stays open with so many."
      // Where few seeds make the mean, or the signs point nowhere, the width says nothing of it.
      guard needed.isFinite, needed < 20 * Double(look.pairs), look.adjustedP < 0.5,
        (low...high).contains(estimate)
      else { return small }
      let more = max(1, Int(needed.rounded(.up)) - look.pairs)
      return small + " If effect and spread stay, a new comparison with \"to\""
        + " \(Numbers.whole(look.pairs + more)) would probably decide it:"
        + " \(cost(more, hypothesis, in: run)) more than now."
    }
  }

  /// `6 seeds of 2 variants, about 3 min of computing`.
  private static func cost(_ pairs: Int, _ hypothesis: Plan.Hypothesis, in run: RunSummary)
    -> String
  {
    let variants = Set(hypothesis.pairs.joined())
    let text =
      "\(Numbers.count(pairs, "seed")) of \(Numbers.count(variants.count, "variant"))"
    let seconds = variants.compactMap { run.variants[$0].seconds }
    guard run.includesTiming, seconds.count == variants.count else { return text }
    return text + ", about \(Durations.text(Double(pairs) * seconds.reduce(0, +))) of training"
  }
}
