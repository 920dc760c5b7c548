// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

extension TableSection {
  /// Draws the final scores and links the tables.
  init(scoresOf digest: RunDigest, press: inout FigurePress) throws(ReportError) {
    self.init(scoresOf: digest)
    let summary = "data/scores.csv"
    try press.write(Self.table(digest).text, to: summary)
    links = [LinkView(target: summary, text: "CSV")]
    guard digest.ranked.contains(where: { $0.scores.scores.contains(where: \.isFinite) }) else {
      return
    }
    figure = try press.figure(
      "scores", caption: Wording.scoresCaption, table: nil, tableName: "trials"
    ) {
      Self.drawing(digest)
    }
  }

  private static func drawing(_ digest: RunDigest) -> FinalScores {
    FinalScores(
      rows: ordered(digest).filter { $0.mean != nil }.map { summary in
        FinalScores.Row(
          label: summary.label, scores: summary.scores.scores,
          center: summary.mean.flatMap { $0.isFinite ? $0 : nil }, low: summary.interval?.lower,
          high: summary.interval?.upper, styleIndex: summary.style)
      },
      xLabel: Wording.scoreNoun(digest.plan.score, threshold: digest.threshold),
      references: digest.scoreIsReturn
        ? digest.references.map { ReferenceLine($0.name, $0.value) } : [],
      isOrdered: false)
  }
}

extension Wording {
  static let scoresCaption =
    "Every seed is a dot; the bar is the 95\u{A0}% bootstrap interval of the mean."
}
