// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import RunStore
import Statistics

/// The section of histograms: returns of single games, and how long rallies were.
struct GameDistributions {
  /// Rows that are drawn, the last of them the worst; the table has all.
  private static let drawnRows = 12
  private static let bins = 28

  private let run: RunSummary
  private let figures: FigureWriter
  private let isEvaluation: Bool
  /// Those with a score, best first, with the games of their trials.
  private let variants: [(summary: VariantSummary, games: [Games])]

  init(_ run: RunSummary, _ figures: FigureWriter) {
    self.run = run
    self.figures = figures
    // One kind of game for all: those of the evaluation, if every trial has them.
    let isEvaluation = run.ranked.allSatisfy { summary in
      summary.counted.compactMap(\.games).allSatisfy { $0.checkpoint != nil }
    }
    self.isEvaluation = isEvaluation
    variants = run.ranked.map { summary in
      (summary, summary.counted.compactMap { isEvaluation ? $0.games : $0.lastGames })
    }
  }

  /// Nil where no trial that counts has a game.
  func section() throws -> Section? {
    let returns = variants.map { pair in pair.games.flatMap(\.returns).filter(\.isFinite) }
    guard returns.contains(where: { !$0.isEmpty }) else { return nil }
    let height = "Height: share of the variant’s games; vertical line: their mean."
    var drawn = [
      try figure(
        "games", title: "Returns of single games", values: returns, edges: returnEdges(returns),
        xLabel: "return per game",
        references: isEvaluation ? run.references : run.trainingReferences, caption: height)
    ]
    let rallies = variants.map { pair in pair.games.flatMap(\.decisionsPerPoint) }
    if run.isPong, rallies.contains(where: { !$0.isEmpty }) {
      drawn.append(
        try figure(
          "rallies", title: "Length of the rallies", values: rallies,
          edges: edges(rallies.flatMap { $0 }), xLabel: "decisions per point, mean of a game",
          references: [],
          caption: "Decisions of a game over its points, 42 − |return|: the mean length of its"
            + " rallies, the pause before the serve included. Single rallies are not stored, and a"
            + " game cut off early counts as one with more points. " + height))
    }
    let source =
      isEvaluation
      ? "those that the final weights played in the evaluation"
      : "the last \(TrialRecords.window) of each training"
    return Section(
      "games", "Single games",
      """
      <p class="lead">The games behind the scores: \(source), all seeds of a variant together.</p>
      \(drawn.html { $0 })
      """)
  }

  private func figure(
    _ id: String, title: String, values: [[Double]], edges: [Double], xLabel: String,
    references: [ReferenceLine], caption: String
  ) throws -> HTML {
    let range = (edges.first ?? 0)...(edges.last ?? 1)
    var table = CSVTable(["variant", "from", "to", "games"])
    let rows = zip(variants, values).map { pair, values in
      let counts =
        Histogram(values, bins: edges.count - 1, range: range)?.counts
        ?? Array(repeating: 0, count: edges.count - 1)
      for (bin, count) in counts.enumerated() {
        table.add([pair.summary.label, edges[bin], edges[bin + 1], count])
      }
      return Figure.HistogramRow(
        pair.summary.label, counts, Statistics.mean(values) ?? .nan, pair.summary.style)
    }
    let isPartial = rows.count > Self.drawnRows
    let note =
      isPartial
      ? " Drawn: the \(Self.drawnRows - 1) best and the worst of \(Numbers.whole(rows.count))"
        + " variants; the CSV has all." : ""
    return try figures.figure(
      "histogram-\(id)", caption: caption + note, table: table,
      Figure.histograms(
        title: title,
        rows: isPartial ? rows.prefix(Self.drawnRows - 1) + rows.suffix(1) : rows, edges: edges,
        xLabel: xLabel, references: references))
  }

  /// A bin for each whole number where returns are whole and few, as in Pong; else equal ones.
  private func returnEdges(_ returns: [[Double]]) -> [Double] {
    let all = returns.flatMap { $0 }
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    guard all.allSatisfy({ $0 == $0.rounded() }), high - low <= 60, abs(low) < 1e9 else {
      return edges(all)
    }
    return (0...Int(high - low) + 1).map { low - 0.5 + Double($0) }
  }

  private func edges(_ values: [Double]) -> [Double] {
    Histogram(values, bins: Self.bins)?.edges ?? [0, 1]
  }
}
