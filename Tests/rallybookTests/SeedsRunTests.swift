// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Claims with real trials: a pole on a cart, learned by a small network or not at all.
@Suite("Seeds until a claim is decided", .serialized)
struct SeedsRunTests {
  private func file(
    _ claims: String, from: Int = 8, to: Int = 12, episodes: Int = 200
  ) -> String {
    """
    {
      "base": {
        "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
        "algorithm": { "kind": "reinforce", "episodesPerUpdate": 5 },
        "training": { "episodes": \(episodes), "checkpointEvery": 20 }, "evaluation": { "episodes": 0 }
      },
      "sweep": { "grid": { "optimizer.learningRate": [0.00001, 0.00002, 0.03] } },
      "seeds": { "from": \(from), "to": \(to) }, "score": { "window": 50 },
      "hypotheses": [\(claims)]
    }
    """
  }

  private func claim(_ better: String, _ than: String, _ more: String = "") -> String {
    #"{ "claim": "\#(better) beats \#(than)", "better": { "optimizer.learningRate": \#(better) }, "#
      + #""than": { "optimizer.learningRate": \#(than) }\#(more) }"#
  }

  private var fast: String { claim("0.03", "0.00001") }
  private var alike: String { claim("0.00002", "0.00001") }

  /// `looks.json` and every record of every trial.
  private func everything(_ program: Program, runs: String = "runs") throws -> [String: Data] {
    var found = try program.records("small", runs: runs)
    found["looks.json"] = try Data(
      contentsOf: program.folder.appendingPathComponent("\(runs)/small/looks.json"))
    return found
  }

