// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Report
import RunStore
import Statistics
import Testing

/// One quantity has one number on a page, whichever way it is asked for.
@Suite("One quantity, one number") struct OneQuantityTests {
  private func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  /// A grid of two factors over `seeds`, with the claims that `hypotheses` makes of its four cells.
  private func grid(
    seeds: Int, _ scratch: Scratch, _ hypotheses: [Plan.Hypothesis]
  ) throws -> (page: String, file: (String) throws -> String) {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["off · none", "off · episode", "0.99 · none", "0.99 · episode"]
    recipe.sweep = .grid
    recipe.hasPictures = false
    recipe.episodes = 120
    recipe.seeds = Array(0..<seeds)
    recipe.curve = { variant, _ in -15 + [0.0, 1, 2, 4][variant] }
    recipe.offset = { variant, seed in Double((seed * (variant + 3)) % 7) * 0.9 }
    let run = try SyntheticRun(in: "\(scratch.path)/runs", recipe)
    var plan = run.plan
    plan.hypotheses = hypotheses
    try run.folder.writePlan(plan)
    let directory = "\(scratch.path)/report"
    _ = try renderReport(
      of: run.folder, to: directory, options: ReportOptions(includesTiming: false))
    func file(_ name: String) throws -> String {
      try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
    }
    return (try file("index.html"), file)
  }

  private func claim(
    _ name: String, _ measure: TwoSampleMeasure, _ atLeast: Double, _ pairs: [[Int]]
  ) -> Plan.Hypothesis {
    Plan.Hypothesis(
      claim: name, better: [:], than: [:], measure: measure, atLeast: atLeast, pairs: pairs)
  }

  /// The first interval behind `lead`, as the page prints it.
  private func interval(_ page: String, behind lead: String) throws -> [Double] {
    let text = try #require(page.components(separatedBy: lead).dropFirst().first)
    let numbers = text.prefix(400).replacing("−", with: "-").replacing(",", with: " ")
      .split { !"-.0123456789".contains($0) }.compactMap { Double($0) }
    // The estimate, 95 %, then the ends.
    return Array(numbers.dropFirst(2).prefix(2))
  }

