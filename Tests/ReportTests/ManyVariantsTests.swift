// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import Report
import RunStore
import Testing

@Suite("Runs that figures were not made for") struct ManyVariantsTests {
  private func recipe(variants: Int, seeds: [Int] = [0]) -> SyntheticRun.Recipe {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = (0..<variants).map { "variant number \($0)" }
    recipe.seeds = seeds
    recipe.episodes = 20
    recipe.hypotheses = false
    recipe.hasPictures = false
    recipe.curve = { variant, share in -20 + Double(variant % 37) * share }
    return recipe
  }

  private func count(_ text: String, _ part: String) -> Int {
    text.components(separatedBy: part).count - 1
  }

  @Test(
    "Any number of variants has a report with all of them in table and CSV",
    arguments: [216, 1_000])
  func many(_ variants: Int) throws {
    let report = try RenderedReport(recipe(variants: variants))
    #expect(!report.page.contains("could not be drawn"))
    #expect(try report.text("data/scores.csv").split(separator: "\n").count == variants + 1)
    let scores = try #require(report.page.range(of: "<section id=\"scores\">"))
    let section = report.page[scores.lowerBound...].prefix { _ in true }
      .components(separatedBy: "</section>")[0]
    #expect(count(section, "<th scope=\"row\"") == variants)
    #expect(section.contains("figures/scores.svg"))
    let words = variants == 216 ? "Of 216 variants" : "Of 1,000 variants"
    #expect(report.page.contains("\(words) the 8 best and the worst by score have a line"))
    #expect(try report.text("figures/curves-episodes.svg").count < 400_000)
    let isCut = variants > 500
    #expect(report.page.contains("Shown are 500 of 1,000, those without a score before") == isCut)
    #expect(report.page.contains("Shown are the first 200; the table of final scores names"))
    #expect(try report.text("data/trials.csv").split(separator: "\n").count == variants + 1)
    let trials = report.page.components(separatedBy: "<section id=\"trials\">").last ?? ""
    let rows = trials.components(separatedBy: "</section>")[0]
    #expect(count(rows, "<th scope=\"row\"") == (isCut ? 500 : variants))
  }

  @Test("Scattered sweeps too")
  func scattered() throws {
    var recipe = recipe(variants: 300)
    recipe.sweep = .scattered
    recipe.labels = recipe.labels.map { _ in "draw" }.enumerated().map { "\($1) \($0)" }
    let report = try RenderedReport(recipe)
    #expect(!report.page.contains("could not be drawn"))
    #expect(report.page.contains("id=\"figure-parallel\""))
  }

  @Test("A variant of which no seed finished has a row that says why", arguments: [false, true])
  func allFailed(_ everywhere: Bool) throws {
    var recipe = SyntheticRun.Recipe()
    recipe.message = "the loss became NaN at update 3"
    for number in 1...(everywhere ? 6 : 3) { recipe.states[number] = .failed }
    let report = try RenderedReport(recipe)
    #expect(
      count(report.page, "no seed finished: the loss became NaN at update 3")
        == (everywhere ? 2 : 1))
    #expect(
      report.summary.gaps.contains(
        "“normalize episode”, all 3 seeds: failed: the loss became NaN at update 3. Excluded: 0 of"
          + " 3 seeds count."))
    #expect(report.page.contains("figures/curves-episodes.svg"))
    if everywhere {
      #expect(report.summary.headline.hasPrefix("No trial finished, so there is no answer"))
    }
    let side = ComparedRun(run: report.run.folder, name: "all")
    let one = ComparedRun(
      run: report.run.folder, name: "one", trials: [report.run.plan.trials[0].id])
    for other in [side, one] {
      _ = try renderComparison(of: [side, other], to: "\(report.scratch.path)/compared")
    }
  }

  @Test("A figure that cannot be drawn costs that figure, and the page says so")
  func undrawable() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.tensors = { _ in
      [
        Tensor(
          name: "policy.w1", shape: [4_000, 1, 2, 2], values: .init(repeating: 1, count: 16_000)),
        Tensor(name: "policy.w2", shape: [1, 4_000], values: .init(repeating: 1, count: 4_000)),
      ]
    }
    let report = try RenderedReport(recipe)
    #expect(report.page.contains("<p class=\"missing\">This figure could not be drawn"))
    #expect(report.summary.gaps.contains { $0.contains("“filters” could not be drawn") })
    #expect(report.page.contains("data/filters.csv"))
    #expect(try !report.files().contains("figures/filters.png"))
    #expect(try report.files().contains("figures/scores.svg"))
  }

  @Test("A report of extreme returns is rendered", arguments: [1e300, -1e300, 1e308])
  func extreme(_ size: Double) throws {
    let report = try RenderedReport()
    for (place, trial) in report.run.plan.trials.enumerated() {
      let path = report.run.folder.trial(trial.id).episodesPath
      var text = EpisodeRecord.headerLine
      for episode in 1...60 {
        text +=
          EpisodeRecord(
            episode: episode, decisions: episode * 10, frames: episode * 10,
            return: place == 0 && episode % 2 == 0 ? -size : size, length: 10
          ).line
      }
      try AtomicFile.write(Array(text.utf8), to: path)
    }
    let summary = try renderReport(of: report.run.folder, to: report.directory)
    #expect(summary.gaps.allSatisfy { !$0.contains("drawn") })
  }

  @Test("A label in a script that no font has is told")
  func missingLetters() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["normal", "strange \u{10FFFD}"]
    let report = try RenderedReport(recipe)
    #expect(report.summary.gaps.contains { $0.hasPrefix("No font of this machine has \u{10FFFD}") })
  }
}
