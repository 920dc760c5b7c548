// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
package import RunStore
import Statistics

/// One side of a comparison: a run, or one trial of it.
package struct ComparedRun: Sendable {
  package let run: RunFolder
  /// A trial's id; nil for the whole run.
  package let trial: String?

  package init(run: RunFolder, trial: String?) {
    self.run = run
    self.trial = trial
  }

  /// `NAME` or `NAME/1a2b3c4d5e6f`.
  package var name: String { trial.map { "\(run.name)/\($0)" } ?? run.name }

  fileprivate func summary() throws -> RunSummary {
    var plan = try run.readPlan()
    if let trial {
      guard let planned = plan.trial(id: trial) else {
        throw RunStoreError(
          .damagedRecord, path: run.planPath, found: "no trial \(trial)",
          allowed: "one of its \(plan.trials.count) trials")
      }
      var variant = plan.variants[planned.variant]
      variant.index = 0
      plan.variants = [variant]
      plan.trials = [
        Plan.PlannedTrial(
          number: planned.number, id: planned.id, variant: 0, seed: planned.seed)
      ]
      plan.seeds = [planned.seed]
      plan.hypotheses = []
    }
    let whole = RunSummary(try RunSnapshot(run, plan: plan), includesTiming: false)
    var judged = whole.judged
    // Neither a trial's neighbours nor what a search left behind are of earlier plans.
    judged.unplannedCount = trial == nil ? whole.unplannedCount : 0
    return judged
  }
}

/// Renders two runs side by side into the folder `directory`, which it replaces as a whole.
package func renderComparison(
  of first: ComparedRun, and second: ComparedRun, to directory: String
) throws(ReportError) -> ReportSummary {
  let (a, b) = try ReportError.catching { (try first.summary(), try second.summary()) }
  return try rendered(to: directory, provenance: a) { figures in
    let comparison = Comparison(a, b, names: [first.name, second.name])
    return (
      try comparison.page(figures), comparison.headline,
      comparison.sides.flatMap { Status($0.run).gaps }
    )
  }
}

/// The page of two runs: the sections of a run's page that can hold both.
private struct Comparison {
  /// Variants of each side in the figures, best first.
  static let shown = 4

  struct Side {
    let name: String
    let run: RunSummary
  }

  let sides: [Side]
  private let bests: ComparedBests?
  /// Best first, one side at a time, each with a colour of its own: its place here.
  private let variants: [VariantSummary]

  /// - Parameter names: of both sides, as they were given.
  init(_ a: RunSummary, _ b: RunSummary, names: [String]) {
    sides = zip(names, [a, b]).map(Side.init)
    bests = ComparedBests(a, b)
    variants = (a.ordered + b.ordered).enumerated().map { place, variant in
      var variant = variant
      variant.style = place
      return variant
    }
  }

  private var names: [String] { sides.map(\.name) }

  private func side(_ variant: VariantSummary) -> Int {
    variant.style < sides[0].run.variants.count ? 0 : 1
  }

  private func label(_ variant: VariantSummary) -> String {
    "\(names[side(variant)]): \(variant.label)"
  }

  /// Those in the figures.
  private var shown: [VariantSummary] {
    [0, 1].flatMap { place in variants.filter { side($0) == place }.prefix(Self.shown) }
  }

  func page(_ figures: FigureWriter) throws -> Page {
    let sections = [try curves(figures), try scores(figures), configuration]
    let blocks = sides.html { side in
      """
      <div>
      <h3>\(side.name)</h3>
      <p>\(Answer(run: side.run).headline)</p>
      \(HTML.list(Status(side.run).gaps, "gaps"))\
      <pre class="command" tabindex="0"><code>\(side.run.plan.command)</code></pre>
      </div>

      """
    }
    return Page(
      title: "\(names[0]) and \(names[1])", eyebrow: "<a href=\"../index.html\">All reports</a>",
      listed: Listing(state: "Comparison", headline: headline, verdicts: "", tags: [], day: nil),
      lead: "",
      main: """
        <section id="answer">
        <h2 class="visually-hidden">The answer</h2>
        <p class="headline">\(headline)</p>
        \(HTML.list(support + figures.shortcomings, "support"))<div class="sides">
        \(blocks)</div>
        </section>
        \(sections.html { $0.html })
        """, script: Page.tableScript)
  }

