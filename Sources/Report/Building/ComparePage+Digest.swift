// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Plotting
import Statistics

extension ComparePage {
  /// Variants of each side in the figures, best first.
  static let shown = 4

  /// A variant with the side that it is of and its colour.
  private struct Entry {
    let side: Int
    let summary: VariantSummary
    let style: Int
  }

  /// - Parameter names: of both sides, as they were given.
  init(
    _ a: RunDigest, _ b: RunDigest, names: [String], press: inout FigurePress
  ) throws(ReportError) {
    let digests = [a, b]
    let entries = Self.entries(digests)
    let shown = [0, 1].flatMap { side in
      entries.filter { $0.side == side }.prefix(Self.shown)
    }
    let bests = ComparedBests(a, b)
    let precision = Precision(scoresOf: entries.map(\.summary))
    let paths = Self.differences(a, b)
    try press.write(Self.table(entries, names).text, to: "data/scores.csv")
    self.init(
      title: "\(names[0]) and \(names[1])",
      headline: Wording.comparison(a, b, names: names, bests),
      support: Wording.comparisonSupport(a, bests),
      sides: zip(names, digests).map { name, digest in
        Side(
          name: name, title: name, headline: Wording.headline(digest),
          gaps: Wording.status(digest).gaps, command: ProvenanceView.command(digest.plan))
      },
      columns: Self.columns, rows: entries.enumerated().map { Self.row($1, $0, names, precision) },
      links: [LinkView(target: "data/scores.csv", text: "CSV")],
      scores: nil, curves: try Self.curves(shown, digests, names, press: &press),
      curvesLead: Wording.comparedCurves(Self.shown),
      settingsLead: Wording.comparedSettings(paths.count), firstName: names[0],
      secondName: names[1], settings: paths)
    scores = try Self.scores(shown, a, b, names, press: &press)
    support += press.shortcomings
    styleSheet = PageTemplates.styleSheet + ReportPage.colours()
    script = PageTemplates.tableScript
    securityPolicy = ReportPage.policy(style: styleSheet, script: script)
    icon = ReportPage.icon
  }

  func finished() throws(ReportError) -> String { try PageTemplates.rendered(self, "compare") }

  private static func entries(_ digests: [RunDigest]) -> [Entry] {
    var style = 0
    return digests.enumerated().flatMap { side, digest in
      TableSection.ordered(digest).map { summary in
        defer { style += 1 }
        return Entry(side: side, summary: summary, style: style)
      }
    }
  }

  private static let columns = [
    ColumnView(
      title: "Variant", explanation: "Best first, one side at a time", isNumber: false),
    ColumnView(title: "Of", explanation: "The experiment or trial", isNumber: false),
    ColumnView(title: "n", explanation: "Seeds that count, of those planned"),
    ColumnView(title: "Mean", explanation: "Mean score over seeds"),
    ColumnView(title: "95\u{A0}% interval", explanation: "Bootstrap interval of the mean"),
    ColumnView(title: "IQM", explanation: "Interquartile mean over seeds"),
    ColumnView(title: "Evaluation", explanation: "Mean return of the evaluation games"),
  ]

  private static func row(
    _ entry: Entry, _ order: Int, _ names: [String], _ precision: Precision
  ) -> Row {
    let summary = entry.summary
    return Row(
      side: names[entry.side], label: summary.label, order: order,
      seriesClass: seriesClass(entry.style),
      cells: [
        .coverage(summary.coverage), .score(summary.mean, precision),
        .interval(summary.interval, precision), .score(summary.interquartileMean, precision),
        .score(summary.evaluationMean, precision),
      ])
  }

  private static func table(_ entries: [Entry], _ names: [String]) -> CSVTable {
    var table = CSVTable([
      "of", "variant", "seeds", "planned", "mean", "lower", "upper", "iqm", "evaluationMean",
    ])
    for entry in entries {
      let summary = entry.summary
      table.addRow([
        names[entry.side], summary.label, "\(summary.coverage.used)",
        "\(summary.coverage.planned)", CSVTable.exact(summary.mean),
        CSVTable.exact(summary.interval?.lower), CSVTable.exact(summary.interval?.upper),
        CSVTable.exact(summary.interquartileMean), CSVTable.exact(summary.evaluationMean),
      ])
    }
    return table
  }

