// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import ParameterSchema
import Report
import RunStore
import Testing

@Suite("Scores by the values of parameters") struct ResponseTests {
  private func recipe(_ sweep: SyntheticRun.Recipe.Sweep, variants: Int) -> SyntheticRun.Recipe {
    var recipe = SyntheticRun.Recipe()
    recipe.sweep = sweep
    recipe.labels = (0..<variants).map { "variant \($0)" }
    recipe.episodes = 60
    recipe.hasPictures = false
    return recipe
  }

  @Test("A swept number has a figure of every seed's score at its value, zero included")
  func factor() throws {
    let report = try RenderedReport(recipe(.numeric, variants: 4))
    let rows = try report.text("data/response-optimizer-l2.csv").split(separator: "\n")
    #expect(rows[0] == "variant,optimizer.l2,mean,lower,upper,seed 0,seed 1,seed 2")
    #expect(
      rows.dropFirst().map { $0.split(separator: ",")[1] } == ["0", "0.001", "0.032", "1.024"])
    let scores = try report.text("data/scores.csv").split(separator: "\n").dropFirst()
    for row in rows.dropFirst() {
      let fields = row.split(separator: ",")
      let seeds = fields[5...].compactMap { Double($0) }
      let mean = seeds.reduce(0, +) / 3
      #expect(abs((Double(fields[2]) ?? .nan) - mean) < 1e-3)
      #expect(scores.contains { $0.hasPrefix("\(fields[0]),") })
    }
    #expect(report.page.contains("stands at the left end"))
    #expect(try report.text("figures/response-optimizer-l2.svg").contains("by optimizer.l2"))
  }

  @Test("A variant that has no number takes no place among those that have one")
  func withoutNumber() throws {
    let report = try RenderedReport(recipe(.numeric, variants: 5))
    var plan = report.run.plan
    plan.variants[4].differing = [Plan.Setting(path: "optimizer.l2", value: .null)]
    try report.run.folder.writePlan(plan)
    _ = try renderReport(of: report.run.folder, to: report.directory)
    let others = try RenderedReport(recipe(.numeric, variants: 4))
    let drawn = try [report, others].map {
      try $0.text("figures/response-optimizer-l2.svg").components(separatedBy: "</metadata>")[1]
    }
    #expect(drawn[0] == drawn[1])
    #expect(try report.text("index.html").contains("1 variant that differs otherwise is left out"))
  }

  @Test("Two variants, or values that are drawn together with others, have no such figure")
  func others() throws {
    #expect(
      try !RenderedReport(recipe(.numeric, variants: 2)).files().joined().contains("response-"))
    let report = try RenderedReport(recipe(.scattered, variants: 10))
    let files = try report.files()
    #expect(!files.joined().contains("response-"))
    // Each drawn parameter has a slice instead, a row a variant.
    for name in ["optimizer-learningRate", "policy-hidden", "optimizer-kind"] {
      #expect(files.contains("figures/slice-\(name).svg"))
      #expect(try report.text("data/slice-\(name).csv").split(separator: "\n").count == 11)
    }
  }

  @Test("What stays the same throughout is said in a sentence, not drawn")
  func constant() throws {
    var recipe = recipe(.list, variants: 2)
    recipe.update = { update, _, share in
      update.entropy = 0.5 + 1e-10 * share
      update.deadUnits = 0
    }
    let report = try RenderedReport(recipe)
    #expect(!(try report.files()).contains("figures/health-entropy.svg"))
    #expect(report.page.contains("The same throughout, so not drawn:"))
    #expect(report.page.contains("<li id=\"figure-health-entropy\">"))
    #expect(report.page.contains("(0.5)"))
  }
}