  // MARK: The answer

  /// The best of the one against the best of the other.
  var headline: String {
    guard sides.allSatisfy({ !$0.run.ranked.isEmpty }) else {
      return "There is no finished trial on at least one side, so there is nothing to compare yet."
    }
    guard let bests else {
      return "The two score different things, so their scores are not compared: the"
        + " \(sides[0].run.scoreNoun), and the \(sides[1].run.scoreNoun)."
    }
    let bounds = bests.interval.map { [$0.lower, $0.upper] } ?? []
    let precision = Precision(
      bests.means + [bests.difference].compactMap { $0 } + bounds,
      widths: bests.interval.map { [$0.upper - $0.lower] } ?? [])
    let means = zip(bests.means, bests.counts).map { mean, seeds in
      Wording.score(mean, precision)
        + (bests.isPaired ? "" : " (\(Numbers.count(seeds, "seed")))")
    }
    let both =
      "the best of \(Wording.quoted(names[0])), \(Wording.quoted(bests.first.label)), has \(means[0]),"
      + " that of \(Wording.quoted(names[1])), \(Wording.quoted(bests.second.label)), \(means[1])"
    let text =
      bests.isPaired
      ? "Over the \(Numbers.whole(bests.counts[0])) seeds that both have finished, \(both)"
      : Wording.capitalized(both)
    guard let difference = bests.difference else { return text + "." }
    return text + ": a difference of \(Wording.score(difference, precision))"
      + (bests.interval.map { " (\(Wording.interval($0, precision)))" } ?? "") + "."
  }

  private var support: [String] {
    guard let bests else { return [] }
    var sentences = [sides[0].run.scoreSentence]
    if bests.leavesSeedsOut {
      let all = [bests.first, bests.second].map {
        "\(Wording.score($0.mean)) (\(Numbers.count($0.coverage.used, "seed")))"
      }
      sentences.append("Over all their finished seeds the two have \(Wording.list(all)).")
    }
    if bests.isPaired {
      var text = "Equal seeds are pairs, since the root seeds are equal too."
      if let test = bests.test { text += " Sign-flip \(Numbers.pValue(test.pValue))." }
      if let won = bests.seedsWon {
        text += " \(Wording.quoted(bests.first.label)) is ahead in \(Wording.seedsWon(won))."
      }
      sentences.append(text)
      if bests.counts[0] < 6 { sentences.append("Fewer than 6 pairs decide nothing.") }
    } else {
      sentences.append(
        bests.isImported
          ? "Imported trials share no random numbers with others, so equal seeds are no pairs: the seeds"
            + " of either side are drawn by themselves."
          : bests.haveSameRoot
            ? "They have fewer than two finished seeds in common, so nothing is compared in pairs."
            : "The root seeds differ, so equal seed values share no random numbers and are no pairs:"
              + " the seeds of either side are drawn by themselves.")
    }
    return sentences + [
      "Both were picked as the best after looking at the scores; fresh seeds would show more."
    ]
  }

  // MARK: Sections

