// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

/// The section that holds variants against each other: profiles, the matrix of the probability of
/// improvement, and what the sweep's shape allows to say about its parameters.
struct Comparisons {
  let run: RunSummary
  let figures: FigureWriter
  /// Variants with a score, best first.
  var ranked: [VariantSummary] { run.ranked }

  /// Nil where there are no two variants with a score.
  func section() throws -> Section? {
    guard ranked.count > 1 else { return nil }
    var drawn = [try profiles(), try matrix()]
    var lead =
      "How the variants differ seed by seed, not only in their means. All of this is exploration"
      + (run.isImported
        ? "." : ": only a hypothesis that was in the experiment file before the run is a test.")
    var notes: [String] = []
    switch SweepShape(run.plan) {
    case .factorial(let design):
      if let found = FactorialEffects(
        design, scores: run.variants.map { $0.scores(of: run.plan.seeds) }, key: seeds)
      {
        drawn.append(try effects(found))
        lead +=
          " The sweep is a full grid, so each factor’s effect can be separated from those of the"
          + " others."
      } else {
        let isCensored = run.variants.contains { $0.scores.scores.contains(.infinity) }
        notes.append(
          "Effects of the factors are left out: "
            + (isCensored
              ? "in some seed the threshold was never reached, and to leave such seeds out would"
                + " flatter their variants."
              : "no seed has a score in every combination."))
      }
    case .scattered(let parameters):
      drawn += try scattered(parameters)
      lead +=
        " The sweep’s points are scattered over its parameters, so what can be told is how much of"
        + " the score’s variance goes with each of them."
    case .other: break
    }
    var links: HTML?
    if let table = normalized {
      let link = try figures.link(table, "normalized", text: "Normalized statistics (CSV)")
      links = "<p class=\"fine\">\(HTML.links([link]))</p>\n"
    } else {
      notes.append(
        "Normalized statistics (optimality gap and the like) are left out: they need "
          + (run.isImported ? "fixed bounds of the score" : "a fixed `score.range`")
          + ", never taken from the compared runs, and a score that is better when it is greater.")
    }
    return Section(
      "comparisons", "Comparisons",
      """
      <p class="lead">\(lead)</p>
      \(drawn.html { $0 })\(notes.html { "<p class=\"fine\">\($0)</p>\n" })\(links)
      """)
  }

  /// The draws of seeds that all comparisons and verdicts of the page share.
  private var seeds: ResamplingKey { .seeds(of: run.plan.name) }

  func key(_ statistic: String) -> ResamplingKey {
    ResamplingKey(experiment: run.plan.name, statistic: statistic)
  }

  // MARK: Normalized statistics

  /// Statistics over the fixed constants of the game or the experiment; nil without, or where scores
  /// are to be small.
  private var normalized: CSVTable? {
    guard run.goal == .maximize, let scale = run.scale,
      let range = ScoreRange(minimum: scale.lowerBound, maximum: scale.upperBound)
    else { return nil }
    var table = CSVTable(["variant", "statistic", "value", "lower", "upper", "seeds", "resamples"])
    for summary in ranked {
      let scores = summary.scores.normalized(by: range)
      let key = key("final/variant \(summary.variant.index)")
      func add(_ name: String, _ statistic: ScoreStatistic, _ lower: Double?, _ upper: Double?) {
        table.add([
          summary.label, name, exact(scores.value(of: statistic)), exact(lower), exact(upper),
          summary.coverage.used, summary.interval?.resamples,
        ])
      }
      // The interval of the table of final scores, so that the mean there and here is one.
      let mean = summary.interval
      add(
        "mean", .mean, mean.map { range.normalized($0.lower) },
        mean.map { range.normalized($0.upper) })
      for (name, statistic) in [
        ("iqm", ScoreStatistic.interquartileMean), ("optimalityGap", .optimalityGap(target: 1)),
      ] {
        let interval = scores.interval(of: statistic, key: key)
        add(name, statistic, interval?.lower, interval?.upper)
      }
    }
    return table
  }

