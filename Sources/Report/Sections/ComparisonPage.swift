// SPDX-License-Identifier: MIT

import Diagnostics
package import ExperimentSpec
import ParameterSchema
import Plotting
import RunStore
import Statistics

/// Renders runs side by side into the folder `directory`, which it replaces as a whole.
///
/// - Parameters:
///   - runs: two or more.
///   - handedOut: the plan of a file that all were given; nil for none.
package func renderComparison(
  of runs: [ComparedRun], handedOut: Plan? = nil, to directory: String
) throws(ReportError) -> ComparisonSummary {
  let comparison = try ReportError.catching { try Comparison(runs, handedOut: handedOut) }
  let page = try rendered(to: directory, provenance: comparison.sides[0].run) { figures in
    (
      try comparison.page(figures), comparison.headline,
      comparison.sides.flatMap { side in Status(side.own).gaps.map { "\(side.name): \($0)" } }
    )
  }
  return ComparisonSummary(
    page: page, score: comparison.merged.scoreNoun, rows: comparison.rows,
    differences: comparison.differences)
}

extension Comparison {
  private var names: [String] { sides.map(\.name) }

  fileprivate func page(_ figures: FigureWriter) throws -> Page {
    let sections = [
      try differencesSection(figures), try .curves(merged, figures),
      try .scores(merged, figures, more: columns, tableName: "scores"), apart, configuration,
    ].compactMap { $0 }
    return Page(
      title: names.count < 5
        ? Wording.list(names) : "\(names[0]) and \(Numbers.whole(names.count - 1)) more",
      eyebrow: "<a href=\"../index.html\">All reports</a>",
      listed: Listing(state: "Comparison", headline: headline),
      lead: "",
      contents: Section.contents(sections),
      main: """
        <section id="answer" class="answer">
        <h2 class="visually-hidden">The answer</h2>
        <p class="headline">\(headline)</p>
        <div class="evidence">
        \(ForestPlot(merged)?.html)</div>
        \(HTML.list(support + figures.shortcomings, "support"))</section>
        \(sections.html { $0.html })
        """, script: Page.tableScript + Page.exploreScript)
  }

  // MARK: The answer

  /// The best of the one against the best of the other, of the two sides that have the best.
  fileprivate var headline: String {
    guard let (names, bests) = bests else {
      return "Fewer than two of them have a finished trial, so there is nothing to compare yet."
    }
    let bounds = bests.interval.map { [$0.lower, $0.upper] } ?? []
    let precision = Precision(
      bests.means + [bests.difference].compactMap { $0 } + bounds,
      widths: bests.interval.map { [$0.upper - $0.lower] } ?? [])
    let means = zip(bests.means, bests.counts).map { mean, seeds in
      Wording.score(mean, precision)
        + (bests.isPaired ? "" : " (\(Numbers.count(seeds, "seed")))")
    }
    let both =
      "the best of \(Wording.quoted(names[0])), \(Wording.quoted(bests.first.label)), has \(means[0]),"
      + " that of \(Wording.quoted(names[1])), \(Wording.quoted(bests.second.label)), \(means[1])"
    let lead =
      (sides.count > 2 ? "of \(Numbers.whole(sides.count)), these two score best: " : "")
      + (bests.isPaired
        ? "over the \(Numbers.whole(bests.counts[0])) seeds that both have finished, \(both)"
        : both)
    let text = Wording.capitalized(lead)
    guard let difference = bests.difference else { return text + "." }
    return text + ": a difference of \(Wording.score(difference, precision))"
      + (bests.interval.map { " (\(Wording.interval($0, precision)))" } ?? "") + "."
  }

  private var support: [String] {
    guard let (_, bests) = bests else { return [] }
    var sentences = [sides[0].run.scoreSentence]
    sentences += sides.filter { !$0.own.plan.score.isAlike(merged.plan.score) }.map { side in
      "\(Wording.quoted(side.name)) is judged by that too; its own score is the"
        + " \(side.own.scoreNoun)."
    }
    if bests.leavesSeedsOut {
      let all = [bests.first, bests.second].map {
        "\(Wording.score($0.mean)) (\(Numbers.count($0.coverage.used, "seed")))"
      }
      sentences.append("Over all their finished seeds the two have \(Wording.list(all)).")
    }
    if bests.isPaired {
      var text = "Equal seeds are pairs, since the root seeds are equal too."
      if let test = bests.test { text += " Sign-flip \(Numbers.pValue(test.pValue))." }
      if let won = bests.seedsWon {
        text += " \(Wording.quoted(bests.first.label)) is ahead in \(Wording.seedsWon(won))."
      }
      sentences.append(text)
      if bests.counts[0] < 6 { sentences.append("Fewer than 6 pairs decide nothing.") }
    } else {
      sentences.append(
        bests.isImported
          ? "Imported trials share no random numbers with others, so equal seeds are no pairs: the seeds"
            + " of either side are drawn by themselves."
          : bests.haveSameRoot
            ? "They have fewer than two finished seeds in common, so nothing is compared in pairs."
            : "The root seeds differ, so equal seed values share no random numbers and are no pairs:"
              + " the seeds of either side are drawn by themselves.")
    }
    return sentences + [
      "Both were picked as the best after looking at the scores; fresh seeds would show more."
    ]
  }

