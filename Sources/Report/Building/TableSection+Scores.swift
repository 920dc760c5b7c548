// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Statistics

extension TableSection {
  /// Rows beyond which a table has a window of its own.
  private static let mostRows = 40

  /// The table of final scores; the figure is added by who draws it.
  init(scoresOf digest: RunDigest) {
    let hasEvaluation = digest.variants.contains { $0.games != nil }
    self.init(
      id: "scores", heading: "Final scores", lead: Wording.scoresLead(digest),
      caption: "Final scores of the variants", columns: Self.columns(digest, hasEvaluation),
      rows: Self.ordered(digest).map { Self.row($0, digest, hasEvaluation) },
      note: Wording.scoresNote(digest), links: [], figure: nil)
    isTall = rows.count > Self.mostRows
  }

  /// Best first; those without a score last.
  static func ordered(_ digest: RunDigest) -> [VariantSummary] {
    digest.ranked + digest.variants.filter { $0.mean == nil }
  }

  private static func columns(_ digest: RunDigest, _ hasEvaluation: Bool) -> [ColumnView] {
    let sort = digest.goal == .maximize ? "descending" : "ascending"
    var columns = [
      ColumnView(title: "Variant", explanation: "In the order of the plan", isNumber: false),
      ColumnView(title: "n", explanation: "Seeds that count, of those planned"),
      ColumnView(title: "Mean", explanation: "Mean score over seeds", sort: sort),
      ColumnView(title: "95\u{A0}% interval", explanation: "Bootstrap interval of the mean"),
      ColumnView(title: "IQM", explanation: "Interquartile mean over seeds"),
      ColumnView(title: "Best seed", explanation: "Score of the best seed"),
      ColumnView(title: "Worst seed", explanation: "Score of the worst seed"),
    ]
    if let threshold = digest.threshold, digest.scoreIsReturn {
      columns.append(
        ColumnView(
          title: Wording.thresholdTitle(threshold),
          explanation:
            "First episode at which the running mean over 100 episodes gets there: median"
            + " over seeds, and how many reached it"))
    }
    if hasEvaluation {
      if digest.plan.score.metric != .evaluationReturn {
        columns.append(
          ColumnView(title: "Evaluation", explanation: "Mean return of the evaluation games"))
      }
      if digest.isPong {
        columns.append(
          ColumnView(title: "Games won", explanation: "Evaluation games won, of those played"))
      }
    }
    if digest.includesTiming {
      columns.append(
        ColumnView(title: "Training", explanation: "Mean wall time of a trial on one core"))
    }
    return columns
  }

  private static func row(
    _ summary: VariantSummary, _ digest: RunDigest, _ hasEvaluation: Bool
  ) -> Row {
    let precision = digest.precision
    var cells: [CellView] = [
      .coverage(summary.coverage), .score(summary.mean, precision),
      .interval(summary.interval, precision),
      .score(summary.interquartileMean, precision), .score(summary.best?.score, precision),
      .score(summary.worst?.score, precision),
    ]
    if digest.threshold != nil, digest.scoreIsReturn { cells.append(.reaching(summary)) }
    if hasEvaluation {
      if digest.plan.score.metric != .evaluationReturn {
        cells.append(.score(summary.evaluationMean, precision))
      }
      if digest.isPong {
        let games = summary.games
        cells.append(
          CellView(
            text: games.map { "\(Wording.count($0.won)) of \(Wording.count($0.played))" } ?? "–",
            value: games.map { CSVTable.exact(Double($0.won) / Double($0.played)) } ?? "",
            isWeak: games == nil))
      }
    }
    if digest.includesTiming { cells.append(.duration(summary.seconds)) }
    return Row(
      label: summary.label, order: summary.variant.index,
      seriesClass: seriesClass(summary.style), failure: Wording.noSeedFinished(summary),
      cells: cells)
  }

  /// The same numbers in full, for other programs.
  static func table(_ digest: RunDigest) -> CSVTable {
    var table = CSVTable(
      [
        "variant", "seeds", "planned", "mean", "lower", "upper", "iqm", "best", "worst",
        "reached", "episodesToThreshold", "evaluationMean", "gamesWon", "gamesPlayed",
      ] + (digest.includesTiming ? ["seconds"] : []))
    for summary in ordered(digest) {
      let games = summary.games
      table.addRow(
        [
          summary.label, "\(summary.coverage.used)", "\(summary.coverage.planned)",
          CSVTable.exact(summary.mean), CSVTable.exact(summary.interval?.lower),
          CSVTable.exact(summary.interval?.upper), CSVTable.exact(summary.interquartileMean),
          CSVTable.exact(summary.best?.score), CSVTable.exact(summary.worst?.score),
          digest.threshold == nil ? "" : "\(summary.reached.count)",
          CSVTable.exact(summary.medianTime), CSVTable.exact(summary.evaluationMean),
          games.map { "\($0.won)" } ?? "", games.map { "\($0.played)" } ?? "",
        ] + (digest.includesTiming ? [CSVTable.exact(summary.seconds)] : []))
    }
    return table
  }
}

extension VariantSummary {
  /// Median over the seeds that count of the episodes to the threshold, infinite where more than
  /// half never reached it; nil without a threshold.
  var medianTime: Double? {
    median(counted.compactMap { $0.threshold?.score })
  }
}

extension CellView {
  static func score(_ value: Double?, _ precision: Precision? = nil) -> CellView {
    CellView(
      text: Wording.score(value, precision), value: CSVTable.exact(value), isWeak: value == nil)
  }

  static func interval(_ interval: BootstrapInterval?, _ precision: Precision? = nil) -> CellView {
    CellView(
      text: Wording.bounds(interval, precision), value: CSVTable.exact(interval?.lower),
      isWeak: interval == nil)
  }

  static func duration(_ seconds: Double?) -> CellView {
    CellView(
      text: Durations.text(seconds), value: CSVTable.exact(seconds),
      isWeak: seconds == nil)
  }

  /// `5`, or `4 of 5` where seeds do not count.
  static func coverage(_ coverage: Coverage) -> CellView {
    CellView(
      text: coverage.isComplete ? "\(coverage.used)" : "\(coverage.used) of \(coverage.planned)",
      value: "\(coverage.used)", isWeak: coverage.used == 0)
  }

  static func count(_ number: Int?) -> CellView {
    CellView(
      text: number.map { Wording.count($0) } ?? "–", value: number.map(String.init) ?? "",
      isWeak: number == nil)
  }

  /// Median episodes to the threshold, with how many seeds reached it.
  static func reaching(_ summary: VariantSummary) -> CellView {
    guard let time = summary.medianTime else { return CellView(text: "–", value: "", isWeak: true) }
    let share = "\(summary.reached.count) of \(summary.counted.count)"
    if time.isFinite {
      return CellView(
        text: "\(Wording.count(Int(time.rounded()))) (\(share))", value: CSVTable.exact(time),
        isWeak: false)
    }
    return CellView(
      text: summary.reached.isEmpty ? "not reached" : "not reached (\(share))", value: "inf",
      isWeak: true)
  }
}