  private func curves(_ figures: FigureWriter) throws -> Section {
    // A row of what another program wrote need not be an episode.
    let axis = sides.contains { $0.run.isImported } ? CurveAxis.decisions : .episodes
    var table = CSVTable([
      "of", "variant", axis == .episodes ? "episode" : "decisions", "mean", "lower", "upper",
    ])
    var lines: [Line] = []
    let series = sides.map { CurveSeries($0.run, axis: axis) }
    for variant in shown {
      let line = series[side(variant)].lines[variant.variant.index]
      guard line.hasSeeds else { continue }
      for (index, x) in line.x.enumerated() {
        table.add([
          names[side(variant)], variant.label, x, line.mean[index], line.low[index],
          line.high[index],
        ])
      }
      lines.append(line.line(label(variant), style: variant.style))
    }
    let stride = sides.map(\.run.curveStride).max() ?? 1
    let references = sides.map(\.run.trainingReferences)
    let isOneGame = references.allSatisfy { $0 == references[0] }
    let figure =
      lines.isEmpty
      ? nil
      : try figures.figure(
        "curves", caption: axis.caption(stride: stride, isHeld: false), table: table,
        Figure.chart(
          .learning, lines: lines, xLabel: axis.label, yLabel: "return",
          references: isOneGame ? references[0] : []))
    return Section(
      "curves", "Learning curves",
      """
      <p class="lead">Running mean of the return over the last \(TrialRecords.window) episodes, by \
      \(axis == .episodes ? "training episode" : "decision"); of each side the best \(Numbers.count(Self.shown, "variant")) at most.</p>
      \(figure)
      """)
  }

  private func scores(_ figures: FigureWriter) throws -> Section {
    let precision = Precision(scoresOf: variants)
    func side(_ variant: VariantSummary) -> String { names[self.side(variant)] }
    let columns: [Column<VariantSummary>] = [
      Column(
        "Variant", "Best first, one side at a time", ["of": side, "variant": { $0.label }]
      ) { rowHead($0.label, order: $0.style) },
      Column("Of", "The experiment or trial", [:]) { "<td>\(side($0))</td>\n" },
    ]
    let table = Table(
      columns: columns + Column.scores(precision) + [.evaluation(precision)], rows: variants)
    let link = try figures.link(table.csv, "scores")
    let rows = table.html(
      "Final scores", caption: "Final scores of both", isTall: false,
      series: { $0.style })
    let drawn = shown.filter(\.hasFiniteScore)
    let isAlike = sides[0].run.plan.score.isAlike(sides[1].run.plan.score)
    let figure =
      !isAlike || drawn.isEmpty
      ? nil
      : try figures.figure(
        "scores", caption: Section.scoresCaption, table: nil, tableName: "scores",
        Figure.finalScores(
          rows: drawn.map { $0.scoresRow(label($0)) },
          xLabel: sides[0].run.scoreNoun))
    return Section(
      "scores", "Final scores",
      """
      \(rows)<p class="fine">\(HTML.links([link]))</p>
      \(figure)
      """)
  }

  /// Parameters in which the sides differ, each with its values over all variants.
  private var configuration: Section {
    func values(_ run: RunSummary, _ path: String) -> String {
      run.plan.variants.map { shownJSON($0.configuration[path: path]) }.uniqued
        .joined(separator: ", ")
    }
    let settings = Set(sides.flatMap(\.run.plan.paths)).sorted().compactMap { path -> HTML? in
      let texts = sides.map { values($0.run, path) }
      let cells = texts.html { "<td><code>\($0)</code></td>" }
      return texts[0] == texts[1]
        ? nil : "<tr><th scope=\"row\"><code>\(path)</code></th>\(cells)</tr>\n"
    }
    let lead =
      settings.isEmpty
      ? "Both ask for the same values of every parameter."
      : "Every parameter whose values are not the same on both sides, over all variants."
    let table = scrolled(
      "What differs", caption: "Parameters that differ",
      head: """
        <th scope="col">Parameter</th>\(names.html { "<th scope=\"col\">\($0)</th>" })
        """, body: settings.html { $0 })
    return Section(
      "configuration", "What differs",
      "<p class=\"lead\">\(lead)</p>\n\(table, if: !settings.isEmpty)")
  }
}

extension Plan.Score {
  /// Whether two scores are the same number of the same thing.
  func isAlike(_ other: Plan.Score) -> Bool {
    metric == other.metric && goal == other.goal && reduction == other.reduction
      && window == other.window && threshold == other.threshold
  }
}