  // MARK: Performance profiles

  private func profiles() throws -> HTML {
    let finite = ranked.flatMap { $0.scores.scores.filter(\.isFinite) }
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let domain = roomyRange(low, high, room: 0.05)
    let all = ranked.map { profile($0, over: domain) }
    let lines = Set(run.drawn.indices)
    let drawn = zip(ranked, all).filter { lines.contains($0.0.variant.index) }.map(\.1)
    var table = CSVTable(["variant", "threshold", "share", "lower", "upper"])
    for line in all {
      for (index, threshold) in line.x.enumerated() {
        table.add([line.label, threshold, line.y[index], line.low?[index], line.high?[index]])
      }
    }
    let isMaximized = run.goal == .maximize
    let best = run.drawn.isRanked ? "the \(drawn.count - 1) best and the worst" : "\(drawn.count)"
    return try figures.figure(
      "profiles",
      caption: "For each score the share of seeds that do better; further"
        + " \(isMaximized ? "right" : "left") and up is better, and lines that cross mean that"
        + " neither variant is better throughout. Bands: pointwise 95\u{A0}% bootstrap intervals,"
        + " none below two seeds. The legend has the mean scores."
        + (drawn.count < all.count
          ? " Drawn: \(best) of \(Numbers.whole(all.count)); the CSV has all." : ""),
      table: table,
      Figure.chart(
        .profiles, title: "Performance profiles", lines: drawn,
        xLabel: run.scoreNoun,
        yLabel: "share of seeds \(isMaximized ? "above" : "at or below") the score",
        lowestFirst: !isMaximized))
  }

  private func profile(_ summary: VariantSummary, over domain: ClosedRange<Double>) -> Line {
    let inner = Set(summary.scores.scores.filter { domain.contains($0) })
    let thresholds = Set([domain.lowerBound, domain.upperBound]).union(inner).sorted()
    let intervals = summary.scores.profileIntervals(
      at: thresholds, key: key("profile/variant \(summary.variant.index)"))
    let above = summary.scores.performanceProfile(at: thresholds) ?? thresholds.map { _ in .nan }
    // For scores that are to be small, the share at or below is what is not above.
    let isMaximized = run.goal == .maximize
    func turned(_ share: Double) -> Double { isMaximized ? share : 1 - share }
    return Line(
      label: summary.label, x: thresholds, y: above.map(turned),
      low: intervals?.map { turned(isMaximized ? $0.lower : $0.upper) },
      high: intervals?.map { turned(isMaximized ? $0.upper : $0.lower) },
      style: summary.style, final: summary.finiteMean ?? .nan)
  }

  // MARK: Probability of improvement

  /// Variants that the matrix shows.
  private static let shownInMatrix = 40
  /// Variants up to which all pairs have the full number of resamples; beyond, there are hundreds
  /// of pairs, and only those that a hypothesis is about have it, as their verdict does.
  private static let fullyResampled = 12
  private static let replicates = 5_000

  /// One variant over another.
  private struct Pair {
    let row: Int
    let column: Int
    /// Nil where equal seeds are no pairs.
    let scores: PairedScores?
    let probability: Double?
    let interval: BootstrapInterval?
    let test: SignFlipResult?
  }

