// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
import RunStore
import Statistics

/// The section that holds the evaluation's games against the same games in another environment:
/// what was learned in the embedded Pong, on the real one.
struct Transfers {
  /// One trial's games, in both places, pair by pair.
  struct Pairs {
    let trial: TrialSummary
    let label: String
    let here: [Double]
    let there: [Double]
    /// Pairs with equal return and equal length.
    let equal: Int
    /// Mean of (there − here) over the games.
    let difference: Double
    let interval: BootstrapInterval?
  }

  private let place: String
  private let scale: ClosedRange<Double>?
  private let rows: [Pairs]

  /// Nil where no trial that counts was evaluated elsewhere.
  init?(_ run: RunSummary) {
    let places = run.plan.variants.compactMap { variant -> String? in
      guard case .string(let id)? = variant.configuration[path: "evaluation.transferTo"] else {
        return nil
      }
      return id
    }
    guard let place = places.first else { return nil }
    self.place = Set(places).count == 1 ? place : "another environment"
    scale = run.returnScale
    rows = run.variants.flatMap { summary in
      summary.counted.compactMap { trial in
        let seed = "seed \(trial.planned.seed)"
        return Pairs(
          trial, label: run.variants.count > 1 ? "\(summary.label), \(seed)" : seed,
          experiment: run.plan.name)
      }
    }
    if rows.isEmpty { return nil }
  }

  func section(_ figures: FigureWriter) throws -> Section {
    let table = Table(columns: Self.columns, rows: rows)
    let link = try figures.link(table.csv, "transfers")
    let pairs = pairs
    var counted = CSVTable(["returnEmbedded", "returnThere", "games"])
    for pair in pairs { counted.add([exact(pair.x), exact(pair.y), pair.count]) }
    let figure = try figures.figure(
      "transfers",
      caption:
        "A disc for each pair of returns, its area the number of games. On the line the two are"
        + " equal.", width: 480, table: counted, tableName: "transfer-games",
      Figure.pairedCounts(
        title: "Returns in both places, game by game", pairs: pairs,
        xLabel: "return in the embedded game", yLabel: "return in \(place)",
        range: scale))
    let heading = "The same games in \(place)"
    let shown = table.html(
      heading, caption: heading, isTall: false,
      series: { $0.trial.planned.variant })
    return Section(
      "transfers", heading,
      """
      <p class="lead">The final weights, trained in the embedded game, played their evaluation games \
      once more in \(place), with the same draws of skipped frames, sticky actions and choices. \
      \(sentence)</p>
      \(shown)<p class="fine">Difference: there minus embedded, game by game. Interval: 95\u{A0}% \
      percentile bootstrap of its mean over the games; it describes these weights, not other seeds. \
      \(HTML.links([link]))</p>
      \(figure)
      """)
  }

  /// How many of the games are the same in both places.
  var sentence: String {
    let games = rows.reduce(0) { $0 + $1.here.count }
    let equal = rows.reduce(0) { $0 + $1.equal }
    let amount =
      equal == games
      ? "All \(Numbers.whole(games))" : "\(Numbers.whole(equal)) of \(Numbers.whole(games))"
    return "\(amount) games have the same score and the same length in \(place) as here."
  }

  /// How often each pair of returns occurred.
  private var pairs: [Figure.Pair] {
    var counts: [[Double]: Int] = [:]
    for row in rows {
      for (x, y) in zip(row.here, row.there) { counts[[x, y], default: 0] += 1 }
    }
    return counts.map { (x: $0.key[0], y: $0.key[1], count: $0.value) }
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  private static var columns: [Column<Pairs>] {
    [
      Column(
        "Trial", "In the order of the plan",
        ["trial": { $0.trial.planned.id }, "seed": { $0.trial.planned.seed }]
      ) { rowHead($0.label, order: $0.trial.planned.number) },
      Column("Games", "Evaluation games played in both places", "games") { .count($0.here.count) },
      Column("Embedded", "Mean return in the embedded game", "embedded") { .score(mean($0.here)) },
      Column("There", "Mean return in the other environment", "there") { .score(mean($0.there)) },
      Column("Difference", "Mean over the games, there minus embedded", "difference") {
        .score($0.difference)
      },
      Column(
        "95\u{A0}% interval", "Bootstrap interval of the mean difference", "lower",
        more: ["upper": { exact($0.interval?.upper) }]
      ) { .interval($0.interval) },
      Column(
        "Equal games", "Games with the same return and number of decisions",
        more: ["equal": { $0.equal }]
      ) {
        Cell(
          text: "\(Numbers.whole($0.equal)) of \(Numbers.whole($0.here.count))",
          value: exact(Double($0.equal) / Double($0.here.count)))
      },
    ]
  }
}

extension Transfers.Pairs {
  /// Nil where the trial played nothing elsewhere with the weights of its evaluation.
  fileprivate init?(_ trial: TrialSummary, label: String, experiment: String) {
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
}