  @Test("A claim over several pairs of variants and the main effect", arguments: [3, 7])
  func effect(seeds: Int) throws {
    let scratch = try Scratch()
    let made = try grid(
      seeds: seeds, scratch,
      [claim("Discounting helps", .difference, 0, [[2, 0], [3, 1]])])
    let effects = rows(try made.file("data/effects.csv"))
    let effect = try #require(effects.first { $0["effect"] == "discount 0.99" })
    let shown = try interval(made.page, behind: "Difference of means ")
    for (end, printed) in zip(["lower", "upper"], shown) {
      #expect(try abs(#require(effect[end].flatMap { Double($0) }) - printed) < 0.051)
    }
    #expect(shown.count == 2)
    for row in effects {
      let p = try #require(row["adjustedP"].flatMap { Double($0) })
      let low = try #require(row["lower"].flatMap { Double($0) })
      let high = try #require(row["upper"].flatMap { Double($0) })
      #expect(row["beyondChance"] == "\(p < 0.05 && (low > 0 || high < 0))")
    }
    // Three seeds decide nothing: no effect is filled, whatever its interval.
    if seeds == 3 { #expect(effects.allSatisfy { $0["beyondChance"] == "false" }) }
  }

  @Test(
    "A claim about the probability of improvement and its cell of the matrix", arguments: [4, 8])
  func improvement(seeds: Int) throws {
    let scratch = try Scratch()
    let made = try grid(
      seeds: seeds, scratch,
      [
        claim("One way", .probabilityOfImprovement, 0.5, [[2, 1]]),
        claim("The other", .probabilityOfImprovement, 0.5, [[1, 2]]),
      ])
    let cells = rows(try made.file("data/improvement.csv"))
    func cell(_ a: String, _ b: String) throws -> [Double] {
      let row = try #require(cells.first { $0["variant"] == a && $0["over"] == b })
      return ["lower", "upper"].compactMap { row[$0].flatMap { Double($0) } }
    }
    let names = ["0.99 · none", "off · episode"]
    let pages = made.page.components(separatedBy: "Probability of improvement ")
    #expect(pages.count > 2)
    for (index, pair) in [names, names.reversed()].enumerated() {
      let shown = try interval("x" + pages[index + 1], behind: "x")
      #expect(shown.count == 2)
      for (a, b) in zip(try cell(pair[0], pair[1]), shown) { #expect(abs(a - b) < 0.0051) }
    }
    let row = try #require(cells.first { $0["variant"] == names[0] && $0["over"] == names[1] })
    let won = try #require(row["seedsWon"])
    #expect(made.page.contains("is ahead in \(won) of \(seeds) seeds"))
  }

  @Test("An undecided claim says what is in the way and promises no seed")
  func undecided() throws {
    let scratch = try Scratch()
    let page = try grid(
      seeds: 8, scratch, [claim("Much better", .difference, 2.3, [[2, 0], [3, 1]])]
    ).page
    #expect(page.contains("The interval holds the claimed value"))
    #expect(!page.contains("or the test is not significant"))
    #expect(!page.contains("more seed"))
  }

  // MARK: Two runs

  private func run(
    _ scratch: Scratch, _ name: String, seeds: [Int], root: Int = 0, level: Double
  ) throws -> ComparedRun {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = ["the only one"]
    recipe.seeds = seeds
    recipe.hasPictures = false
    recipe.episodes = 120
    recipe.curve = { _, _ in level }
    recipe.offset = { _, seed in Double(seed) }
    let run = try SyntheticRun(in: "\(scratch.path)/\(name)", recipe)
    var plan = run.plan
    plan.rootSeed = root
    try run.folder.writePlan(plan)
    return ComparedRun(run: run.folder, name: name)
  }

  private func headline(_ a: ComparedRun, _ b: ComparedRun, _ scratch: Scratch) throws -> String {
    try renderComparison(of: [a, b], to: "\(scratch.path)/compare").page.headline
  }

  /// The two means and the difference of a headline.
  private func numbers(_ headline: String) -> [Double] {
    headline.replacing("−", with: "-").split { !"-.0123456789".contains($0) }
      .filter { $0.contains(".") && $0.count > 1 }.compactMap { Double($0) }
  }

  @Test("Two means and their difference are of the seeds that both runs have")
  func commonSeeds() throws {
    let scratch = try Scratch()
    let a = try run(scratch, "a", seeds: Array(0..<10), level: -10)
    let b = try run(scratch, "b", seeds: [0, 1, 2], level: -12)
    let text = try headline(a, b, scratch)
    #expect(text.hasPrefix("Over the 3 seeds that both have finished, the best of"))
    let found = numbers(text)
    #expect(found.count >= 3 && abs(found[0] - found[1] - found[2]) < 0.11, "\(text)")
    let page = try String(contentsOfFile: "\(scratch.path)/compare/index.html", encoding: .utf8)
    #expect(page.contains("(10 seeds)") && page.contains("(3 seeds)"))
    #expect(page.contains("is ahead in"))
  }

  @Test("Different root seeds make no pairs: each mean is of all its own seeds, named")
  func otherRoot() throws {
    let scratch = try Scratch()
    let a = try run(scratch, "a", seeds: Array(0..<6), level: -10)
    let b = try run(scratch, "b", seeds: [0, 1, 2, 3], root: 1, level: -12)
    let text = try headline(a, b, scratch)
    #expect(text.contains("(6 seeds)") && text.contains("(4 seeds)"), "\(text)")
    let found = numbers(text)
    #expect(found.count >= 3 && abs(found[0] - found[1] - found[2]) < 0.11, "\(text)")
    let page = try String(contentsOfFile: "\(scratch.path)/compare/index.html", encoding: .utf8)
    #expect(page.contains("The root seeds differ") && !page.contains("Sign-flip p"))
  }
}
