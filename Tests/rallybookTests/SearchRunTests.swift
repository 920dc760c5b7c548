// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Searches with real trials: a pole on a cart, learned by a small network.
@Suite("A search", .serialized)
struct SearchRunTests {
  private static let sweep = """
    "sweep": { "random": { "trials": 6, "set": {
      "optimizer.learningRate": { "min": 0.0001, "max": 0.1, "scale": "log" } } } }
    """

  private func file(_ search: String, seeds: Int = 2, sweep: String = Self.sweep) -> String {
    """
    {
      "base": {
        "environment": { "id": "cartpole" },
        "policy": { "hidden": [8] },
        "algorithm": { "episodesPerUpdate": 5 },
        "training": { "episodes": 90, "checkpointEvery": 20 },
        "evaluation": { "episodes": 2 }
      },
      \(sweep), "seeds": \(seeds),
      "score": { "goal": "maximize", "window": 20 },
      "search": \(search)
    }
    """
  }

  private let halving =
    #"{ "kind": "halving", "rungs": [10, 30], "confirm": 3, "reference": { "optimizer.learningRate": 0.001 } }"#
  private let proposals = #"{ "kind": "tpe", "startup": 3, "perRound": 2, "confirm": 2 }"#

  /// `search.json` and every record of every trial.
  private func everything(_ program: Program, runs: String = "runs") throws -> [String: Data] {
    var found = try program.records("small", runs: runs)
    found["search.json"] = try Data(
      contentsOf: program.folder.appendingPathComponent("\(runs)/small/search.json"))
    return found
  }

  private func expectSame(
    _ found: [String: Data], _ expected: [String: Data], _ words: String
  ) {
    #expect(Set(found.keys) == Set(expected.keys), "\(words)")
    for (file, bytes) in expected where found[file] != bytes {
      Issue.record("\(words): \(file) differs")
    }
  }

