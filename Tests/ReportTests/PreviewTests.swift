// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Report
import Testing

@Suite("Preview") struct PreviewTests {
  /// Leaves a report to look at in the folder that the environment names.
  @Test(
    "A synthetic report is left to look at",
    .enabled(if: ProcessInfo.processInfo.environment["RALLYBOOK_PREVIEW"] != nil))
  func preview() throws {
    let place = try #require(ProcessInfo.processInfo.environment["RALLYBOOK_PREVIEW"])
    var recipe = SyntheticRun.Recipe()
    recipe.title = "Which matters more: discounting the returns or normalizing them?"
    recipe.labels = ["0.99 · episode", "off · episode", "0.99 · none", "off · none"].map {
      "discount \($0.replacing("· ", with: "· normalize "))"
    }
    recipe.curve = { variant, share in
      [-20.5 + 34 * share * share, -20.4 + 26 * share * share, -20.4 + 9 * share, -20.5][variant]
    }
    recipe.episodes = 2_000
    recipe.hasLineSearch = true
    recipe.sweep = .grid
    if ProcessInfo.processInfo.environment["RALLYBOOK_PREVIEW_SWEEP"] == "scattered" {
      recipe.sweep = .scattered
      recipe.labels = (0..<10).map { "learningRate \($0) · hidden 200 · kind adam" }
      recipe.seeds = Array(0..<10)
      recipe.curve = { variant, share in -20 + Double(variant * (12 - variant)) * share }
    }
    let report = try RenderedReport(recipe, options: ReportOptions(includesTiming: true))
    try? FileManager.default.removeItem(atPath: place)
    try FileManager.default.copyItem(atPath: report.directory, toPath: place)
  }
}
