// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Report
import RunStore
import Testing

@Suite("A run that is not finished") struct UnfinishedRunTests {
  @Test("What runs, waits or failed is said, and only finished seeds count")
  func gaps() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.states = [2: .running, 3: .stopped, 4: .failed]
    recipe.pending = [6]
    let report = try RenderedReport(recipe)
    #expect(report.summary.headline.hasPrefix("So far, of 2 variants"))
    #expect(report.page.contains("Running</span> 2 of 6 trials finished"))
    #expect(report.summary.gaps.first?.hasPrefix("1 running, 1 stopped and 1 waiting.") == true)
    #expect(
      report.summary.gaps.contains(
        "“normalize none”, seed 0: failed: out of memory. Excluded: 1 of 3 seeds count."))
    #expect(report.page.contains("1 of 3"))
  }

  @Test(
    "Finished trials that ended before their score is taken are no failures, and it is said why")
  func noScore() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.spending = .init(episodes: 601)
    recipe.hypotheses = false
    let report = try RenderedReport(recipe)
    #expect(
      report.summary.headline == "No trial has a score, so there is no answer: see why above.")
    #expect(
      report.summary.gaps.first
        == "“normalize episode”, all 3 seeds: it ended before 601 episodes, at which"
        + " it would have its score. Excluded: 0 of 3 seeds count.")
    #expect(report.page.contains("no score: it ended before 601 episodes"))
    #expect(!report.page.contains("no seed finished"))
  }

  @Test("A score of more episodes than there are says that it is of all")
  func shortTraining() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.episodes = 60
    let page = try RenderedReport(recipe).page
    #expect(page.contains("last 100 training episodes, or of all where there are fewer."))
    #expect(try !RenderedReport().page.contains("or of all where there are fewer"))
  }

  @Test("Before the first trial there is a page that says so")
  func nothingYet() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.pending = Set(1...6)
    let report = try RenderedReport(recipe)
    #expect(report.summary.headline == "No trial has finished, so there is no answer yet.")
    #expect(!report.page.contains("id=\"replay\""))
    #expect(report.page.contains("No trial has finished an episode yet."))
  }

  @Test("A damaged file makes that trial unusable, not the report")
  func damagedTrial() throws {
    let scratch = try Scratch()
    let run = try SyntheticRun(in: scratch.path)
    let broken = run.folder.trial(run.plan.trials[0].id)
    try AtomicFile.write(Array("episode,nonsense\n1,2\n".utf8), to: broken.episodesPath)
    let summary = try renderReport(of: run.folder, to: "\(scratch.path)/report")
    #expect(summary.gaps.contains { $0.contains("seed 0") && $0.contains("episodes.csv") })
  }

  @Test("A render that fails leaves the old report and nothing else")
  func failure() throws {
    let report = try RenderedReport()
    try AtomicFile.write(Array("{".utf8), to: report.run.folder.planPath)
    #expect(throws: ReportError.self) {
      try renderReport(of: report.run.folder, to: report.directory)
    }
    #expect(try report.text("index.html") == report.page)
    #expect(try Disk.names(in: "\(report.scratch.path)/reports") == ["synthetic"])
  }

  @Test("A folder that is not a report is never replaced")
  func foreignFolder() throws {
    let report = try RenderedReport()
    let other = "\(report.scratch.path)/reports/mine"
    try Disk.makeFolder(other)
    try AtomicFile.write(Array("thesis".utf8), to: "\(other)/thesis.txt")
    #expect {
      try renderReport(of: report.run.folder, to: other)
    } throws: {
      ($0 as? ReportError)?.code == .foreignFolder
    }
    #expect(try Disk.names(in: other) == ["thesis.txt"])
  }

  @Test("Rendering again replaces the whole folder")
  func replaces() throws {
    let report = try RenderedReport()
    try AtomicFile.write([1], to: "\(report.directory)/figures/stale.png")
    _ = try renderReport(
      of: report.run.folder, to: report.directory, options: ReportOptions(includesTiming: false))
    #expect(!(try report.files()).contains("figures/stale.png"))
    #expect(try report.text("index.html") == report.page)
  }

  @Test("A collapsed entropy and a policy stuck at the bottom are said in words")
  func findings() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.curve = { _, _ in -40 }
    let stuck = try RenderedReport(recipe).page
    #expect(stuck.contains("Stuck at the bottom</span> “normalize episode”, all 3 seeds: the mean"))
    #expect(stuck.contains("worse than chance (−20.5)"))
    #expect(try RenderedReport().page.contains("No rule fired"))
  }
}