  // MARK: Sections

  /// What the table of scores has of each run.
  private var columns: [Column<VariantSummary>] {
    func texts(
      _ title: String, _ explanation: String, _ field: String, _ text: @escaping (Side) -> String?
    ) -> Column<VariantSummary>? {
      guard sides.contains(where: { text($0)?.isEmpty == false }) else { return nil }
      return Column(title, explanation, [field: { text(side($0)) ?? "" }]) {
        "<td class=\"whole\">\(text(side($0)) ?? "")</td>\n"
      }
    }
    return [
      texts("Author", "Who asked", "author", \.author),
      texts("Verdicts", "What became of its run’s claims", "verdicts") {
        Answer(run: $0.own).verdicts
      },
      texts("File", "How its file stands to the one that was handed out", "file", \.file),
    ].compactMap { $0 }
  }

  /// Variant by variant; nil where the headline says it all.
  private func differencesSection(_ figures: FigureWriter) throws -> Section? {
    typealias Row = ComparisonSummary.Difference
    guard differences.count + sides.count > 3 else { return nil }
    let precision = Precision(
      differences.flatMap { ($0.interval ?? []) + [$0.difference].compactMap { $0 } },
      widths: differences.compactMap { $0.interval.map { $0[1] - $0[0] } })
    let table = Table<Row>(
      columns: [
        Column("Variant", "Which variants are compared", ["variant": \.variant]) {
          "<th scope=\"row\">\($0.variant)</th>\n"
        },
        Column("Run", "The run", ["run": \.run]) { "<td class=\"whole\">\($0.run)</td>\n" },
        Column("Over", "What it is held against", ["over": \.over]) {
          "<td class=\"whole\">\($0.over)</td>\n"
        },
        Column("n", "Pairs of seeds, or the seeds of either side", "seeds") {
          Cell(text: $0.shownSeeds, value: "\($0.seeds[0])")
        },
        Column("Difference", "Mean of the run less that of the other", "difference") {
          .score($0.difference, precision)
        },
        Column(
          "95\u{A0}% interval", "Bootstrap interval of the difference", "lower",
          more: ["upper": { $0.interval?[1] }]
        ) { row in
          Cell(
            text: row.interval.map { precision.interval($0[0], $0[1]) } ?? Numbers.nothing,
            value: exact(row.interval?[0]), isWeak: row.interval == nil)
        },
        Column("Seeds won", "Pairs in which the run is ahead", "seedsWon") { row in
          row.seedsWon.map { .share($0, of: row.seeds[0]) } ?? .count(nil)
        },
        Column(
          "p", "Of the sign-flip test, after Holm’s correction over all rows", "adjustedP",
          more: ["p": \.pValue]
        ) {
          Cell(
            text: $0.adjustedP.map { Numbers.probability($0) } ?? Numbers.nothing,
            value: exact($0.adjustedP), isWeak: $0.adjustedP == nil)
        },
      ], rows: differences)
    let link = try figures.link(table.csv, "differences")
    let heading = "Variant by variant"
    return Section(
      "differences", heading,
      """
      <p class="lead">Each variant against that of the first run that has it; where no two runs have a \
      variant of one name, the best of each against the best of all. Equal seeds are pairs only of \
      runs of this program with one root seed.</p>
      \(table.html(heading, caption: heading, isTall: differences.count > 40))<p class="fine">\
      \(HTML.links([link]))</p>

      """)
  }

  /// What each run says by itself.
  private var apart: Section {
    let blocks = sides.html { side in
      """
      <div>
      <h3>\(side.name)</h3>
      <p>\(Answer(run: side.own).headline)</p>
      \(HTML.list(Status(side.own).gaps, "gaps"))\
      <pre class="command" tabindex="0"><code>\(side.run.plan.command)</code></pre>
      </div>

      """
    }
    return Section("apart", "Each by itself", "<div class=\"sides\">\n\(blocks)</div>\n")
  }

  /// Parameters in which the runs differ, each with its values over all variants.
  private var configuration: Section {
    let settings = Set(sides.flatMap(\.run.plan.paths)).sorted().compactMap { path -> HTML? in
      let texts = sides.map { $0.run.plan.values(at: path).joined(separator: ", ") }
      let cells = texts.html { "<td><code>\($0)</code></td>" }
      return Set(texts).count == 1
        ? nil : "<tr><th scope=\"row\"><code>\(path)</code></th>\(cells)</tr>\n"
    }
    let lead =
      settings.isEmpty
      ? "All ask for the same values of every parameter."
      : "Every parameter whose values are not the same in all, over all variants."
    let table = scrolled(
      "What differs", caption: "Parameters that differ",
      head: """
        <th scope="col">Parameter</th>\(names.html { "<th scope=\"col\">\($0)</th>" })
        """, body: settings.html { $0 })
    return Section(
      "configuration", "What differs",
      "<p class=\"lead\">\(lead)</p>\n\(table, if: !settings.isEmpty)")
  }
}

extension ComparisonSummary.Difference {
  /// `10 pairs`, or the seeds of either side: `5 and 3`.
  package var shownSeeds: String {
    isPaired ? Numbers.count(seeds[0], "pair") : "\(seeds[0]) and \(seeds[1])"
  }
}
