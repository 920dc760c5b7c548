// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import ParameterSchema
import Report
import RunStore
import Statistics
import Testing

@Suite("Several runs are compared variant by variant")
struct ComparisonTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// A run of two variants, `a` and `b`, whose seeds differ by one point each.
  private func run(
    _ name: String, level: Double, labels: [String] = ["a", "b"], seeds: [Int] = Array(0..<6),
    _ change: (inout Plan) -> Void = { _ in }
  ) throws -> ComparedRun {
    var recipe = SyntheticRun.Recipe()
    recipe.labels = labels
    recipe.seeds = seeds
    recipe.hasPictures = false
    recipe.hypotheses = false
    recipe.episodes = 120
    recipe.curve = { variant, _ in level + Double(variant) }
    recipe.offset = { _, seed in Double(seed) }
    let run = try SyntheticRun(in: "\(scratch.path)/\(name)", recipe)
    var plan = run.plan
    plan.overrides = []
    change(&plan)
    try run.folder.writePlan(plan)
    return ComparedRun(run: run.folder, name: name)
  }

  private func compared(
    _ runs: [ComparedRun], handedOut: Plan? = nil
  ) throws -> (summary: ComparisonSummary, page: String) {
    let place = "\(scratch.path)/compare"
    let summary = try renderComparison(of: runs, handedOut: handedOut, to: place)
    return (summary, try String(contentsOfFile: "\(place)/index.html", encoding: .utf8))
  }

  @Test(
    "Each variant is held against that of the first run that has it, with its own seeds as pairs")
  func variants() throws {
    let runs = [
      try run("one", level: -10), try run("two", level: -8),
      try run("three", level: -12, labels: ["b", "c"]),
    ]
    let (summary, page) = try compared(runs)
    #expect(summary.rows.count == 6)
    // `three` draws its first variant one point lower than the others draw their second.
    #expect(summary.rows.prefix(2).map { "\($0.run) \($0.variant)" } == ["two b", "two a"])
    #expect(
      summary.differences.map { "\($0.variant): \($0.run) over \($0.over)" }
        == ["b: two over one", "b: three over one", "a: two over one"])
    let expected = [2.0, -3, 2]
    for (found, difference) in zip(summary.differences, expected) {
      #expect(found.isPaired && found.seeds == [6, 6])
      #expect(abs((found.difference ?? .nan) - difference) < 0.5)
      #expect(found.seedsWon == (difference > 0 ? 6 : 0))
    }
    // 2 of 2⁶ signs are as extreme, times three comparisons.
    #expect(summary.differences.allSatisfy { abs(($0.adjustedP ?? 0) - 3.0 / 32) < 1e-9 })
    #expect(summary.page.headline.hasPrefix("Of 3, these two score best: over the 6 seeds"))
    #expect(page.contains("Variant by variant") && page.contains("two: b"))
    #expect(page.contains("data-chart="))
  }

  @Test("Without a common variant the best of each is held against the best of all")
  func bests() throws {
    let runs = try ["x", "y", "z"].enumerated().map { place, label in
      try run(label, level: -10 + Double(place), labels: [label])
    }
    let found = try compared(runs).summary.differences
    #expect(found.map(\.variant) == ["y over z", "x over z"])
    #expect(found.map(\.over) == ["z", "z"])
  }

  @Test("Trials of other programs, and of another root seed, are never pairs")
  func apart() throws {
    let ours = try run("ours", level: -10)
    let foreign = try run("foreign", level: -9) { $0.imported = Plan.Imported(arguments: []) }
    let other = try run("other", level: -9) { $0.rootSeed = 1 }
    let (summary, page) = try compared([ours, foreign, other])
    #expect(summary.differences.count == 4)
    for found in summary.differences {
      #expect(!found.isPaired && found.pValue == nil && found.seedsWon == nil)
      #expect(found.seeds == [6, 6] && found.interval != nil)
    }
    #expect(page.contains("equal seeds are no pairs"))
  }

  @Test("All are judged by the score of the first, and the page says whose own is another")
  func scores() throws {
    let first = try run("first", level: -10)
    let second = try run("second", level: -10) { $0.score.reduction = .best }
    let (summary, page) = try compared([first, second])
    #expect(summary.differences.allSatisfy { abs($0.difference ?? .nan) < 1e-9 })
    #expect(page.contains("“second” is judged by that too; its own score is the best mean"))
  }

  @Test("What a run asks otherwise than the file that was handed out stands beside its scores")
  func handedOut() throws {
    let same = try run("same", level: -10)
    let words = try run("words", level: -10) {
      $0.experimentHash = "other"
      $0.notes = "I saw it learn."
      $0.about = Plan.About(author: "Bob")
    }
    let changed = try run("changed", level: -10, seeds: [0, 1]) { plan in
      plan.experimentHash = "another"
      plan.score.window = 50
      for place in plan.variants.indices {
        plan.variants[place].configuration[path: "returns.discount"] = 0.5
      }
    }
    let plan = try same.run.readPlan()
    let (summary, page) = try compared([same, words, changed], handedOut: plan)
    let files = Dictionary(summary.rows.map { ($0.run, $0.file) }) { first, _ in first }
    #expect(files["same"] == "the same")
    #expect(files["words"] == "the same but for words")
    #expect(files["changed"] == "changed: score, seeds, returns.discount")
    #expect(page.contains("<td class=\"whole\">Bob</td>"))
    #expect(try compared([same, words]).summary.rows.allSatisfy { $0.file == nil })
  }
}
