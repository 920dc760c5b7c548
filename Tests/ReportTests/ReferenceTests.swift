// SPDX-License-Identifier: MIT

import ExperimentSpec
import Report
import Testing

@Suite("Scores of Pong to compare with") struct ReferenceTests {
  @Test(
    "Against the computer they hold of every game; in self-play of evaluation games alone",
    arguments: ["pong", "pong-two-player"], [Plan.Score.Metric.return, .evaluationReturn])
  func drawn(environment: String, metric: Plan.Score.Metric) throws {
    var recipe = SyntheticRun.Recipe()
    (recipe.environment, recipe.metric, recipe.hypotheses) = (environment, metric, false)
    let report = try RenderedReport(recipe)
    let isSelfPlay = environment == "pong-two-player"
    let ofTraining = isSelfPlay ? "even 0" : "parity 0"
    let curves = try report.text("figures/curves-episodes.svg")
    #expect(curves.contains(ofTraining) && curves.contains("human") == !isSelfPlay)
    // The names beside the answer's intervals.
    let ofScore = metric == .return ? ofTraining : "parity 0"
    for name in ["even 0", "parity 0"] {
      #expect(report.page.contains(">\(name)<") == (name == ofScore), "\(name)")
    }
    let isPlaced = report.summary.headline.contains("built-in")
    #expect(isPlaced == (!isSelfPlay || metric == .evaluationReturn), "\(report.summary.headline)")
    #expect(report.page.contains("parity (0)") == !isSelfPlay)
    #expect(report.page.contains("evaluation games against the computer") == isSelfPlay)
  }
}
