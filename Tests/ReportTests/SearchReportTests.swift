// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Report
import RunStore
import Testing

@testable import Search

extension SyntheticRun {
  /// A race of two variants of which the second lost after three seeds, with its winner on three fresh
  /// seeds.
  static func searched(in directory: String) throws -> RunFolder {
    var recipe = Recipe()
    recipe.hypotheses = false
    recipe.seeds = [0, 1, 2, 3, 4, 5]
    let run = try SyntheticRun(in: directory, recipe)
    var plan = run.plan
    plan.search = ["kind": "racing", "alpha": 0.05, "perRound": 2, "confirm": 3]
    plan.seeds = [0, 1, 2]
    plan.trials.removeAll { $0.variant == 1 && $0.seed > 2 }
    try run.folder.writePlan(plan)
    var record = SearchRecord(kind: "racing", state: .over, roundsAtMost: 2)
    let leader = SearchRecord.Entry(
      variant: 0, label: recipe.labels[0], mean: -3, scored: 3, asked: 3, isKept: true,
      reason: "leads")
    var loser = SearchRecord.Entry(
      variant: 1, label: recipe.labels[1], mean: -18, scored: 2, asked: 3, isKept: false,
      reason: "loses against the leader")
    (loser.difference, loser.lower, loser.upper) = (-15, -16, -14)
    (loser.pairs, loser.pValue, loser.adjustedP) = (2, 0.001, 0.012)
    record.rounds = [
      SearchRecord.Round(
        number: 1, trials: "2 variants × 3 seeds", leader: 0, entries: [leader, loser])
    ]
    record.winner = leader
    record.confirmation = SearchRecord.Confirmation(
      seeds: [3, 4, 5], mean: -2.5, lower: -3, upper: -2, scored: 3)
    try AtomicFile.write(record.encoded(), to: run.folder.searchPath)
    return run.folder
  }
}

@Suite("The report of a search") struct SearchReportTests {
  private func html(_ run: RunFolder, _ scratch: Scratch) throws -> String {
    let summary = try renderReport(of: run, to: "\(scratch.path)/report")
    return String(decoding: try Disk.read(summary.pagePath), as: UTF8.self)
  }

  @Test("It says what was dropped and why, and what fresh seeds say of the winner")
  func race() throws {
    let scratch = try Scratch()
    let page = try html(SyntheticRun.searched(in: scratch.path), scratch)
    #expect(page.contains("<section id=\"search\">"))
    #expect(page.contains("loses against the leader"))
    #expect(page.contains("[−16.0, −14.0]") && page.contains("2 of 3"))
    #expect(page.contains("On 3 fresh seeds (3 to 5), never used in the search, it scores −2.5"))
    // The fresh seeds are not mixed with those by which it was chosen.
    #expect(page.contains("3 seeds)"))
    #expect(page.contains("Of 2 variants that a search tried, “normalize episode” scores highest"))
  }

  @Test("A winner without fresh seeds is said not to be confirmed")
  func unconfirmed() throws {
    let scratch = try Scratch()
    let run = try SyntheticRun.searched(in: scratch.path)
    var record = try #require(SearchRecord(decoding: Disk.read(run.searchPath)))
    record.confirmation = nil
    try AtomicFile.write(record.encoded(), to: run.searchPath)
    #expect(try html(run, scratch).contains("It is not confirmed on fresh seeds"))
  }

  @Test("Without search.json the report says how to get it")
  func lost() throws {
    let scratch = try Scratch()
    let run = try SyntheticRun.searched(in: scratch.path)
    try AtomicFile.write([], to: run.searchPath)
    let page = try html(run, scratch)
    #expect(page.contains("is not stored here: `rallybook run` works it out again"))
    #expect(page.contains("Incomplete"))
  }
}
