// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Statistics

extension TrialsView {
  /// Lines of a log that are shown.
  static let logLines = 8
  /// Logs that are shown, those with trouble first.
  static let logLimit = 12

  init(_ digest: RunDigest) {
    let hasEvaluation = digest.trials.contains { $0.evaluation != nil }
    let troubled = digest.trials.filter { $0.state != .pending && !$0.isCounted }
    // A log tells the time of day, so equal trials would differ by it.
    let calm = digest.includesTiming ? digest.trials.filter(\.isCounted) : []
    let logs = (troubled + calm).prefix(Self.logLimit).compactMap { trial -> Log? in
      let text = trial.logTail(lines: Self.logLines)
      let message = trial.problem ?? trial.status?.message
      guard !text.isEmpty || message != nil else { return nil }
      return Log(
        id: trial.planned.id,
        label: "\(digest.plan.variants[trial.planned.variant].label), seed \(trial.planned.seed)",
        message: message, text: text)
    }
    self.init(
      heading: "Trials", lead: "Every trial of the plan, one process each.",
      columns: Self.columns(digest, hasEvaluation),
      rows: digest.trials.map { Self.row($0, digest, hasEvaluation) }, links: [],
      logsTitle: troubled.isEmpty
        ? "The end of the logs" : "The end of the logs, trials with trouble first",
      logs: logs)
  }

  private static func columns(_ digest: RunDigest, _ hasEvaluation: Bool) -> [ColumnView] {
    var columns = [
      ColumnView(title: "No.", explanation: "Number in the plan", sort: "ascending"),
      ColumnView(title: "Variant", explanation: "Variant", isNumber: false),
      ColumnView(title: "State", explanation: "How the trial stands", isNumber: false),
      ColumnView(title: "Seed", explanation: "Seed value"),
      ColumnView(title: "Episodes", explanation: "Training episodes done"),
      ColumnView(title: "Decisions", explanation: "Training decisions made"),
      ColumnView(title: "Last 100", explanation: "Mean return of the last 100 training episodes"),
      ColumnView(title: "Score", explanation: "What the tables above are made from"),
    ]
    if hasEvaluation {
      columns.append(
        ColumnView(title: "Evaluation", explanation: "Mean return of the evaluation games"))
    }
    if digest.includesTiming {
      columns.append(ColumnView(title: "Training", explanation: "Wall time of training"))
    }
    columns.append(
      ColumnView(
        title: "Trial", explanation: "Name of its folder: the SHA-256 of its configuration",
        isNumber: false))
    return columns
  }

  private static func row(
    _ trial: TrialDigest, _ digest: RunDigest, _ hasEvaluation: Bool
  ) -> Row {
    let hasBegun = trial.episodeCount > 0
    var cells = [
      CellView.count(trial.planned.seed), .count(hasBegun ? trial.episodeCount : nil),
      .count(hasBegun ? trial.decisionCount : nil), .score(trial.finalMean),
      .score(trial.score.isNaN ? nil : trial.score),
    ]
    if hasEvaluation { cells.append(.score(trial.evaluation?.mean)) }
    if digest.includesTiming { cells.append(.duration(trial.wallSeconds)) }
    return Row(
      number: trial.planned.number, variant: digest.plan.variants[trial.planned.variant].label,
      seriesClass: seriesClass(digest.variants[trial.planned.variant].style),
      state: trial.problem == nil ? Wording.state(trial.state) : "unusable",
      stateClass: trial.problem == nil ? Wording.stateClass(trial.state) : "failed", cells: cells,
      id: trial.planned.id)
  }

  /// The table in full, for other programs.
  static func table(_ digest: RunDigest) -> CSVTable {
    var table = CSVTable(
      [
        "number", "trial", "variant", "seed", "state", "episodes", "decisions", "frames",
        "lastHundredMean", "score", "episodesToThreshold", "evaluationMean", "gamesWon",
        "gamesPlayed",
      ] + (digest.includesTiming ? ["wallSeconds", "cpuSeconds"] : []))
    for trial in digest.trials {
      table.addRow(
        [
          "\(trial.planned.number)", trial.planned.id,
          digest.plan.variants[trial.planned.variant].label, "\(trial.planned.seed)",
          trial.state.rawValue, "\(trial.episodeCount)", "\(trial.decisionCount)",
          "\(trial.frameCount)", CSVTable.exact(trial.finalMean), CSVTable.exact(trial.score),
          CSVTable.exact(trial.threshold?.score), CSVTable.exact(trial.evaluation?.mean),
          trial.evaluation.map { "\($0.won)" } ?? "",
          trial.evaluation.map { "\($0.returns.count)" } ?? "",
        ]
          + (digest.includesTiming
            ? [CSVTable.exact(trial.wallSeconds), CSVTable.exact(trial.cpuSeconds)] : []))
    }
    return table
  }
}
