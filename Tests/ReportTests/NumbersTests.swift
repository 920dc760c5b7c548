// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import Report
import RunStore
import Statistics
import Testing

@Suite("Numbers") struct NumbersTests {
  @Test("The table of final scores is what the statistics say of the stored episodes")
  func scores() throws {
    let report = try RenderedReport()
    let rows = try report.text("data/scores.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for variant in report.run.plan.variants {
      var scores: [Double] = []
      for trial in report.run.plan.trials where trial.variant == variant.index {
        let path = report.run.folder.trial(trial.id).episodesPath
        let returns = try readCSV(EpisodeRecord.self, at: path).map(\.return)
        scores.append(try #require(mean(Array(returns.suffix(100)))))
      }
      let row = try #require(rows.first { $0[0] == variant.label })
      func number(_ column: String) -> Double? {
        rows[0].firstIndex(of: column).flatMap { Double(row[$0]) }
      }
      let matrix = ScoreMatrix(scores: scores)
      let interval = try #require(
        matrix.interval(
          of: .mean,
          key: ResamplingKey(
            experiment: report.run.plan.name, statistic: "final/variant \(variant.index)")))
      #expect(number("mean") == mean(scores))
      #expect(number("iqm") == interquartileMean(scores))
      #expect(number("lower") == interval.lower)
      #expect(number("upper") == interval.upper)
      #expect(number("best") == scores.max())
      #expect(number("worst") == scores.min())
      #expect(number("seeds") == 3)
      // The page sorts by what the CSV has: one list of columns makes both.
      for column in ["mean", "lower", "iqm", "best", "worst"] {
        let value = try #require(rows[0].firstIndex(of: column).map { row[$0] })
        #expect(report.page.contains("data-value=\"\(value)\""), "\(column)")
      }
    }
  }

  @Test("The curve's last point is the mean over seeds of the last 100 episodes")
  func curves() throws {
    let report = try RenderedReport()
    let lines = try report.text("data/curves-episodes.csv").split(separator: "\n")
    let header = lines[0].split(separator: ",")
    let last = lines[lines.count - 1].split(separator: ",").compactMap { Double($0) }
    #expect(last[0] == 600)
    #expect(header[1] == "normalize episode: mean of 3 seeds")
    let scores = try report.text("data/scores.csv").split(separator: "\n")[1].split(separator: ",")
    let mean = try #require(Double(scores[3]))
    #expect(abs(last[1] - mean) < 1e-4)
    #expect(abs(last[4...6].reduce(0, +) / 3 - mean) < 1e-4)
    #expect(lines.count < 500)
  }

  @Test("Where another variant ends, a curve lies between its own points")
  func ends() throws {
    var recipe = SyntheticRun.Recipe()
    // Points at every ten episodes; the first variant ends between two of them.
    recipe.episodes = 2_000
    recipe.lengths = [1: 605, 2: 605, 3: 605]
    let report = try RenderedReport(recipe)
    let rows = try report.text("data/curves-episodes.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rows[0].firstIndex { $0.hasPrefix("normalize none: mean") })
    func mean(_ episode: Int) throws -> Double {
      try #require(rows.first { $0[0] == "\(episode)" }.flatMap { Double($0[column]) })
    }
    let (before, here, after) = (try mean(600), try mean(605), try mean(610))
    #expect(before != after && abs(here - (before + after) / 2) < 1e-4)
  }

  @Test("Of two that a claim compares, nothing beside its verdict says that they are undecided")
  func rivals() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.curve = { _, share in -20 + 4 * share }
    recipe.hasPictures = false
    let claimed = try RenderedReport(recipe).page
    #expect(claimed.contains("what was claimed of them is judged seed by seed, above"))
    #expect(!claimed.contains("so their order is undecided"))
    recipe.hypotheses = false
    let plain = try RenderedReport(recipe).page
    #expect(plain.contains("so their order is undecided; a hypothesis in the experiment file"))
  }

  @Test("Without timing the same trials give the same bytes, and no file speaks of seconds")
  func sameBytes() throws {
    let report = try RenderedReport()
    let again = "\(report.scratch.path)/reports/again"
    _ = try renderReport(
      of: report.run.folder, to: again, options: ReportOptions(includesTiming: false))
    for name in try report.files() {
      #expect(
        try Disk.read("\(report.directory)/\(name)") == Disk.read("\(again)/\(name)"), "\(name)")
    }
    #expect(!report.page.contains("2026-11-24T06"))
    #expect(!(try report.files()).contains("figures/curves-seconds.svg"))
  }

  @Test("With timing there are seconds in curves, tables and provenance")
  func seconds() throws {
    let report = try RenderedReport(options: ReportOptions(includesTiming: true))
    #expect(try report.files().contains("figures/curves-seconds.svg"))
    #expect(report.page.contains("By second"))
    #expect(report.page.contains("2026-11-24T06:00:00Z"))
    #expect(try report.text("data/trials.csv").contains("wallSeconds"))
  }

  @Test("Where a curve begins is said as it is drawn, also of short trainings")
  func beginning() throws {
    var recipe = SyntheticRun.Recipe()
    for (episodes, first, isShort) in [(600, "10", false), (28, "7", true)] {
      recipe.episodes = episodes
      let report = try RenderedReport(recipe)
      let curve = try report.text("data/curves-episodes.csv").split(separator: "\n")[1]
      #expect(curve.hasPrefix("\(first),"), "\(curve)")
      let words = "in a training of fewer than 40 from a quarter of them on"
      #expect(report.page.contains(words) == isShort)
    }
  }

  @Test("A threshold that no seed reaches is shown as not reached, never as a number")
  func censored() throws {
    var recipe = SyntheticRun.Recipe()
    recipe.metric = .episodesToThreshold
    recipe.curve = { variant, share in variant == 0 ? -20 + 40 * share : -20 }
    let report = try RenderedReport(recipe)
    #expect(report.page.contains("not reached"))
    #expect(report.summary.headline.contains("“normalize episode” needs the fewest episodes"))
    #expect(try report.text("data/scores.csv").contains(",inf,"))
    recipe.curve = { _, _ in -20 }
    #expect(report.page.contains("did not reach the threshold with every seed."))
    #expect(!report.page.contains("There is no interval yet"))
    // They have no dot.
    #expect(report.page.contains("Every seed is a dot, but for "))
    let never = try RenderedReport(recipe)
    #expect(
      never.summary.headline
        == "No variant reached the threshold with every seed, so there are no means to rank.")
    // None of them is the best, and its seeds are known.
    for word in [
      "Its trained policies", "The best was picked", "nothing is known about the spread",
    ] {
      #expect(!never.page.contains(word), "\(word)")
    }
  }
}
