// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import RunStore
import Statistics

extension HealthView {
  /// Draws what the updates did and tries every rule; nil while nothing was recorded.
  ///
  /// - Parameter anchors: figures elsewhere on the page that findings may link to.
  init?(
    _ digest: RunDigest, anchors: Set<String>, press: inout FigurePress
  ) throws(ReportError) {
    guard digest.trials.contains(where: { $0.updates.updateCount > 0 || $0.episodeCount > 0 })
    else { return nil }
    var figures: [FigureView] = []
    for measure in UpdateTrace.Measure.all {
      let lines = digest.variants.compactMap { HealthLine($0, measure) }
      guard lines.contains(where: { $0.y.contains { $0 != 0 && $0.isFinite } }) else { continue }
      figures.append(try Self.figure(measure, lines, digest, press: &press))
    }
    if digest.includesTiming, let throughput = try Self.throughput(digest, press: &press) {
      figures.append(throughput)
    }
    self.init(
      heading: "Training health",
      findings: Finding.all(in: digest, anchors: anchors.union(figures.map(\.id))),
      quiet: Wording.quiet,
      figures: figures,
      rules: HealthRule.allCases.map { Rule(rule: $0.rawValue, meaning: $0.meaning) })
  }

  private static func figure(
    _ measure: UpdateTrace.Measure, _ lines: [HealthLine], _ digest: RunDigest,
    press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    let words = MeasureWords(measure)
    // Powers of ten only where there are some: within one, the axis would have a single number.
    let values = lines.flatMap { $0.y + $0.least + $0.greatest }.filter(\.isFinite)
    let positive = values.filter { $0 > 0 }
    let isWide =
      positive.count * 2 > values.count && (positive.max() ?? 0) / 10 >= positive.min() ?? 0
    return try press.figure(
      "health-\(words.fileName)",
      caption: words.caption + " " + Wording.healthLines(lines) + Wording.drawn(digest.drawn),
      width: 490, isNarrow: false, table: table(lines, header: measure.column), withPNG: false
    ) {
      LineChart(
        .measured, text: FigureText(title: words.title), lines: series(lines, digest),
        xLabel: "training episode", yLabel: words.unit,
        yKind: isWide && words.isLogarithmic ? .logarithmic : .linear, yRange: words.range
      )
    }
  }

  /// Decisions per second of training.
  private static func throughput(
    _ digest: RunDigest, press: inout FigurePress
  ) throws(ReportError) -> FigureView? {
    let lines = digest.variants.compactMap { HealthLine(throughputOf: $0) }
    guard lines.contains(where: { $0.y.contains(where: \.isFinite) }) else { return nil }
    return try press.figure(
      "health-throughput",
      caption: Wording.throughputCaption + " " + Wording.throughputLines(lines)
        + Wording.drawn(digest.drawn),
      width: 490, isNarrow: false, table: table(lines, header: "decisionsPerSecond"), withPNG: false
    ) {
      LineChart(
        .measured, text: FigureText(title: "Throughput"), lines: series(lines, digest),
        xLabel: "training episode", yLabel: "decisions per second"
      )
    }
  }

  /// The lines that are drawn, and one for all where some are not.
  private static func series(_ lines: [HealthLine], _ digest: RunDigest) -> [Line] {
    let drawn = Set(digest.drawn.indices)
    var series = lines.filter { drawn.contains($0.variant) }.map { line in
      let variant = digest.variants[line.variant]
      return Line(
        label: variant.hasFailed ? Wording.noneFinished(variant.label) : variant.label, x: line.x,
        y: line.y, low: line.least.isEmpty ? nil : line.least,
        high: line.greatest.isEmpty ? nil : line.greatest, style: variant.style)
    }
    if digest.drawn.isPartial {
      let grid = evenGrid(lines.map(\.x))
      let median = MedianLine(
        x: grid, columns: lines.map { heldValues(positions: $0.x, values: $0.y, on: grid) })
      series.append(
        Line(
          label: Wording.medianLabel(lines.count), x: grid, y: median.middle, low: median.low,
          high: median.high, isBackground: true))
    }
    return series
  }

  private static func table(_ lines: [HealthLine], header: String) -> CSVTable {
    let hasBand = lines.contains { !$0.least.isEmpty }
    var table = CSVTable(
      ["variant", "episode", header] + (hasBand ? ["least", "greatest"] : []) + ["seeds"])
    for line in lines {
      for (index, x) in line.x.enumerated() {
        let band = hasBand ? [line.least, line.greatest].map { CSVTable.text($0[index]) } : []
        table.addRow(
          [line.label, CSVTable.text(x), CSVTable.text(line.y[index])] + band + ["\(line.seeds)"])
      }
    }
    return table
  }
}
