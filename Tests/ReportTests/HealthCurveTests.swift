// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import Report
import RunStore
import Testing

@Suite("Health curves over seeds") struct HealthCurveTests {
  /// The rows of a table in `data/`, by header.
  private func rows(_ report: RenderedReport, _ name: String) throws -> [[String: String]] {
    let lines = try report.text("data/\(name).csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  private func updates(_ report: RenderedReport, trial number: Int) throws -> [UpdateRecord] {
    let id = report.run.plan.trials[number - 1].id
    return try readCSV(UpdateRecord.self, at: report.run.folder.trial(id).updatesPath)
  }

  @Test("Seeds whose updates lie elsewhere are averaged all the same")
  func unequalGrids() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.lengths = [1: 600, 2: 450, 3: 300]
    let report = try RenderedReport(recipe)
    let first = try rows(report, "health-gradient").filter {
      $0["variant"] == recipe.labels[0]
    }
    #expect(first.allSatisfy { $0["seeds"] == "3" })
    let last = try #require(first.last)
    #expect(last["episode"] == "600")
    // Those that ended earlier count with their last update.
    let ends = try (1...3).map { number in
      try #require(try updates(report, trial: number).last?.gradientNorm)
    }
    let mean = try #require(last["gradientNorm"].flatMap(Double.init))
    #expect(abs(mean - ends.reduce(0, +) / 3) < 1e-4 * mean)
    // Half way, all three are at work.
    let middle = try #require(first.first { Double($0["episode"] ?? "") ?? 0 >= 290 })
    let place = try #require(Int(middle["episode"] ?? ""))
    let there = try (1...3).map { number in
      try #require(try updates(report, trial: number).last { $0.episode <= place }?.gradientNorm)
    }
    let found = try #require(middle["gradientNorm"].flatMap(Double.init))
    #expect(abs(found - there.reduce(0, +) / 3) < 1e-4 * found)
    #expect(report.page.contains("Line: mean over 3 seeds and neighbouring updates"))
    #expect(report.page.contains("A seed that has finished counts with its last value"))
  }

  @Test("No spike of any seed is lost from the band, whatever the grid")
  func spikes() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.lengths = [1: 2_400, 2: 300, 3: 130]
    recipe.episodes = 2_400
    recipe.update = { record, _, _ in
      if record.episode == 70 { record.gradientNorm = 999 }
    }
    let report = try RenderedReport(recipe)
    let greatest = try rows(report, "health-gradient").compactMap { Double($0["greatest"] ?? "") }
    #expect(greatest.max() == 999)
  }

  @Test("The caption tells how many seeds there are, and a failed one is none of them")
  func counts() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.states = [2: .failed]
    let report = try RenderedReport(recipe)
    #expect(report.page.contains("Line: mean over 2 to 3 seeds and neighbouring updates"))
    recipe.seeds = [0]
    recipe.states = [:]
    #expect(try RenderedReport(recipe).page.contains("Line: one seed, mean over neighbouring"))
  }

  @Test("Throughput is over all seeds too")
  func throughput() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.lengths = [1: 600, 2: 437, 3: 301]
    let report = try RenderedReport(recipe, options: ReportOptions())
    #expect(try rows(report, "health-throughput").allSatisfy { $0["seeds"] == "3" })
    #expect(report.page.contains("of wall time in training, games included. Mean over 3 seeds."))
  }

  @Test("A curve by episode ends where its longest seed does, with all seeds in its mean")
  func curveEnds() throws {
    var recipe = SyntheticRun.Recipe()
    // No multiple of what is kept.
    recipe.lengths = [1: 431, 2: 407, 3: 399, 4: 600, 5: 600, 6: 600]
    let report = try RenderedReport(recipe)
    let curve = try rows(report, "curves-episodes")
    let key = "\(recipe.labels[0]): mean of 3 seeds"
    let last = try #require(curve.last { !($0[key] ?? "").isEmpty })
    #expect(last["episodes"] == "431")
    #expect(report.page.contains("counts with its last value until the longest ends"))
  }

  @Test("The running mean begins when it is one, not with a single game")
  func firstPoint() throws {
    let report = try RenderedReport()
    let first = try #require(try rows(report, "curves-episodes").first)
    #expect(first["episodes"] == "10")
  }
}
