// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import RunStore
import Search
import Statistics

/// The first screen: the answer, what was claimed with its intervals, and every score behind it.
struct Answer {
  let run: RunSummary
  private let claims: [ClaimLine]

  init(run: RunSummary) {
    self.run = run
    claims = ClaimLine.all(of: run)
  }

  /// - Parameter findings: which rules of the training health fired; nil where none did.
  func html(findings: String?) -> HTML {
    let scales = ClaimLine.scales(of: claims)
    let lines: HTML = """
      <div>
      <p class="scale">Estimate and 95\u{A0}% interval of each claim, dashed what is claimed; claims of \
      one measure share a scale.<span class="on-screen"> The reasons are behind each line.</span></p>
      <ol class="verdicts">
      \(claims.html { $0.html(in: scales) })</ol>
      </div>

      """
    let best = headline == best ? nil : best
    let note = findings.map {
      "<p class=\"findings-note\"><a href=\"#health\">\($0)</a></p>\n" as HTML
    }
    return """
      <section id="answer" class="answer">
      <h2 class="visually-hidden">The answer</h2>
      <p class="headline">\(headline)</p>
      <div class="evidence">
      \(lines, if: !claims.isEmpty)\(ForestPlot(run)?.html)</div>
      \(HTML.list([best].compactMap { $0 } + support, "support"))\(note)</section>

      """
  }

  /// How many claims came out which way.
  var verdicts: String {
    ClaimLine.Outcome.allCases.compactMap { outcome in
      let count = claims.count { $0.outcome == outcome }
      return count == 0 ? nil : "\(Numbers.whole(count)) \(outcome.rawValue)"
    }.joined(separator: ", ")
  }

  /// What was asked, whole; nil where the title is all.
  var question: Section? {
    Markdown.html(run.plan.question).map {
      Section("question", "Question", "<div class=\"prose\">\n\($0)\n</div>\n")
    }
  }

  // MARK: The headline

  /// What was found of what was claimed, or of the games elsewhere, or on fresh seeds; else which
  /// variant is best.
  var headline: String {
    if let found = ClaimLine.sentence(claims) { return Wording.capitalized(start + found) }
    return run.search?.confirmed ?? Transfers(run)?.sentence ?? best
  }

  private var start: String {
    let isPartial = run.trials.contains { !$0.isSound && !$0.state.isOver } || run.isOpen
    return isPartial ? "so far, " : ""
  }

  /// Which variant scores best, with its interval.
  private var best: String {
    let ranked = run.ranked
    let planned = run.plan.variants.count
    guard let best = ranked.first, let mean = best.mean else {
      if !run.variants.isEmpty, run.variants.allSatisfy(\.hasFailed) {
        return run.trials.contains(where: \.isSound)
          ? "No trial has a score, so there is no answer: see why above."
          : "No trial finished, so there is no answer: see why in the trials."
      }
      return run.trials.contains { $0.state == .running }
        ? "No trial has finished yet; the curves below show how far the running ones have come."
        : "No trial has finished, so there is no answer yet."
    }
    if ranked.allSatisfy({ $0.mean == .infinity }) {
      return Wording.capitalized(start + unreached(best))
    }
    let name = Wording.quoted(best.label)
    let verb =
      run.goal == .maximize
      ? "scores highest" : run.scoreIsReturn ? "scores lowest" : "needs the fewest episodes"
    let subject =
      if let tried = run.search?.variantCount, tried > 1 {
        "of \(Numbers.whole(tried)) variants that a search tried, \(name) \(verb):"
      } else if planned == 1 {
        "\(name) reaches"
      } else if ranked.count == planned {
        "of \(Numbers.whole(planned)) variants, \(name) \(verb):"
      } else {
        "of the \(Numbers.count(ranked.count, "variant")) with a finished trial"
          + " (\(Numbers.whole(planned)) are planned), \(name) \(verb):"
      }
    return Wording.capitalized(
      "\(start)\(subject) \(Wording.score(mean, run.precision)) (\(run.evidence(best)))\(amongReferences(best))."
    )
  }

  /// Said where no variant has a mean number of episodes to the threshold.
  private func unreached(_ best: VariantSummary) -> String {
    guard run.plan.variants.count == 1 else {
      return "no variant reached the threshold with every seed, so there are no means to rank."
    }
    let missed = best.scores.scores.count { $0 == .infinity }
    return "\(Wording.quoted(best.label)) did not reach the threshold with"
      + " \(Numbers.whole(missed)) of \(Numbers.count(best.coverage.used, "seed")), so it has no mean."
  }

  /// Where the score lies among the game's reference scores: by the interval from six seeds on,
  /// below that by what each seed did, since an interval of few seeds is too narrow.
  private func amongReferences(_ best: VariantSummary) -> String {
    let seeds = best.scores.scores
    let marks = run.scoreReferences.map(\.value)
    guard let low = seeds.min(), let high = seeds.max(), marks.count == 3 else { return "" }
    let (random, parity, human) = (marks[0], marks[1], marks[2])
    let interval = seeds.count < 6 ? nil : best.interval
    let (lower, upper) = (interval?.lower ?? low, interval?.upper ?? high)
    let lead =
      interval != nil ? ", " : seeds.count == 1 ? "; this one seed is " : "; every seed is "
    if lower > human { return lead + "above the human score of \(Wording.score(human))" }
    if lower > parity { return lead + "better than the built-in player" }
    if upper < random { return lead + "below a random player (\(Wording.score(random)))" }
    if upper < parity && lower > random {
      return lead
        + "above a random player (\(Wording.score(random))) and below the built-in one (0)"
    }
    let (name, mark) =
      upper >= parity ? ("the built-in player", parity) : ("a random player", random)
    return interval != nil
      ? "; the interval includes \(name) (\(Numbers.text(mark)))"
      : "; its seeds lie on both sides of \(name) (\(Numbers.text(mark)))"
  }