  @Test("Halving trains 6, then 2, then 1, each from where it stood; the winner on fresh seeds")
  func halves() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file(halving))
    let plan = try program.run("plan", "experiments/small.json")
    #expect(
      plan.output.contains(
        "round 1: 6 variants × 2 seeds, to 10 episodes; then the best 2 train on"),
      "\(plan.output)\(plan.error)")
    let run = try program.run("run", "experiments/small.json", "--jobs", "2")
    #expect(run.status == 0, "\(run.error)")
    #expect(
      run.error.contains("small, round 2 of 3: 16 trials · 12 already done · 4 to run"),
      "\(run.error)")
    #expect(run.error.contains("winner: learningRate"), "\(run.error)")
    #expect(run.error.contains("on 3 fresh seeds (2 to 4): "), "\(run.error)")
    #expect(try program.trialFolders("small").count == 12 + 4 + 2 + 6)
    // A survivor's trial is the one that is trained so long at once.
    let whole = try program.run(
      "run", "experiments/whole.json", "--no-report")
    #expect(whole.status == 2)
    try program.write(
      "plain",
      file(halving).replacing("\"search\"", with: "\"cluster\": {}, \"notes\": \"\", \"question\"")
        .replacing(halving, with: "\"\""))
    let plain = try program.run("run", "experiments/plain.json", "--no-report")
    #expect(plain.status == 0, "\(plain.error)")
    let (searched, trained) = (try program.records("small"), try program.records("plain"))
    let shared = trained.filter { searched[$0.key] != nil }
    #expect(shared.keys.contains { $0.hasSuffix("episodes.csv") })
    for (file, bytes) in shared { #expect(searched[file] == bytes, "\(file)") }
    let again = try program.run("run", "experiments/small.json")
    #expect(again.status == 0 && again.error.contains("nothing to run"), "\(again.error)")
    let status = try program.run("status", "small")
    #expect(
      status.output.contains("round 2 (2 variants × 2 seeds, to 30 episodes)"), "\(status.output)")
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/small/index.html"),
      encoding: .utf8)
    #expect(page.contains("<section id=\"search\">"))
    #expect(page.contains("never used in the search"))
  }

  @Test(
    "On one job or two, and after any kill of the runner, a search decides the same",
    arguments: [true, false])
  func killed(isHalving: Bool) throws {
    let text = file(isHalving ? halving : proposals)
    let program = try Program()
    defer { program.remove() }
    try program.write("small", text)
    let start = ContinuousClock.now
    let whole = try program.run(
      "run", "experiments/small.json", "--no-report", "--jobs", "1", "--runs", "whole")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(whole.status == 0, "\(whole.error)")
    let expected = try everything(program, runs: "whole")
    var torture = Torture(seed: isHalving ? 11 : 12)
    var kills = 0
    for _ in 0..<3 {
      let child = try program.start(["run", "experiments/small.json", "--no-report", "--jobs", "2"])
      usleep(UInt32(torture.draw(0..<Int(500_000 * seconds))))
      kill(child.pid, SIGKILL)
      if child.wait().status == 128 + SIGKILL { kills += 1 }
    }
    #expect(kills > 0)
    let last = try program.run("run", "experiments/small.json", "--no-report", "--jobs", "2")
    #expect(last.status == 0, "\(last.error)")
    expectSame(try everything(program), expected, "after \(kills) kills")
    // What it decided follows from the trials alone.
    try FileManager.default.removeItem(
      at: program.folder.appendingPathComponent("runs/small/search.json"))
    #expect(try program.run("run", "experiments/small.json", "--no-report").status == 0)
    expectSame(try everything(program), expected, "after search.json was lost")
  }

  @Test("A race drops what loses, and only the others get the last seeds")
  func races() throws {
    let program = try Program()
    defer { program.remove() }
    let sweep = """
      "sweep": { "cases": [
        { "label": "learns", "set": { "optimizer.learningRate": 0.01 } },
        { "label": "random", "set": { "algorithm.kind": "random" } } ] }
      """
    let text = file(
      #"{ "kind": "racing", "perRound": 1, "alpha": 0.2, "confirm": 0 }"#, seeds: 9, sweep: sweep)
    try program.write(
      "small", text.replacing(#""episodesPerUpdate": 5"#, with: #""kind": "reinforce""#))
    let run = try program.run("run", "experiments/small.json")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("1 dropped: random"), "\(run.error)")
    #expect(run.error.contains("not confirmed on fresh seeds"), "\(run.error)")
    let count = try program.trialFolders("small").count
    #expect(count < 18 && count >= 12, "\(count)")
  }

  @Test("A failed trial is left out and told; --retry failed tries it again and decides anew")
  func failed() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file(halving))
    let timed = try program.run(
      "run", "experiments/small.json", "--no-report", "--limit", "12", "--jobs", "2")
    #expect(timed.status == 0 && timed.error.contains("resume with"), "\(timed.error)")
    #expect(try program.trialFolders("small").count == 12)
    // As a trial that gave up has it.
    let trial = try program.trialFolders("small")[0].appendingPathComponent("status.json")
    let status = try String(contentsOf: trial, encoding: .utf8)
    try status.replacing("\"finished\"", with: "\"failed\"").write(
      to: trial, atomically: true, encoding: .utf8)
    let run = try program.run("run", "experiments/small.json", "--no-report")
    #expect(run.status == 1, "\(run.error)")
    #expect(run.error.contains("1 trial without a score left out"), "\(run.error)")
    #expect(run.error.contains("winner: "), "\(run.error)")
    let retried = try program.run(
      "run", "experiments/small.json", "--no-report", "--retry", "failed")
    #expect(retried.status == 0, "\(retried.error)")
    let whole = try program.run("run", "experiments/small.json", "--no-report", "--runs", "whole")
    #expect(whole.status == 0, "\(whole.error)")
    let (found, expected) = (try everything(program), try everything(program, runs: "whole"))
    #expect(found["search.json"] == expected["search.json"])
    for (file, bytes) in expected { #expect(found[file] == bytes, "\(file)") }
  }

  @Test("Options that a search cannot have are refused, and nothing is started")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file(halving))
    let only = try program.run("run", "experiments/small.json", "--only", "seed = 0")
    #expect(only.status == 2 && only.error.contains("--only leaves out trials"), "\(only.error)")
    let longer = try program.run(
      "run", "experiments/small.json", "--extend", "training.episodes=200")
    #expect(longer.status == 2 && longer.error.contains("not-extendable"), "\(longer.error)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))
  }
}
