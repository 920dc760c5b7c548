// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Search
import Statistics

extension Section {
  /// How the claims were decided look by look: the path of each estimate with its interval, and every
  /// difference behind it; nil for a run whose number of seeds was fixed.
  static func looks(_ run: RunSummary, _ figures: FigureWriter) throws -> Section? {
    guard run.plan.seedRange != nil else { return nil }
    guard let record = run.looks else {
      return Section(
        "looks", "Looks",
        "<p>What was decided is not stored here: `rallybook run` works it out again.</p>\n")
    }
    let rows = record.claims.enumerated().flatMap { place, claim in
      claim.looks.map { (place + 1, claim, $0) }
    }
    let table = Table(columns: columns(record), rows: rows)
    let link = try figures.link(table.csv, "looks")
    let shown = table.html(
      "Looks at the hypotheses", caption: "What each look found", isTall: true, style: " compact")
    let parts = try zip(record.claims, run.plan.hypotheses).enumerated().map { place, both in
      try figure(place + 1, both.0, both.1, figures)
    }
    let once = run.plan.hypotheses.enumerated().filter { $1.measure != .difference }
      .map { "hypothesis \($0.offset + 1)" }
    let exception =
      once.isEmpty
      ? ""
      : " \(Wording.capitalized(Wording.list(once))): looked at once, with an ordinary interval and p."
    return Section(
      "looks", "Looks",
      """
      <p class="lead">The seeds were trained until each hypothesis was decided: looks after \
      \(Wording.list(record.pairs.map { Numbers.whole($0) })) pairs of seeds. Intervals and p hold at \
      every look, however often one looks; they are wider than those of a number of seeds that was \
      fixed beforehand. An interval is not adjusted for the number of hypotheses; p is, by Holm.\(exception)</p>
      \(HTML.list(record.changes.map { "The plan changed \($0): the level of 5\u{A0}% is lost." }, "gaps"))\
      <div class="figures">
      \(parts.html { $0 })</div>
      \(shown)<p class="fine">\(HTML.links([link]))</p>

      """)
  }

  private static func figure(
    _ number: Int, _ claim: SequentialRecord.Claim, _ hypothesis: Plan.Hypothesis,
    _ figures: FigureWriter
  ) throws -> HTML {
    // What is looked at once has no path, and is no difference of scores.
    guard hypothesis.measure == .difference, claim.looks.contains(where: { $0.estimate != nil })
    else { return "" }
    func column(_ value: (SequentialRecord.Look) -> Double?) -> [Double] {
      claim.looks.map { value($0) ?? .nan }
    }
    let x = claim.looks.map { Double($0.pairs) }
    let seeds = claim.differences.indices.map { Double($0 + 1) }
    var csv = CSVTable(["pair", "difference", "estimate", "lower", "upper"])
    for (index, difference) in claim.differences.enumerated() {
      let look = claim.looks.first { $0.pairs == index + 1 }
      csv.add([index + 1, difference, look?.estimate, look?.lower, look?.upper])
    }
    let margins = hypothesis.measure == .difference ? hypothesis.margin.values : []
    let differences = claim.differences.map { $0 ?? .nan }
    let shown = (margins + differences + column(\.lower) + column(\.upper)).filter(\.isFinite)
    let (least, greatest) = (shown.min() ?? 0, shown.max() ?? 0)
    let edge = 0.04 * (greatest - least)
    return try figures.figure(
      "looks-\(number)",
      caption:
        "Hypothesis \(number): \(claim.claim). The estimate after each look with the interval"
        + " that holds at every look; dots: the difference in each single pair.",
      width: 490, table: csv, withPNG: false,
      Figure.chart(
        .looks,
        lines: [
          Line(
            label: "estimate", x: x, y: column(\.estimate), low: column(\.lower),
            high: column(\.upper), runs: [Line(x: seeds, y: differences)])
        ], xLabel: "pairs of seeds", yLabel: "difference of the scores",
        yRange: edge > 0 ? (least - edge)...(greatest + edge) : nil,
        references: margins.map { ReferenceLine("claimed", $0) }))
  }

  private typealias Row = (number: Int, claim: SequentialRecord.Claim, look: SequentialRecord.Look)

  private static func columns(_ record: SequentialRecord) -> [Column<Row>] {
    let plan = LookPlan(pairs: record.pairs, most: record.most)
    return [
      Column("Hypothesis", "Hypothesis, in the order of the file", "hypothesis", isHead: true) {
        .count($0.number)
      },
      Column(
        "Pairs", "Pairs of seeds with a score on both sides", "pairs",
        more: ["seeds": { $0.look.seeds }]
      ) { .count($0.look.pairs) },
      Column(
        "Level spent", "Share of the level that looks have used by then", "spent"
      ) { .fixed(plan.spent(by: $0.look.pairs), decimals: 2) },
      Column("Estimate", "Of the hypothesis's measure", "estimate") { row in
        let text = row.look.estimate.map { estimate in
          guard let low = row.look.lower, let high = row.look.upper else {
            return Numbers.score(estimate)
          }
          return Precision([estimate, low, high], widths: [high - low]).text(estimate)
        }
        return Cell(text: text ?? Numbers.nothing, value: exact(row.look.estimate))
      },
      Column(
        "95\u{A0}% interval", "Of a difference it holds at every look", "lower",
        more: ["upper": { exact($0.look.upper) }, "p": { exact($0.look.pValue) }]
      ) { row in
        let bounds = row.look.lower.flatMap { low in
          row.look.upper.map { Numbers.interval(low, $0) }
        }
        return Cell(
          text: bounds ?? "none", value: exact(row.look.lower), isWeak: bounds == nil)
      },
      Column("p", "After Holm over the hypotheses; of a difference the sequential p", "adjustedP") {
        Cell(text: Numbers.probability($0.look.adjustedP), value: exact($0.look.adjustedP))
      },
    ]
  }
}
