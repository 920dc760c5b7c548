// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore
import Statistics

extension Section {
  /// Lines of a log that are shown.
  private static let logLines = 8
  /// Logs that are shown, those with trouble first.
  private static let logLimit = 12
  /// Trials that the page shows, since a browser is slow with many thousands; the CSV has all.
  private static let trialLimit = 500

  /// Every trial with its state, and the end of its log.
  static func trials(_ run: RunSummary, _ figures: FigureWriter) throws -> Section {
    let table = Table(columns: trialColumns(run), rows: run.trials)
    let link = try figures.link(table.csv, "trials")
    let troubled = run.trials.filter { !$0.isCounted }
    let first = (troubled + run.trials.filter(\.isCounted)).prefix(trialLimit)
    let shown = Table(
      columns: table.columns, rows: first.sorted { $0.planned.number < $1.planned.number })
    let cut =
      shown.rows.count < run.trials.count
      ? " Shown are \(trialLimit) of \(Numbers.whole(run.trials.count)), those without a score before"
        + " others; the CSV has every one." : ""
    let rows = shown.html(
      "Trials", caption: "Every trial with its state", isTall: true, style: " compact",
      series: { run.variants[$0.planned.variant].style })
    return Section(
      "trials", "Trials",
      """
      <p class="lead">\(run.isImported ? "Every trial, as another program wrote it." : "Every trial of the plan, one process each.")\(cut)</p>
      \(rows)<p class="fine">\(HTML.links([link]))</p>
      \(logs(run))
      """)
  }

  private static func trialColumns(_ run: RunSummary) -> [Column<TrialSummary>] {
    func variant(_ trial: TrialSummary) -> String {
      run.plan.variants[trial.planned.variant].label
    }
    var columns: [Column<TrialSummary>] = [
      Column(
        "No.", "Number in the plan", sort: "ascending", "number", isHead: true,
        more: ["trial": { $0.planned.id }, "variant": variant, "seed": { $0.planned.seed }]
      ) { Cell(text: "\($0.planned.number)", value: "\($0.planned.number)") },
      Column("Variant", "Variant", [:]) {
        """
        <td class="name" data-value="\(variant($0))"><span class="swatch" aria-hidden="true"></span>\
        \(variant($0))</td>

        """
      },
      Column("State", "How the trial stands", ["state": { $0.state.rawValue }]) {
        let word = $0.problem == nil ? $0.stateWord : "unusable"
        let style = $0.problem == nil ? $0.state.style : "failed"
        return "<td data-value=\"\(word)\"><span class=\"state \(style)\">\(word)</span></td>\n"
      },
      Column("Seed", "Seed value") { .count($0.planned.seed) },
      Column("Episodes", "Training episodes done", more: ["episodes": { $0.episodeCount }]) {
        .count($0.episodeCount > 0 ? $0.episodeCount : nil)
      },
      Column(
        "Decisions", "Training decisions made",
        more: ["decisions": { $0.decisionCount }, "frames": { $0.frameCount }]
      ) { .count($0.episodeCount > 0 ? $0.decisionCount : nil) },
      Column("Last 100", "Mean return of the last 100 training episodes", "lastHundredMean") {
        .score($0.finalMean)
      },
      Column("Score", "What the tables above are made from", "score") {
        .score($0.score.isNaN ? nil : $0.score)
      },
      Column(["episodesToThreshold": { exact($0.threshold?.score) }]),
      Column(
        "Evaluation", "Mean return of the evaluation games", "evaluationMean",
        isShown: run.trials.contains { $0.evaluation != nil },
        more: [
          "gamesWon": { run.hasWinners ? $0.evaluation?.won : nil },
          "gamesPlayed": { $0.evaluation?.returns.count },
        ]
      ) { .score($0.evaluation?.mean) },
    ]
    if run.includesTiming {
      columns.append(
        Column(
          "Training", "Wall time of training", "wallSeconds",
          more: ["cpuSeconds": { exact($0.cpuSeconds) }]
        ) { .duration($0.wallSeconds) })
    }
    columns.append(
      Column("Trial", "Name of its folder: the SHA-256 of its configuration", [:]) {
        "<td data-value=\"\($0.planned.id)\"><code>\($0.planned.id)</code></td>\n"
      })
    return columns
  }

  private static func logs(_ run: RunSummary) -> HTML {
    let troubled = run.trials.filter { $0.state != .pending && !$0.isCounted }
    // A log tells the time of day, so equal trials would differ by it.
    let calm = run.includesTiming ? run.trials.filter(\.isCounted) : []
    let logs = (troubled + calm).prefix(logLimit).compactMap { trial -> HTML? in
      let text = trial.logTail(lines: logLines)
      let message = trial.problem ?? trial.status?.message
      guard !text.isEmpty || message != nil else { return nil }
      let label = "\(run.variants[trial.planned.variant].label), seed \(trial.planned.seed)"
      let said = message.map { "<p class=\"message\">\($0)</p>\n" as HTML }
      return """
        <h3><code>\(trial.planned.id)</code> \(label)</h3>
        \(said)<pre class="log" tabindex="0">\(text)</pre>

        """
    }
    let title = "The end of the logs" + (troubled.isEmpty ? "" : ", trials with trouble first")
    return logs.isEmpty
      ? "" : "<details>\n<summary>\(title)</summary>\n\(logs.html { $0 })</details>\n"
  }
}
