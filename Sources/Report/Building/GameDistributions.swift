// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

/// The section of histograms: returns of single games, and how long rallies were.
struct GameDistributions {
  /// Rows that are drawn, the last of them the worst; the table has all.
  static let drawnRows = 12
  private static let bins = 28

  private let digest: RunDigest
  private let variants: [(summary: VariantSummary, games: [PlayedGames])]
  private let source: PlayedGames.Source

  init(_ digest: RunDigest) {
    self.digest = digest
    let known = digest.ranked.map { summary in
      (summary: summary, games: summary.counted.compactMap(\.games))
    }
    // One kind of game for all: those of the evaluation, if every trial has them.
    let hasAll = known.allSatisfy { $0.games.allSatisfy { $0.source == .evaluation } }
    source = hasAll ? .evaluation : .training
    variants =
      hasAll
      ? known
      : known.map { pair in
        (pair.summary, pair.summary.counted.compactMap(\.lastGames))
      }
  }

  /// Nil where no trial that counts has a game.
  func section(_ press: inout FigurePress) throws(ReportError) -> FiguresView? {
    let returns = variants.map { pair in pair.games.flatMap(\.returns).filter(\.isFinite) }
    guard returns.contains(where: { !$0.isEmpty }) else { return nil }
    var figures = [
      try figure(
        "games", title: "Returns of single games", values: returns, edges: returnEdges(returns),
        xLabel: "return per game",
        references: digest.references.map { ReferenceLine($0.name, $0.value) },
        caption: Wording.returnsCaption(source, of: variants.count), &press)
    ]
    if !digest.references.isEmpty {
      let rallies = variants.map { pair in pair.games.flatMap(\.decisionsPerPoint) }
      if rallies.contains(where: { !$0.isEmpty }) {
        figures.append(
          try figure(
            "rallies", title: "Length of the rallies", values: rallies,
            edges: edges(rallies.flatMap { $0 }), xLabel: "decisions per point, mean of a game",
            references: [], caption: Wording.ralliesCaption(source, of: variants.count), &press))
      }
    }
    return FiguresView(
      id: "games", heading: "Single games", lead: Wording.gamesLead(source), figures: figures,
      notes: [], links: [])
  }

  private func figure(
    _ id: String, title: String, values: [[Double]], edges: [Double], xLabel: String,
    references: [ReferenceLine], caption: String, _ press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    let range = (edges.first ?? 0)...(edges.last ?? 1)
    var table = CSVTable(["variant", "from", "to", "games"])
    let rows = zip(variants, values).map { pair, values in
      let counts =
        Histogram(values, bins: edges.count - 1, range: range)?.counts
        ?? Array(repeating: 0, count: edges.count - 1)
      for (bin, count) in counts.enumerated() {
        table.addRow([
          pair.summary.label, CSVTable.text(edges[bin]), CSVTable.text(edges[bin + 1]), "\(count)",
        ])
      }
      return HistogramRows.Row(
        label: pair.summary.label, counts: counts, mean: Statistics.mean(values) ?? .nan,
        styleIndex: pair.summary.style)
    }
    return try press.figure("histogram-\(id)", caption: caption, table: table) {
      HistogramRows(
        text: FigureText(title: title), rows: Self.drawn(rows), edges: edges,
        xLabel: xLabel, noun: "games", references: references
      )
    }
  }

  private static func drawn(_ rows: [HistogramRows.Row]) -> [HistogramRows.Row] {
    rows.count > drawnRows ? Array(rows.prefix(drawnRows - 1) + rows.suffix(1)) : rows
  }

  /// A bin for each whole number where returns are whole and few, as in Pong; else equal ones.
  private func returnEdges(_ returns: [[Double]]) -> [Double] {
    let all = returns.flatMap { $0 }
    let low = min(all.min() ?? 0, digest.references.isEmpty ? .infinity : -21)
    let high = max(all.max() ?? 1, digest.references.isEmpty ? -.infinity : 21)
    guard all.allSatisfy({ $0 == $0.rounded() }), high - low <= 60, abs(low) < 1e9 else {
      return edges(all)
    }
    return (0...Int(high - low) + 1).map { low - 0.5 + Double($0) }
  }

  private func edges(_ values: [Double]) -> [Double] {
    Histogram(values, bins: Self.bins)?.edges ?? [0, 1]
  }
}
