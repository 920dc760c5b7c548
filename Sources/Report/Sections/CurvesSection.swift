// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import RunStore

extension Section {
  /// The learning curves, one tab for each horizontal axis that there are numbers for.
  static func curves(_ run: RunSummary, _ figures: FigureWriter) throws -> Section {
    var tabs: [(axis: CurveAxis, figure: HTML)] = []
    for axis in CurveAxis.allCases
    where axis == .seconds ? run.includesTiming : axis != .episodes || !run.hasMeans {
      let series = CurveSeries(run, axis: axis)
      if series.lines.contains(where: \.hasSeeds) {
        tabs.append((axis, try figure(series, run, figures, isFirst: tabs.isEmpty)))
      }
    }
    if tabs.isEmpty {
      return Section(
        "curves", "Learning curves",
        "<p class=\"lead\">No trial has finished an episode yet.</p>\n")
    }
    let inputs = tabs.enumerated().html { index, tab in
      let key = tab.axis.rawValue
      return """
        <input type="radio" name="curve-axis" id="axis-\(key)"\(" checked", if: index == 0)>\
        <label for="axis-\(key)">\(tab.axis.title)</label>

        """
    }
    let panels = tabs.html { axis, figure in
      """
      <div class="panel panel-\(axis.rawValue)">
      <h3 class="panel-title">\(axis.title)</h3>
      \(figure)</div>

      """
    }
    let means =
      run.hasMeans ? " What another program wrote as means is drawn as it is." : ""
    let unfinished = run.trials.contains { $0.state != .finished && $0.episodeCount > 0 }
    let note =
      unfinished
      ? " Mean and band are over finished seeds where there are any; unfinished ones are only"
        + " drawn faintly." : ""
    let isShort = run.trials.contains {
      (1..<4 * LearningTrace.fewest).contains($0.episodeCount)
    }
    let short =
      isShort
      ? ", in a training of fewer than \(4 * LearningTrace.fewest) from a quarter of them on" : ""
    return Section(
      "curves", "Learning curves",
      """
      <p class="lead">Running mean of the return over the last \(TrialRecords.window) episodes; \
      at the beginning over as many as there are, from \(LearningTrace.fewest) on\(short). Each faint line \
      is a seed, the strong line their mean, the band its pointwise 95\u{A0}% bootstrap \
      interval.\(means)\(note)</p>
      <div class="tabs">
      <fieldset>
      <legend>Horizontal axis</legend>
      \(inputs)\(panels)</fieldset>
      </div>

      """)
  }

  private static func figure(
    _ series: CurveSeries, _ run: RunSummary, _ figures: FigureWriter, isFirst: Bool
  ) throws -> HTML {
    let known = series.lines.filter(\.hasSeeds)
    let drawn = run.drawn.indices.map { series.lines[$0] }.filter(\.hasSeeds)
    let isHeld = series.lines.contains(where: \.isHeld)
    let lines = run.drawn.lines(
      drawn, x: series.grid, columns: known.map(\.mean), of: run.variants.count)
    return try figures.figure(
      "curves-\(series.axis.rawValue)",
      caption: series.axis.caption(stride: run.curveStride, isHeld: isHeld) + run.drawn.words,
      table: series.table, withPNG: isFirst, explored: (lines, series.axis.label),
      Figure.chart(
        .learning, lines: lines, xLabel: series.axis.label, yLabel: "running mean of the return",
        xKind: series.axis == .seconds ? .duration : .linear, references: run.trainingReferences)
    )
  }
}

extension CurveAxis {
  fileprivate var title: String { "By \(self == .passes ? "pass" : rawValue.dropLast())" }

  /// What the axis counts.
  var label: String {
    switch self {
    case .episodes: "training episode"
    case .decisions: "decisions"
    case .passes: "passes"
    case .seconds: "wall time in training"
    }
  }

  /// - Parameters:
  ///   - stride: episodes between two points.
  ///   - isHeld: whether finished seeds end apart.
  func caption(stride: Int, isHeld: Bool) -> String {
    let held = " counts with its last value until the longest ends."
    switch self {
    case .episodes:
      return "By training episode, one game each"
        + (stride > 1 ? "; points at every \(Numbers.whole(stride)) episodes." : ".")
        + (isHeld ? " A seed that has finished" + held : "")
    case .decisions:
      return "By decision: what was learned for the same amount of play. Seeds play games of"
        + " different length; one that has finished" + held
    case .passes:
      return "By pass: what was learned for the same computing, on whatever machine. A pass is a"
        + " forward, backward or tangent pass of the policy over one decision, those of playing too;"
        + " a value network's count as their share. A seed that has finished" + held
    case .seconds:
      return "By second of wall time in training, as it was measured, in between interpolated by"
        + " decisions. A seed that has finished" + held
    }
  }
}
