// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Plotting
import Statistics

/// The section that holds the evaluation's games against the same games in another environment:
/// what was learned in the embedded Pong, on the real one.
struct TransferDigest {
  /// One trial's games, in both places, pair by pair.
  struct Pairs {
    let trial: TrialDigest
    let label: String
    let here: [Double]
    let there: [Double]
    /// Pairs with equal return and equal length.
    let equal: Int
    /// Mean of (there − here) over the games.
    let difference: Double
    let interval: BootstrapInterval?
  }

  private static let figureWidth = 480.0

  let place: String
  private let scale: ClosedRange<Double>?
  let rows: [Pairs]

  /// Nil where no trial that counts was evaluated elsewhere.
  init?(_ digest: RunDigest) {
    let places = digest.plan.variants.compactMap { variant -> String? in
      guard case .string(let id)? = variant.configuration[path: "evaluation.transferTo"] else {
        return nil
      }
      return id
    }
    guard let place = places.first else { return nil }
    self.place = Set(places).count == 1 ? place : "another environment"
    scale = digest.returnScale
    let severalVariants = digest.variants.count > 1
    rows = digest.variants.flatMap { summary in
      summary.counted.compactMap { trial in
        Pairs(
          trial,
          label: severalVariants
            ? "\(summary.label), seed \(trial.planned.seed)" : "seed \(trial.planned.seed)",
          experiment: digest.plan.name)
      }
    }
    if rows.isEmpty { return nil }
  }

  func section(_ press: inout FigurePress) throws(ReportError) -> TableSection {
    let path = "data/transfers.csv"
    try press.write(table.text, to: path)
    let figure = try press.figure(
      "transfers", caption: Wording.transfersCaption, width: Self.figureWidth, table: counted,
      tableName: "transfer-games"
    ) {
      PairedCounts(
        text: FigureText(title: Wording.transfersTitle), pairs: pairs,
        xLabel: Wording.returnHere, yLabel: Wording.returnThere(place), noun: "games",
        range: scale
      )
    }
    return TableSection(
      id: "transfers", heading: Wording.transfersHeading(place), lead: Wording.transfersLead(self),
      caption: Wording.transfersHeading(place), columns: Self.columns,
      rows: rows.map { $0.row }, note: Wording.transfersNote,
      links: [LinkView(target: path, text: "CSV")], figure: figure)
  }

  /// How often each pair of returns occurred.
  private var pairs: [PairedCounts.Pair] {
    var counts: [[Double]: Int] = [:]
    for row in rows {
      for (x, y) in zip(row.here, row.there) { counts[[x, y], default: 0] += 1 }
    }
    return counts.map { PairedCounts.Pair(x: $0.key[0], y: $0.key[1], count: $0.value) }
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  private var counted: CSVTable {
    var table = CSVTable(["returnEmbedded", "returnThere", "games"])
    for pair in pairs {
      table.addRow([CSVTable.exact(pair.x), CSVTable.exact(pair.y), "\(pair.count)"])
    }
    return table
  }

  private static var columns: [ColumnView] {
    [
      ColumnView(title: "Trial", explanation: "In the order of the plan", isNumber: false),
      ColumnView(title: "Games", explanation: "Evaluation games played in both places"),
      ColumnView(title: "Embedded", explanation: "Mean return in the embedded game"),
      ColumnView(title: "There", explanation: "Mean return in the other environment"),
      ColumnView(title: "Difference", explanation: "Mean over the games, there minus embedded"),
      ColumnView(
        title: "95\u{A0}% interval", explanation: "Bootstrap interval of the mean difference"),
      ColumnView(
        title: "Equal games", explanation: "Games with the same return and number of decisions"),
    ]
  }

  private var table: CSVTable {
    var table = CSVTable([
      "trial", "seed", "games", "embedded", "there", "difference", "lower", "upper", "equal",
    ])
    for row in rows {
      table.addRow([
        row.trial.planned.id, "\(row.trial.planned.seed)", "\(row.here.count)",
        CSVTable.exact(mean(row.here)), CSVTable.exact(mean(row.there)),
        CSVTable.exact(row.difference), CSVTable.exact(row.interval?.lower),
        CSVTable.exact(row.interval?.upper), "\(row.equal)",
      ])
    }
    return table
  }
}

extension TransferDigest.Pairs {
  /// Nil where the trial played nothing elsewhere with the weights of its evaluation.
  init?(_ trial: TrialDigest, label: String, experiment: String) {
    guard let here = trial.evaluation, let there = trial.transfer,
      here.checkpoint == there.checkpoint
    else { return nil }
    let count = min(here.returns.count, there.returns.count)
    self.trial = trial
    self.label = label
    self.here = Array(here.returns.prefix(count))
    self.there = Array(there.returns.prefix(count))
    equal = (0..<count).count {
      here.returns[$0] == there.returns[$0] && here.lengths[$0] == there.lengths[$0]
    }
    let differences = (0..<count).map { there.returns[$0] - here.returns[$0] }
    difference = mean(differences) ?? .nan
    interval = ScoreMatrix(scores: differences).interval(
      of: .mean,
      key: ResamplingKey(experiment: experiment, statistic: "transfer/\(trial.planned.id)"))
  }

  fileprivate var row: TableSection.Row {
    TableSection.Row(
      label: label, order: trial.planned.number, seriesClass: seriesClass(trial.planned.variant),
      cells: [
        .count(here.count), .score(mean(here)), .score(mean(there)), .score(difference),
        .interval(interval),
        CellView(
          text: "\(Wording.count(equal)) of \(Wording.count(here.count))",
          value: CSVTable.exact(Double(equal) / Double(here.count)), isWeak: false),
      ])
  }
}
