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
        "curves-\(axis.rawValue)", caption: Wording.curveCaption(axis, stride: digest.curveStride),
        table: series.table,
        withPNG: axis == .episodes
      ) { theme, width in
        Self.figure(series, digest).scene(theme: theme, width: width)
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

  private static func figure(_ series: CurveSeries, _ digest: RunDigest) -> LearningCurves {
    LearningCurves(
      series: series.lines.filter(\.hasData).map { line in
        LearningCurves.Series(
          label: line.label, x: series.grid, y: line.mean,
          low: line.members > 1 ? line.lower : nil, high: line.members > 1 ? line.upper : nil,
          runs: line.seeds.map { LearningCurves.Run(x: series.grid, y: $0.values) },
          styleIndex: line.variant)
      },
      xLabel: Wording.axisLabel(series.axis), yLabel: "running mean of the return",
      xKind: series.axis == .seconds ? .duration : .linear,
      references: digest.references.map { ReferenceLine($0.name, $0.value) })
  }
}
