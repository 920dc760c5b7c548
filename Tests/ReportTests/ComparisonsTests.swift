// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Plotting
import Report
import RunStore
import Testing

@Suite("Comparisons and single games") struct ComparisonsTests {
  private func rows(_ report: RenderedReport, _ name: String) throws -> [[String: String]] {
    let lines = try report.text("data/\(name).csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private func number(_ text: String?) throws -> Double {
    try #require(text.flatMap { Double($0) })
  }

  @Test("Two variants have profiles and a matrix, and no effects")
  func list() throws {
    let report = try RenderedReport()
    let files = try report.files()
    #expect(files.contains("figures/profiles.svg") && files.contains("figures/improvement.png"))
    #expect(!files.contains("data/effects.csv") && !files.contains("data/importance.csv"))
    let matrix = try rows(report, "improvement")
    #expect(matrix.count == 2)
    let there = try number(matrix[0]["probability"])
    #expect(try abs(there + number(matrix[1]["probability"]) - 1) < 1e-9)
    #expect(matrix[0]["pairs"] == "3")
    let profile = try rows(report, "profiles").filter { $0["variant"] == "normalize episode" }
    let shares = try profile.map { try number($0["share"]) }
    #expect(shares.first == 1 && shares.last == 0)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(report.page.contains("id=\"comparisons\""))
  }

  @Test("A grid has the effects of its factors, from the scores in the table")
  func grid() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["off · none", "off · episode", "0.99 · none", "0.99 · episode"]
    recipe.sweep = .grid
    recipe.curve = { variant, share in -20 + [0.0, 4, 8, 20][variant] * share }
    let report = try RenderedReport(recipe)
    let scores = try rows(report, "scores").reduce(into: [String: Double]()) {
      $0[$1["variant"] ?? ""] = try number($1["mean"])
    }
    let cells = try recipe.labels.map { try #require(scores[$0]) }
    let effects = try rows(report, "effects").reduce(into: [String: [String: String]]()) {
      $0[$1["effect"] ?? ""] = $1
    }
    #expect(effects.count == 3)
    func estimate(_ name: String) throws -> Double { try number(effects[name]?["estimate"]) }
    #expect(
      abs(try estimate("discount 0.99") - (cells[2] + cells[3] - cells[0] - cells[1]) / 2) < 1e-4)
    #expect(
      abs(try estimate("normalize episode") - (cells[1] + cells[3] - cells[0] - cells[2]) / 2)
        < 1e-4)
    #expect(
      abs(
        try estimate("discount 0.99 × normalize episode")
          - (cells[3] - cells[2] - cells[1] + cells[0])) < 1e-4)
    #expect(effects["discount 0.99"]?["against"] == "off")
    #expect(effects["discount 0.99"]?["seeds"] == "3")
    #expect(!(try report.files()).contains("data/parallel.csv"))
  }

  @Test("Scattered points have importance and parallel coordinates, and no effects")
  func scattered() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = (0..<9).map { "draw \($0)" }
    recipe.sweep = .scattered
    recipe.episodes = 200
    recipe.seeds = [0, 1]
    recipe.hasPictures = false
    recipe.curve = { variant, share in -20 + 4 * Double(variant) * share }
    let report = try RenderedReport(recipe)
    let importance = try rows(report, "importance")
    #expect(
      importance.map { $0["parameter"] ?? "" } == [
        "optimizer.learningRate", "policy.hidden", "optimizer.kind",
      ])
    #expect(try number(importance[0]["share"]) > number(importance[0]["chance"]))
    #expect(importance[0]["draws"] == "9")
    #expect(try rows(report, "parallel").count == 9)
    #expect(!(try report.files()).contains("data/effects.csv"))
  }

  @Test("One variant is compared with none; its games are counted all the same")
  func single() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["the only one"]
    let report = try RenderedReport(recipe)
    #expect(!report.page.contains("id=\"comparisons\""))
    let games = try rows(report, "histogram-games")
    #expect(try games.map { try number($0["games"]) }.reduce(0, +) == 60)
    let rallies = try rows(report, "histogram-rallies")
    #expect(try rallies.map { try number($0["games"]) }.reduce(0, +) == 60)
    #expect(report.page.contains("Single rallies are not stored"))
  }

  @Test("By decision the mean goes on to the longest seed’s end, and ends with the final score")
  func byDecision() throws {
    let report = try RenderedReport()
    let table = try rows(report, "curves-decisions")
    let column = "normalize episode: mean of 3 seeds"
    let seeds = (0...2).map { "normalize episode: seed \($0)" }
    let known = table.filter { !($0[column] ?? "").isEmpty }
    let ended = known.filter { row in seeds.contains { (row[$0] ?? "").isEmpty } }
    #expect(!ended.isEmpty, "all seeds end together, so nothing is tried")
    let scores = try rows(report, "scores").first { $0["variant"] == "normalize episode" }
    #expect(try abs(number(known.last?[column]) - number(scores?["mean"])) < 1e-4)
  }

  @Test("Each measured column of the updates has a figure with its extremes, others none")
  func health() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.hasLineSearch = true
    let report = try RenderedReport(recipe)
    let files = try report.files()
    for name in ["kl", "entropy", "gradient", "step-fraction", "dead-units"] {
      #expect(files.contains("figures/health-\(name).svg"), "\(name)")
    }
    #expect(!files.contains("figures/health-weight-norm.svg"))
    let steps = try rows(report, "health-step-fraction")
    #expect(!steps.isEmpty)
    #expect(
      try steps.allSatisfy {
        try number($0["least"]) <= number($0["stepFraction"])
          && number($0["stepFraction"]) <= number($0["greatest"])
      })
  }

  @Test("Every PNG and SVG says where its numbers come from, as the page does")
  func provenance() throws {
    let report = try RenderedReport()
    var count = 0
    for name in try report.files() where name.hasSuffix(".png") {
      let file = try Data(Disk.read("\(report.directory)/\(name)"))
      for keyword in [
        "Software", "Source", "Experiment file, SHA-256", "Seeds", "Versions", "Commit", "Machine",
        "System", "Environment",
      ] {
        #expect(file.range(of: Data("Xt\(keyword)\0".utf8)) != nil, "\(name): \(keyword)")
      }
      count += 1
    }
    #expect(count > 10)
    let drawings = try report.files().filter { $0.hasSuffix(".svg") }
    #expect(drawings.count > 10)
    for name in drawings {
      let svg = try report.text(name)
      #expect(svg.contains("Machine: Imaginary 3000 @ 2.40GHz, 2 cores, avx2"), "\(name)")
      #expect(svg.contains("Seeds: 0 to 2"), "\(name)")
    }
  }

  @Test("Notes that were there before the data last changed are marked, newer ones are not")
  func olderNotes() throws {
    let scratch = try Scratch()
    let run = try SyntheticRun(in: "\(scratch.path)/runs")
    let directory = "\(scratch.path)/report"
    func page() throws -> String {
      _ = try renderReport(of: run.folder, to: directory, options: ReportOptions())
      return try String(contentsOfFile: "\(directory)/index.html", encoding: .utf8)
    }
    let mark = "Written before the data last changed"
    #expect(!(try page()).contains(mark))
    try run.folder.recordNotes(of: RunSnapshot(run.folder))
    #expect(!(try page()).contains(mark))
    // One trial is played further.
    let trial = run.folder.trial(run.plan.trials[0].id)
    var status = try #require(try trial.readStatus())
    status.decisions += 1
    try trial.writeStatus(status)
    try run.folder.recordNotes(of: RunSnapshot(run.folder))
    #expect(
      try page().contains(
        "\(mark): when `run` first saw these notes, 6 trials were finished; now 6 of 6 are."))
    // The author reads, and writes anew.
    var plan = run.plan
    plan.notes += " And that is all."
    try run.folder.writePlan(plan)
    try run.folder.recordNotes(of: RunSnapshot(run.folder))
    #expect(!(try page()).contains(mark))
  }
}