  // MARK: What bears on it

  /// What bears on how far the headline carries.
  private var support: [String] {
    guard let best = run.ranked.first, let mean = best.mean else { return [] }
    // Of several that never reached the threshold none is the best, so nothing is said of it.
    let isRanked = mean.isFinite || run.ranked.count == 1
    let others = run.ranked.dropFirst()
    let used = best.coverage.used
    var sentences = [run.scoreSentence]
    if run.isImported {
      sentences.append(
        "All trials are imported (\(run.importedFormats.joined(separator: ", "))): other programs"
          + " trained them, and equal seeds are no pairs."
          + (run.hasMeans
            ? " Where they wrote means of several episodes, the last one is the score." : ""))
    }
    guard isRanked else { return sentences }
    if !others.isEmpty { sentences.append(rivals(best, among: Array(others))) }
    if let games = best.games {
      let played = Numbers.count(games.played, "evaluation game")
      // Only a game of two sides is won.
      let result =
        run.isPong ? "won \(Numbers.whole(games.won)) of \(played)" : "played \(played)"
      let mean = best.evaluationMean.map { ", with a mean return of \(Wording.score($0))" } ?? ""
      sentences.append("Its trained policies \(result)\(mean).")
    }
    if let sentence = reaching(best) { sentences.append(sentence) }
    if used < 6, best.interval != nil || used == 1 {
      sentences.append(
        "With \(Numbers.count(used, "seed")) "
          + (best.interval == nil
            ? "there is no interval, since nothing is known about the spread."
            : "the interval is probably too narrow: look at the single seeds, the faint dots."))
    }
    if let search = run.search {
      sentences.append(search.origin)
    } else if !others.isEmpty {
      sentences.append(
        "The best was picked after looking at the scores, which flatters it; fresh seeds would show"
          + " how good it is.")
    }
    return sentences
  }

  private func rivals(_ best: VariantSummary, among others: [VariantSummary]) -> String {
    guard let interval = best.interval else {
      return "Without an interval the order of the variants is undecided."
    }
    let known = others.filter { $0.interval != nil }
    let near = known.filter { other in
      other.interval.map { $0.upper >= interval.lower && $0.lower <= interval.upper } ?? false
    }
    let asked = near.filter { isAsked(best, $0) }
    let open = near.filter { !isAsked(best, $0) }
    func overlaps(_ others: [VariantSummary]) -> String {
      "Its interval overlaps \(others.count == 1 ? "that" : "those") of \(named(others))"
    }
    var text = ""
    if !open.isEmpty {
      text =
        overlaps(open) + ", so their order is undecided"
        // A search's file has no hypotheses, and an import no file.
        + (run.search == nil && !run.isImported
          ? "; a hypothesis in the experiment file would test it." : ".")
    }
    if !asked.isEmpty {
      text +=
        (text.isEmpty ? "" : " ") + overlaps(asked) + "; what was claimed of them is judged seed by"
        + " seed, above."
    }
    if near.isEmpty, let next = known.first {
      let bounds = next.interval.map { " (\(Wording.interval($0, run.precision)))" } ?? ""
      text =
        "No other interval overlaps it; the next is \(Wording.quoted(next.label)) with"
        + " \(Wording.score(next.mean, run.precision))\(bounds)."
    }
    let missed = others.filter { $0.mean == .infinity }
    if !missed.isEmpty {
      text +=
        (text.isEmpty ? "" : " ")
        + "\(Wording.capitalized(named(missed))) did not reach the threshold"
        + " with every seed."
    }
    let unknown = others.filter { $0.interval == nil && $0.mean != .infinity }
    if !unknown.isEmpty {
      text += (text.isEmpty ? "" : " ") + "There is no interval yet for \(named(unknown))."
    }
    return text
  }

  /// Whether a claim compares the two by the page's own score.
  private func isAsked(_ one: VariantSummary, _ other: VariantSummary) -> Bool {
    let both = [one.variant.index, other.variant.index]
    return run.plan.hypotheses.contains { hypothesis in
      hypothesis.score == nil
        && (hypothesis.pairs == [both] || hypothesis.pairs == [both.reversed()])
    }
  }

  private func named(_ variants: [VariantSummary]) -> String {
    variants.count <= 2
      ? Wording.list(variants.map { Wording.quoted($0.label) })
      : "\(Numbers.whole(variants.count)) other variants"
  }

  private func reaching(_ best: VariantSummary) -> String? {
    guard let threshold = run.threshold, run.scoreIsReturn, let first = best.reached.first,
      let last = best.reached.last
    else { return nil }
    let mark = threshold == 0 ? "parity (0)" : Wording.score(threshold)
    let when =
      first == last ? Numbers.whole(first) : "\(Numbers.whole(first)) to \(Numbers.whole(last))"
    return "Its running mean reached \(mark) in \(best.reached.count) of"
      + " \(Numbers.count(best.counted.count, "seed")), after \(when) episodes."
  }
}

extension RunSummary {
  /// `95 % interval [−14.0, −10.5], 3 of 3 seeds`.
  func evidence(_ summary: VariantSummary) -> String {
    let seeds =
      summary.coverage.isComplete
      ? Numbers.count(summary.coverage.used, "seed") : Wording.coverage(summary.coverage)
    if let interval = summary.interval {
      return "\(Wording.interval(interval, precision)), \(seeds)"
    }
    let missed = summary.scores.scores.count { $0 == .infinity }
    return missed > 0 ? "\(missed) of \(seeds) never reached it" : seeds
  }
}