  private func matrix() throws -> HTML {
    let shown = Array(ranked.prefix(Self.shownInMatrix))
    let pairs = pairs(of: shown)
    let adjusted = holmAdjusted(pairs.map { $0.test?.pValue ?? 1 })
    var cells = shown.map { _ in shown.map { _ in Estimate(nil) } }
    var table = CSVTable([
      "variant", "over", "probability", "lower", "upper", "pairs", "p", "adjustedP",
      "beyondChance", "seedsWon", "seedsTied", "shareWon", "shareWonLower", "shareWonUpper",
    ])
    for (pair, adjustedP) in zip(pairs, adjusted) {
      let interval = pair.interval
      let isClear =
        pair.test != nil
        && interval.map { isBeyondChance($0, neutral: 0.5, adjustedP: adjustedP) } ?? false
      cells[pair.row][pair.column] = Estimate(pair.probability, interval, isClear: isClear)
      cells[pair.column][pair.row] = Estimate(
        pair.probability.map { 1 - $0 }, interval.map { 1 - $0.upper },
        interval.map { 1 - $0.lower }, isClear: isClear)
      for (a, b, won) in [
        (pair.row, pair.column, pair.scores?.seedsWon),
        (pair.column, pair.row, pair.scores?.negated.seedsWon),
      ] {
        let cell = cells[a][b]
        table.add([
          shown[a].label, shown[b].label, cell.value, cell.low, cell.high,
          pair.scores?.seedCount, pair.test?.pValue, pair.test == nil ? nil : adjustedP, isClear,
          won?.won, won?.tied, won?.share, won?.lower, won?.upper,
        ])
      }
    }
    return try figures.figure(
      "improvement",
      caption: matrixCaption(shown: shown.count, pairs: pairs.count),
      width: shown.count <= 12 ? 720 : FigureWriter.wideWidth, table: table,
      Figure.improvementMatrix(
        title: "Probability of improvement", labels: shown.map(\.label),
        cells: cells))
  }

  private func matrixCaption(shown: Int, pairs: Int) -> String {
    let seeds = run.plan.seeds.count
    return "How often a seed of the row beats a seed of the column, ties counting half, in percent;"
      + " over all pairings of their seeds. Intervals (in the CSV): 95\u{A0}% bootstrap, the seeds of"
      + " either side drawn by themselves, over"
      + " \(seeds == 1 ? "the one seed, which gives none" : "up to \(Numbers.count(seeds, "seed"))")."
      + (run.isImported ? "" : pairedCaption(pairs))
      + (shown < ranked.count
        ? " Shown: the \(Numbers.whole(shown)) best of \(Numbers.whole(ranked.count))." : "")
  }

  private func pairedCaption(_ pairs: Int) -> String {
    " Framed where the interval leaves out 50\u{A0}% and the sign-flip p, after Holm’s correction"
      + " over \(pairs == 1 ? "the one pair" : "all \(Numbers.whole(pairs)) pairs"), is below 0.05."
      + " The CSV also has the share of seeds in which the row beats the column, seed by seed."
  }

  /// Of imported trials, which have any seeds: each side is all of its own.
  private func unpaired(_ shown: [VariantSummary]) -> [Pair] {
    shown.indices.flatMap { row in
      shown.indices.dropFirst(row + 1).map { column in
        let (one, other) = (shown[row].scores, shown[column].scores)
        return Pair(
          row: row, column: column, scores: nil,
          probability: one.value(of: .probabilityOfImprovement, over: other),
          interval: one.interval(of: .probabilityOfImprovement, over: other, key: seeds), test: nil)
      }
    }
  }

  private func pairs(of shown: [VariantSummary]) -> [Pair] {
    if run.isImported { return unpaired(shown) }
    let rows = shown.map { summary in
      let scores = summary.scores(of: run.plan.seeds)
      return run.goal == .maximize ? scores : scores.map { -$0 }
    }
    let asked = Set(
      run.plan.hypotheses.filter { $0.pairs.count == 1 }.flatMap(\.pairs).map { Set($0) })
    return shown.indices.flatMap { row in
      shown.indices.dropFirst(row + 1).map { column in
        let scores = PairedScores(x: rows[row], y: rows[column])
        let names: Set<Int> = [shown[row].variant.index, shown[column].variant.index]
        let isFull = shown.count <= Self.fullyResampled || asked.contains(names)
        return Pair(
          row: row, column: column, scores: scores,
          probability: scores.value(of: .probabilityOfImprovement),
          interval: scores.bootstrap(
            .probabilityOfImprovement, key: seeds, replicates: isFull ? nil : Self.replicates
          )?.interval(),
          test: scores.signFlipTest(of: .probabilityOfImprovement, against: 0.5, key: seeds))
      }
    }
  }
}
