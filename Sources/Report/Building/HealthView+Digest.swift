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
      let lines = Self.lines(digest, measure)
      guard lines.contains(where: { $0.y.contains { $0 != 0 && $0.isFinite } }) else { continue }
      figures.append(try Self.figure(measure, lines, press: &press))
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

  /// One variant's measure over training: over its seeds, at each point that all have.
  struct Line {
    let label: String
    let variant: Int
    let x: [Double]
    /// The mean over seeds.
    let y: [Double]
    /// What all updates of all seeds lie between; empty where each point is one value.
    var least: [Double] = []
    var greatest: [Double] = []
    let seeds: Int
  }

  private static func lines(_ digest: RunDigest, _ measure: UpdateTrace.Measure) -> [Line] {
    digest.variants.compactMap { variant in
      let runs = variant.trials.compactMap { trial -> (x: [Double], y: UpdateTrace.Course)? in
        guard !trial.state.isOver, trial.problem == nil else { return nil }
        return trial.updates.course(measure).map { (trial.updates.episodes, $0) }
      }
      // Seeds of one variant have their updates at the same episodes; one that stopped early has
      // its points elsewhere and waits until it is finished.
      guard let grid = runs.map(\.x).max(by: { ($0.last ?? 0) < ($1.last ?? 0) }) else {
        return nil
      }
      let members = runs.filter { $0.x == grid }.map(\.y)
      func over(_ path: KeyPath<UpdateTrace.Course, [Double]>, _ reduce: ([Double]) -> Double?)
        -> [Double]
      {
        grid.indices.map { index in
          reduce(members.map { $0[keyPath: path][index] }.filter(\.isFinite)) ?? .nan
        }
      }
      return Line(
        label: variant.label, variant: variant.variant.index, x: grid,
        y: over(\.mean) { Statistics.mean($0) }, least: over(\.least) { $0.min() },
        greatest: over(\.greatest) { $0.max() }, seeds: members.count)
    }
  }

  private static func figure(
    _ measure: UpdateTrace.Measure, _ lines: [Line], press: inout FigurePress
  ) throws(ReportError) -> FigureView {
    let words = MeasureWords(measure)
    // Powers of ten only where there are some: within one, the axis would have a single number.
    let values = lines.flatMap { $0.y + $0.least + $0.greatest }.filter(\.isFinite)
    let isWide = (values.min() ?? 0) > 0 && (values.max() ?? 0) >= 10 * (values.min() ?? 0)
    return try press.figure(
      "health-\(words.fileName)", caption: words.caption, width: 490, isNarrow: false,
      table: table(lines, header: measure.column), withPNG: false
    ) { theme, width in
      LineFigure(
        text: FigureText(title: words.title),
        series: lines.map {
          LineFigure.Series(
            label: $0.label, x: $0.x, y: $0.y, low: $0.least.isEmpty ? nil : $0.least,
            high: $0.greatest.isEmpty ? nil : $0.greatest, styleIndex: $0.variant)
        },
        xLabel: "training episode", yLabel: words.unit,
        yKind: isWide && words.isLogarithmic ? .logarithmic : .linear, yRange: words.range
      ).scene(theme: theme, width: width)
    }
  }

  /// Decisions per second of training, each variant's seeds together.
  private static func throughput(
    _ digest: RunDigest, press: inout FigurePress
  ) throws(ReportError) -> FigureView? {
    let lines = digest.variants.compactMap { variant -> Line? in
      let runs = variant.trials.filter { $0.trace.seconds.count > 1 }
      guard let longest = runs.max(by: { $0.episodeCount < $1.episodeCount }) else { return nil }
      let x = Array(longest.trace.episodes.dropFirst())
      let y = x.indices.map { index -> Double in
        let rates = runs.compactMap { run -> Double? in
          let (decisions, seconds) = (run.trace.decisions, run.trace.seconds)
          guard index + 1 < seconds.count, run.trace.episodes[index + 1] == x[index] else {
            return nil
          }
          let time = seconds[index + 1] - seconds[index]
          return time > 0 ? (decisions[index + 1] - decisions[index]) / time : nil
        }
        return Statistics.mean(rates) ?? .nan
      }
      return Line(
        label: variant.label, variant: variant.variant.index, x: x, y: y, seeds: runs.count)
    }
    guard lines.contains(where: { $0.y.contains(where: \.isFinite) }) else { return nil }
    return try press.figure(
      "health-throughput", caption: Wording.throughputCaption, width: 490, isNarrow: false,
      table: table(lines, header: "decisionsPerSecond"), withPNG: false
    ) { theme, width in
      LineFigure(
        text: FigureText(title: "Throughput"),
        series: lines.map {
          LineFigure.Series(label: $0.label, x: $0.x, y: $0.y, styleIndex: $0.variant)
        },
        xLabel: "training episode", yLabel: "decisions per second"
      ).scene(theme: theme, width: width)
    }
  }

  private static func table(_ lines: [Line], header: String) -> CSVTable {
    let hasBand = lines.contains { !$0.least.isEmpty }
    var table = CSVTable(
      ["variant", "episode", header] + (hasBand ? ["least", "greatest"] : []))
    for line in lines {
      for (index, x) in line.x.enumerated() {
        let band = hasBand ? [line.least, line.greatest].map { CSVTable.text($0[index]) } : []
        table.addRow([line.label, CSVTable.text(x), CSVTable.text(line.y[index])] + band)
      }
    }
    return table
  }
}
