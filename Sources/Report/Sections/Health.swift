// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

/// Gradient, step and entropy over training, and what in them is worth a sentence.
struct Health {
  private struct Finding {
    let rule: HealthRule
    let sentence: String
  }

  /// Sentences of one rule that are read; what is beyond is named in one.
  private static let mostSentences = 12

  private let run: RunSummary
  private let drawn: [HTML]
  /// What was the same all the time, with its value, by anchor.
  private let constant: [(anchor: String, text: String)]
  private let findings: [Finding]
  /// Figures of the page that a finding may link to.
  private let anchors: Set<String>

  /// Draws what the updates did and tries every rule; nil while nothing was recorded.
  init?(_ run: RunSummary, _ figures: FigureWriter) throws {
    guard run.trials.contains(where: { !$0.updates.episodes.isEmpty || $0.episodeCount > 0 })
    else { return nil }
    var drawn: [HTML] = []
    var constant: [(anchor: String, text: String)] = []
    for measure in TrainingMeasure.all {
      let lines = run.variants.compactMap { MeanLine($0, measure.column) }
      let values = lines.flatMap { $0.mean + $0.low + $0.high }.filter(\.isFinite)
      guard let least = values.min(), let most = values.max() else { continue }
      // Beside what is measured, less is rounding.
      if most - least <= 1e-8 * max(1, abs(most)) {
        if most != 0 {
          let text = "\(measure.title) (\(Numbers.text(most)))"
          constant.append(("figure-health-\(measure.fileName)", text))
        }
        continue
      }
      drawn.append(try Self.figure(measure, lines, run, figures))
    }
    let rates = run.includesTiming ? run.variants.compactMap { MeanLine(throughputOf: $0) } : []
    if rates.contains(where: { $0.mean.contains(where: \.isFinite) }) {
      drawn.append(try Self.figure(.throughput, rates, run, figures))
    }
    self.run = run
    (self.drawn, self.constant) = (drawn, constant)
    anchors = figures.ids.union(constant.map(\.anchor))
    findings = HealthRule.all.flatMap { rule in
      Self.sentences(rule, in: run).map { Finding(rule: rule, sentence: $0) }
    }
  }

  /// `Check how it learned: entropy collapse, stuck at the bottom`; nil where no rule fired.
  var findingsInShort: String? {
    let fired = Set(findings.map(\.rule.name))
    let names = HealthRule.all.map(\.name).filter(fired.contains)
      .map { $0.hasPrefix("KL") ? $0 : $0.lowercased() }
    return names.isEmpty ? nil : "Check how it learned: \(Wording.list(names))."
  }

  var section: Section {
    let items = findings.html { finding in
      let link = finding.rule.figures.map { "figure-\($0)" }.first(where: anchors.contains).map {
        " <a href=\"#\($0)\">See it over training</a>" as HTML
      }
      return """
        <li><span class="rule">\(finding.rule.name)</span> \(finding.sentence)\(link)</li>

        """
    }
    let quiet: HTML =
      "<p class=\"lead\">No rule fired: nothing about the training calls for a warning.</p>\n"
    let same: HTML? =
      constant.isEmpty
      ? nil
      : """
      <p class="fine">The same throughout, so not drawn:</p>
      <ul class="fine">
      \(constant.html { "<li id=\"\($0)\">\($1)</li>\n" })</ul>

      """
    let rules = HealthRule.all.html { "<dt>\($0.name)</dt><dd>\($0.meaning)</dd>\n" }
    return Section(
      "health", "Training health",
      """
      \(findings.isEmpty ? quiet : "<ul class=\"findings\">\n\(items)</ul>\n")\
      <div class="figures">
      \(drawn.html { $0 })</div>
      \(same)<details>
      <summary>The rules and their thresholds</summary>
      <dl class="rules">
      \(rules)</dl>
      </details>

      """)
  }

  // MARK: Figures

  private static func figure(
    _ measure: TrainingMeasure, _ lines: [MeanLine], _ run: RunSummary,
    _ figures: FigureWriter
  ) throws -> HTML {
    // Powers of ten only where there are some: within one, the axis would have a single number.
    let values = lines.flatMap { $0.mean + $0.low + $0.high }.filter(\.isFinite)
    let positive = values.filter { $0 > 0 }
    let isWide =
      positive.count * 2 > values.count && (positive.max() ?? 0) / 10 >= positive.min() ?? 0
    let own = Set(run.drawn.indices)
    let grid = evenGrid(lines.map(\.x))
    return try figures.figure(
      "health-\(measure.fileName)",
      caption: "\(measure.caption) \(members(lines))\(run.drawn.words)", width: 490,
      isNarrow: false,
      table: table(lines, header: measure.column), withPNG: false,
      Figure.chart(
        .measured, title: measure.title,
        lines: run.drawn.lines(
          lines.filter { own.contains($0.variant.variant.index) }, x: grid,
          columns: lines.map { heldValues(positions: $0.x, values: $0.mean, on: grid) },
          of: lines.count),
        xLabel: "training episode", yLabel: measure.unit,
        yKind: isWide && measure.isLogarithmic ? .logarithmic : .linear, yRange: measure.range))
  }

  /// What a line stands for.
  private static func members(_ lines: [MeanLine]) -> String {
    let (low, high) = (lines.map(\.members).min() ?? 0, lines.map(\.members).max() ?? 0)
    let seeds =
      low == high
      ? Numbers.count(low, "seed") : "\(Numbers.whole(low)) to \(Numbers.whole(high)) seeds"
    let hasBand = lines.contains { !$0.low.isEmpty }
    let text =
      switch (hasBand, high == 1) {
      case (true, true): "Line: one seed, mean over neighbouring updates"
      case (true, false): "Line: mean over \(seeds) and neighbouring updates"
      case (false, true): "One seed"
      case (false, false): "Mean over \(seeds)"
      }
    return text + (hasBand ? "; band: from the least to the greatest of them." : ".")
      + (lines.contains(where: \.isHeld)
        ? " A seed that has finished counts with its last value until the longest of its variant ends."
        : "")
  }

  private static func table(_ lines: [MeanLine], header: String) -> CSVTable {
    let hasBand = lines.contains { !$0.low.isEmpty }
    var table = CSVTable(
      ["variant", "episode", header] + (hasBand ? ["least", "greatest"] : []) + ["seeds"])
    for line in lines {
      for (index, x) in line.x.enumerated() {
        let band = hasBand ? [line.low[index], line.high[index]] : []
        table.add([line.variant.label, x, line.mean[index]] + band + [line.members])
      }
    }
    return table
  }

  // MARK: Findings

  /// A sentence for each variant in which a rule fires.
  private static func sentences(_ rule: HealthRule, in run: RunSummary) -> [String] {
    let found = run.variants.compactMap { variant in
      rule.sentence(variant, run).map { (label: variant.label, text: $0) }
    }
    guard found.count > mostSentences else { return found.map(\.text) }
    let rest = found.dropFirst(mostSentences - 1).map { Wording.quoted($0.label) }
    let named = rest.count > 6 ? Array(rest.prefix(5)) : rest
    let others = rest.count - named.count
    let all = named + (others > 0 ? [Numbers.count(others, "other")] : [])
    return found.prefix(mostSentences - 1).map(\.text)
      + ["\(Numbers.count(rest.count, "more variant")): \(Wording.list(all))."]
  }
}
