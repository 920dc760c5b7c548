// SPDX-License-Identifier: MIT

import Plotting
import RunStore
import Statistics

extension CurvesView {
  /// Draws the learning curves over each axis that there are numbers for.
  init(_ digest: RunDigest, press: inout FigurePress) throws(ReportError) {
    let axes: [CurveAxis] =
      digest.includesTiming ? [.episodes, .decisions, .seconds] : [.episodes, .decisions]
    var tabs: [Tab] = []
    for axis in axes {
      let series = CurveSeries(digest, axis: axis)
      guard series.hasData else { continue }
      let figure = try press.figure(
        "curves-\(axis.rawValue)",
        caption: Wording.curveCaption(
          axis, stride: digest.curveStride, endsApart: series.endsApart)
          + Wording.drawn(digest.drawn),
        table: series.table,
        withPNG: axis == .episodes
      ) {
        Self.figure(series, digest)
      }
      tabs.append(
        Tab(
          key: axis.rawValue, title: Wording.axisTitle(axis), isFirst: tabs.isEmpty,
          figure: figure))
    }
    let hasUnfinished = digest.trials.contains { $0.state != .finished && $0.episodeCount > 0 }
    self.init(
      heading: "Learning curves",
      lead: tabs.isEmpty
        ? Wording.curvesMissing : Wording.curvesLead(digest, hasUnfinished: hasUnfinished),
      tabs: tabs)
  }

  private static func figure(_ series: CurveSeries, _ digest: RunDigest) -> LineChart {
    var lines = digest.drawn.indices.map { series.lines[$0] }.filter(\.hasData).map { line in
      let variant = digest.variants[line.variant]
      return Line(
        label: variant.hasFailed ? Wording.noneFinished(line.label) : line.label,
        x: series.grid, y: line.mean,
        low: line.members > 1 ? line.lower : nil, high: line.members > 1 ? line.upper : nil,
        runs: line.seeds.map { Line(x: series.grid, y: $0.values) },
        style: variant.style)
    }
    if digest.drawn.isPartial {
      let median = MedianLine(
        x: series.grid, columns: series.lines.filter(\.hasData).map(\.mean))
      lines.append(
        Line(
          label: Wording.medianLabel(digest.variants.count), x: median.x, y: median.middle,
          low: median.low, high: median.high, isBackground: true))
    }
    return LineChart(
      .learning, lines: lines,
      xLabel: Wording.axisLabel(series.axis), yLabel: "running mean of the return",
      xKind: series.axis == .seconds ? .duration : .linear,
      references: digest.references.map { ReferenceLine($0.name, $0.value) })
  }
}
