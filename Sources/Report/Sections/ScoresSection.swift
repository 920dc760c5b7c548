// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

extension Section {
  /// Rows beyond which a table has a window of its own.
  private static let mostRows = 40

  /// The table of final scores, and their figure.
  ///
  /// - Parameters:
  ///   - more: columns that the table has besides, behind those of the score.
  ///   - tableName: what the figure's numbers stand in.
  static func scores(
    _ run: RunSummary, _ figures: FigureWriter, more: [Column<VariantSummary>] = [],
    tableName: String = "trials"
  ) throws -> Section {
    let table = Table(columns: scoreColumns(run, more), rows: run.ordered)
    let link = try figures.link(table.csv, "scores")
    let isPartial = run.variants.contains { !$0.coverage.isComplete }
    let note =
      isPartial ? " Seeds that failed or are not finished are left out and counted in n." : ""
    let caption = "Final scores of the variants"
    let rows = table.html(
      caption, caption: caption, isTall: table.rows.count > mostRows,
      series: { $0.style })
    let missed = run.ranked.reduce(0) { $0 + $1.scores.scores.count { $0 == .infinity } }
    let dots =
      "Every seed is a dot"
      + (missed > 0 ? ", but for \(Numbers.whole(missed)) that never reached the threshold" : "")
    let figure =
      run.ranked.contains(where: \.hasFiniteScore)
      ? try figures.figure(
        "scores", caption: "\(dots); the bar is the 95\u{A0}% bootstrap interval of the mean.",
        table: nil, tableName: tableName,
        Figure.finalScores(
          rows: run.ranked.map { $0.scoresRow($0.label) },
          xLabel: run.scoreNoun, references: run.scoreReferences)) : nil
    let games =
      run.isImported
      ? "" : " Evaluation games are played by the final weights, on random streams of their own."
    return Section(
      "scores", "Final scores",
      """
      <p class="lead">\(run.scoreSentence)\(games)</p>
      \(rows)<p class="fine">IQM: interquartile mean. Intervals: 95\u{A0}% percentile bootstrap of \
      the mean over seeds, every resample enumerated up to six seeds, else 50,000 drawn.\(note) \
      \(HTML.links([link]))</p>
      \(figure)\(try Responses(run: run, figures: figures).ofFactors().html { $0 })
      """)
  }

  private static func scoreColumns(
    _ run: RunSummary, _ more: [Column<VariantSummary>]
  ) -> [Column<VariantSummary>] {
    let hasEvaluation = run.variants.contains { $0.games != nil }
    let precision = run.precision
    let threshold = run.threshold.flatMap { run.scoreIsReturn ? $0 : nil }
    let mark = threshold.flatMap { $0 == 0 ? nil : Wording.score($0) } ?? "parity"
    var columns: [Column<VariantSummary>] = [
      Column("Variant", "In the order of the plan", ["variant": { $0.label }]) {
        rowHead($0.label, order: $0.variant.index, note: $0.noSeedFinished)
      }
    ]
    columns += Column.scores(precision, sort: run.goal == .maximize ? "descending" : "ascending")
    columns += [
      Column("Best seed", "Score of the best seed", "best") { .score($0.best, precision) },
      Column("Worst seed", "Score of the worst seed", "worst") {
        .score($0.worst, precision)
      },
    ]
    columns += more
    columns += [
      Column(["reached": { run.threshold == nil ? nil : $0.reached.count }]),
      Column(
        "Episodes to \(mark)",
        "First episode at which the running mean over 100 episodes gets there: median over seeds,"
          + " and how many reached it",
        "episodesToThreshold", isShown: threshold != nil
      ) { .reaching($0) },
      .evaluation(
        precision, isShown: hasEvaluation && run.plan.score.metric != .evaluationReturn),
      Column(
        "Games won", "Evaluation games won, of those played", isShown: hasEvaluation && run.isPong,
        more: [
          "gamesWon": { run.hasWinners ? $0.games?.won : nil }, "gamesPlayed": { $0.games?.played },
        ]
      ) { summary in
        summary.games.map {
          Cell(
            text: "\(Numbers.whole($0.won)) of \(Numbers.whole($0.played))",
            value: exact(Double($0.won) / Double($0.played)))
        } ?? Cell(text: Numbers.nothing, value: "", isWeak: true)
      },
    ]
    if run.includesTiming {
      columns.append(
        Column("Training", "Mean wall time of a training", "seconds") {
          .duration($0.seconds)
        })
    }
    return columns
  }
}

extension Column<VariantSummary> {
  /// Seeds, mean, interval and interquartile mean.
  static func scores(_ precision: Precision, sort: String? = nil) -> [Self] {
    [
      Column(
        "n", "Seeds that count, of those planned", "seeds",
        more: ["planned": { $0.coverage.planned }]
      ) { .share($0.coverage.used, of: $0.coverage.planned) },
      Column("Mean", "Mean score over seeds", sort: sort, "mean") { .score($0.mean, precision) },
      Column(
        "95\u{A0}% interval", "Bootstrap interval of the mean", "lower",
        more: ["upper": { exact($0.interval?.upper) }]
      ) { .interval($0.interval, precision) },
      Column("IQM", "Interquartile mean over seeds", "iqm") {
        .score($0.interquartileMean, precision)
      },
    ]
  }

  static func evaluation(_ precision: Precision, isShown: Bool = true) -> Self {
    Column(
      "Evaluation", "Mean return of the evaluation games", "evaluationMean", isShown: isShown
    ) { .score($0.evaluationMean, precision) }
  }
}

extension Cell {
  /// Median episodes to the threshold, with how many seeds reached it.
  fileprivate static func reaching(_ summary: VariantSummary) -> Cell {
    guard let time = summary.medianTime else {
      return Cell(text: Numbers.nothing, value: "", isWeak: true)
    }
    let share = "(\(summary.reached.count) of \(summary.counted.count))"
    if time.isFinite {
      return Cell(text: "\(Numbers.whole(Int(time.rounded()))) \(share)", value: exact(time))
    }
    return Cell(
      text: summary.reached.isEmpty ? "not reached" : "not reached \(share)", value: "inf",
      isWeak: true)
  }
}

extension VariantSummary {
  /// Its row in a figure of final scores.
  func scoresRow(_ label: String) -> Figure.ScoresRow {
    (label, scores.scores, Estimate(finiteMean, interval), style)
  }
}

extension RunSummary {
  /// Best first; those without a score last.
  var ordered: [VariantSummary] { ranked + variants.filter { $0.mean == nil } }
}
