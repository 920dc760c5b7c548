// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

extension Comparisons {
  /// The performance profiles.
  func profiles(_ press: inout FigurePress) throws(ReportError) -> FigureView {
    let domain = profileDomain
    let all = ranked.map { profile($0, over: domain) }
    let lines = Set(digest.drawn.indices)
    let drawn = zip(ranked, all).filter { lines.contains($0.0.variant.index) }.map(\.1)
    var table = CSVTable(["variant", "threshold", "share", "lower", "upper"])
    for line in all {
      for (index, threshold) in line.x.enumerated() {
        table.addRow([
          line.label, CSVTable.text(threshold), CSVTable.text(line.y[index]),
          CSVTable.text(line.low?[index]), CSVTable.text(line.high?[index]),
        ])
      }
    }
    let isMaximized = digest.goal == .maximize
    return try press.figure(
      "profiles",
      caption: Wording.profilesCaption(
        digest, drawn: drawn.count, of: all.count, isMaximized: isMaximized), table: table
    ) {
      LineChart(
        .profiles, text: FigureText(title: "Performance profiles"), lines: drawn, xLabel: scoreLabel,
        yLabel: Wording.profilesAxis(isMaximized: isMaximized), lowestFirst: !isMaximized
      )
    }
  }

  /// The game's own scale where it holds all scores, else what they cover.
  private var profileDomain: ClosedRange<Double> {
    let finite = ranked.flatMap { $0.scores.scores.filter(\.isFinite) }
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if let scale = digest.scale, scale.contains(low), scale.contains(high) { return scale }
    return roomyRange(low, high, room: 0.05)
  }

  private func profile(
    _ summary: VariantSummary, over domain: ClosedRange<Double>
  ) -> Line {
    let inner = Set(summary.scores.scores.filter { domain.contains($0) })
    let thresholds = Set([domain.lowerBound, domain.upperBound]).union(inner).sorted()
    let intervals = summary.scores.profileIntervals(
      at: thresholds, key: key("profile/variant \(summary.variant.index)"))
    let above = summary.scores.performanceProfile(at: thresholds) ?? thresholds.map { _ in .nan }
    // For scores that are to be small, the share at or below is what is not above.
    let isMaximized = digest.goal == .maximize
    func turned(_ share: Double) -> Double { isMaximized ? share : 1 - share }
    return Line(
      label: summary.label, x: thresholds, y: above.map(turned),
      low: intervals?.map { turned(isMaximized ? $0.lower : $0.upper) },
      high: intervals?.map { turned(isMaximized ? $0.upper : $0.lower) },
      style: summary.style, final: summary.mean.flatMap { $0.isFinite ? $0 : nil } ?? .nan)
  }
}