  @Test(
    "A learner beats one that hardly moves at the first look; two that hardly move get all seeds")
  func decides() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file("\(fast), \(alike)"))
    let plan = try program.run("plan", "experiments/small.json")
    #expect(plan.output.contains("3 variants × 8 to 12 seeds = 24 to 36 trials"), "\(plan.output)")
    #expect(plan.output.contains("looks after "), "\(plan.output)")
    #expect(plan.output.contains("time if nothing is decided before the last look"))
    let run = try program.run("run", "experiments/small.json", "--jobs", "2")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("supported: 0.03 beats 0.00001"), "\(run.error)")
    #expect(run.error.contains("open: 0.00002 beats 0.00001"), "\(run.error)")
    // Twelve of the two that are alike; of the third only what its claim needed.
    let count = try program.trialFolders("small").count
    #expect(count < 36 && count >= 24 + 8, "\(count)")
    let again = try program.run("run", "experiments/small.json")
    #expect(again.status == 0 && again.error.contains("nothing to run"), "\(again.error)")
    let status = try program.run("status", "small")
    #expect(status.output.contains("supported: 0.03 beats 0.00001"), "\(status.output)")
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/small/index.html"),
      encoding: .utf8)
    #expect(page.contains("<section id=\"looks\">"))
    #expect(page.contains("interval at every look"))
    #expect(page.contains("figure-looks-1") && page.contains("By pass"))
  }

  @Test("A claim that is looked at once has an ordinary p, and no path of differences is drawn")
  func once() throws {
    let program = try Program()
    defer { program.remove() }
    let measure = #", "measure": "probabilityOfImprovement", "atLeast": 0.5"#
    try program.write(
      "small", file(claim("0.03", "0.00001", measure), to: 10, episodes: 40))
    #expect(try program.run("run", "experiments/small.json").status == 0)
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/small/index.html"),
      encoding: .utf8)
    #expect(page.contains("Hypothesis 1: looked at once, with an ordinary interval and p."))
    #expect(page.contains("Looked at once: p ") && !page.contains("Sequential p"))
    #expect(!page.contains("figure-looks-1") && !page.contains("of the level spent"))
  }

  @Test("On one job or two, after any kill, and without looks.json, the same is decided")
  func killed() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file("\(fast), \(alike)"))
    let start = ContinuousClock.now
    let whole = try program.run(
      "run", "experiments/small.json", "--no-report", "--jobs", "1", "--runs", "whole")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(whole.status == 0, "\(whole.error)")
    let expected = try everything(program, runs: "whole")
    var torture = Torture(seed: 21)
    for _ in 0..<3 {
      let child = try program.start(["run", "experiments/small.json", "--no-report", "--jobs", "2"])
      usleep(UInt32(torture.draw(0..<Int(500_000 * seconds))))
      kill(child.pid, SIGKILL)
      _ = child.wait()
    }
    let last = try program.run("run", "experiments/small.json", "--no-report", "--jobs", "2")
    #expect(last.status == 0, "\(last.error)")
    #expect(try everything(program) == expected)
    try FileManager.default.removeItem(
      at: program.folder.appendingPathComponent("runs/small/looks.json"))
    #expect(try program.run("run", "experiments/small.json", "--no-report").status == 0)
    #expect(try everything(program) == expected)
  }

  @Test(
    "A hypothesis added after a look uses the same trials and is marked; a changed plan is told")
  func added() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file(fast))
    #expect(try program.run("run", "experiments/small.json", "--no-report").status == 0)
    let before = try program.records("small")
    try program.write("small", file("\(fast), \(claim("0.03", "0.00002"))"))
    let more = try program.run("run", "experiments/small.json")
    #expect(more.status == 0, "\(more.error)")
    let after = try program.records("small")
    for (file, bytes) in before { #expect(after[file] == bytes, "\(file)") }
    let page = program.folder.appendingPathComponent("reports/small/index.html")
    #expect(
      try String(contentsOf: page, encoding: .utf8).contains("was added after the look at"))
    try program.write("small", file("\(fast), \(claim("0.03", "0.00002"))", to: 16))
    let longer = try program.run("run", "experiments/small.json")
    #expect(longer.error.contains("its level is lost"), "\(longer.error)")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("the level of 5\u{A0}% is lost"))
  }

  @Test("Passes are counted across a stop, and a score by passes is a score")
  func passes() throws {
    let program = try Program()
    defer { program.remove() }
    let own = claim("0.03", "0.00001", #", "score": { "window": 20, "at": { "passes": 2000 } }"#)
    try program.write("small", file(own))
    let part = try program.run("run", "experiments/small.json", "--no-report", "--limit", "3")
    #expect(part.status == 0, "\(part.error)")
    let run = try program.run("run", "experiments/small.json")
    #expect(run.status == 0 && !run.error.contains("given up"), "\(run.error)")
    let updates = try program.trialFolders("small")[0].appendingPathComponent("updates.csv")
    let rows = try String(contentsOf: updates, encoding: .utf8).split(separator: "\n")
    #expect(rows[0].hasSuffix(",passes"))
    let counts = rows.dropFirst().compactMap {
      $0.split(separator: ",").last.flatMap { Double($0) }
    }
    #expect(counts.count == rows.count - 1 && zip(counts, counts.dropFirst()).allSatisfy(<))
  }

  @Test("Longer trainings are looked at anew, and only what their claims need is continued")
  func extended() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file("\(fast), \(alike)"))
    #expect(try program.run("run", "experiments/small.json", "--no-report").status == 0)
    let longer = try program.run(
      "run", "experiments/small.json", "--no-report", "--extend", "training.episodes=240")
    #expect(longer.status == 0, "\(longer.error)")
    #expect(longer.error.contains("supported: 0.03 beats 0.00001"), "\(longer.error)")
    // As if they had been as long from the start.
    try program.write("small", file("\(fast), \(alike)", episodes: 240))
    let whole = try program.run(
      "run", "experiments/small.json", "--no-report", "--runs", "whole")
    #expect(whole.status == 0, "\(whole.error)")
    let looks = try ["runs", "whole"].map {
      try Data(contentsOf: program.folder.appendingPathComponent("\($0)/small/looks.json"))
    }
    #expect(looks[0] == looks[1])
  }

  @Test("--only would leave out what is compared, and is refused")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("small", file(fast))
    let only = try program.run("run", "experiments/small.json", "--only", "seed = 0")
    #expect(only.status == 2 && only.error.contains("--only leaves out trials"), "\(only.error)")
  }
}