  /// Whether two scores are the same number of the same thing.
  static func isAlike(_ a: Plan.Score, _ b: Plan.Score) -> Bool {
    a.metric == b.metric && a.goal == b.goal && a.reduction == b.reduction
      && a.window == b.window && a.threshold == b.threshold
  }

  private static func curves(
    _ entries: [Entry], _ digests: [RunDigest], _ names: [String], press: inout FigurePress
  ) throws(ReportError) -> FigureView? {
    let series = digests.map { CurveSeries($0, axis: .episodes) }
    var table = CSVTable(["of", "variant", "episode", "mean", "lower", "upper"])
    var lines: [Line] = []
    for entry in entries {
      let side = series[entry.side]
      guard
        let line = side.lines.first(where: { $0.variant == entry.summary.variant.index }),
        line.hasData
      else { continue }
      for (index, x) in side.grid.enumerated() {
        table.addRow([
          names[entry.side], line.label, CSVTable.text(x), CSVTable.text(line.mean[index]),
          CSVTable.text(line.lower[index]), CSVTable.text(line.upper[index]),
        ])
      }
      lines.append(
        Line(
          label: "\(names[entry.side]): \(line.label)", x: side.grid, y: line.mean,
          low: line.members > 1 ? line.lower : nil, high: line.members > 1 ? line.upper : nil,
          runs: line.seeds.map { Line(x: side.grid, y: $0.values) },
          style: entry.style))
    }
    guard !lines.isEmpty else { return nil }
    let references = digests.allSatisfy { !$0.references.isEmpty } ? digests[0].references : []
    return try press.figure(
      "curves",
      caption: Wording.curveCaption(.episodes, stride: digests.map(\.curveStride).max() ?? 1),
      table: table
    ) {
      LineChart(
        .learning, lines: lines, xLabel: Wording.axisLabel(.episodes), yLabel: "return",
        references: references.map { ReferenceLine($0.name, $0.value) }
      )
    }
  }

  private static func scores(
    _ entries: [Entry], _ a: RunDigest, _ b: RunDigest, _ names: [String],
    press: inout FigurePress
  ) throws(ReportError) -> FigureView? {
    let drawn = entries.filter { $0.summary.scores.scores.contains(where: \.isFinite) }
    guard isAlike(a.plan.score, b.plan.score), !drawn.isEmpty else { return nil }
    return try press.figure(
      "scores", caption: Wording.scoresCaption, table: nil, tableName: "scores"
    ) {
      FinalScores(
        rows: drawn.map { entry in
          FinalScores.Row(
            label: "\(names[entry.side]): \(entry.summary.label)",
            scores: entry.summary.scores.scores,
            center: entry.summary.mean.flatMap { $0.isFinite ? $0 : nil },
            low: entry.summary.interval?.lower, high: entry.summary.interval?.upper,
            styleIndex: entry.style)
        }, xLabel: Wording.scoreNoun(a.plan.score, threshold: a.threshold), references: [],
        isOrdered: false
      )
    }
  }

  /// Parameters in which the sides differ, each with its values over all variants.
  private static func differences(_ a: RunDigest, _ b: RunDigest) -> [Setting] {
    let paths = Set([a, b].flatMap { ConfigurationView.paths($0.plan) })
    func values(_ digest: RunDigest, _ path: String) -> String {
      var seen: Set<String> = []
      let texts = digest.plan.variants
        .map { ConfigurationView.text($0.configuration[path: path]) }
        .filter { seen.insert($0).inserted }
      return texts.joined(separator: ", ")
    }
    return paths.sorted().compactMap { path in
      let (x, y) = (values(a, path), values(b, path))
      return x == y ? nil : Setting(path: path, first: x, second: y)
    }
  }
}
