// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("run --extend", .serialized)
struct ExtendTests {
  /// Runs to `first` episodes, extends, and holds the extended trials against whole ones.
  private func extended(
    _ program: Program, to length: Int, path: String = "training.episodes", settings: [String] = []
  ) throws -> Program.Result {
    let options = ["experiments/small.json", "--no-report"] + settings
    let short = try program.start(["run"] + options).wait()
    #expect(short.status == 0, "\(short.error)")
    let before = try program.records("small")
    let longer = try program.start(
      ["run"] + options + ["--extend", "\(path)=\(length)"]
    ).wait()
    #expect(longer.status == 0, "\(longer.error)")
    let whole = try program.start(
      ["run"] + options + ["--set", "\(path)=\(length)", "--runs", "whole"]
    ).wait()
    #expect(whole.status == 0, "\(whole.error)")
    let records = try program.records("small")
    // The shorter trials stay as they were.
    for (file, bytes) in before { #expect(records[file] == bytes, "\(file)") }
    let wholeRecords = try program.records("small", runs: "whole")
    #expect(records.count == before.count + wholeRecords.count)
    for (file, bytes) in wholeRecords {
      #expect(records[file] == bytes, "\(file) after \(settings)")
    }
    return longer
  }

  private func logs(_ program: Program) throws -> String {
    try program.trialFolders("small").map {
      try String(contentsOf: $0.appendingPathComponent("log.txt"), encoding: .utf8)
    }.joined()
  }

  @Test(
    "An extended trial is bit for bit one that was trained so long at once",
    arguments: [
      (first: 30, every: 10, keep: 8, from: 30),
      // The last batch was cut short: the checkpoint before it is the last common one.
      (first: 25, every: 10, keep: 8, from: 20),
      // A checkpoint stands at the end where none was due.
      (first: 40, every: 30, keep: 8, from: 40), (first: 80, every: 10, keep: 3, from: 80),
      (first: 70, every: 20, keep: 3, from: 70), (first: 65, every: 20, keep: 3, from: 60),
    ])
  func equal(first: Int, every: Int, keep: Int, from: Int) throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: first, seeds: 1)
    let settings = [
      "--set", "training.checkpointEvery=\(every)", "--set", "training.keepCheckpoints=\(keep)",
    ]
    let longer = try extended(program, to: 110, settings: settings)
    #expect(longer.error.contains("2 of 2 trials continue finished ones"), "\(longer.error)")
    let log = try logs(program)
    #expect(log.contains("from its episode \(from)\n"), "\(log)")
  }

  @Test("Every kind of algorithm can be extended")
  func algorithms() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "small",
      """
      { "base": { "policy": { "hidden": [8] },
                  "training": { "episodes": 20, "checkpointEvery": 10 },
                  "evaluation": { "episodes": 1 } },
        "sweep": { "concat": [
          { "grid": { "algorithm.kind": ["reinforce", "kl-line-search", "trpo", "ppo", "random"] } },
          { "cases": [
            { "label": "cem", "set": { "algorithm.kind": "cem", "algorithm.population": 10 } },
            { "label": "adam", "set": { "optimizer.kind": "adam" } },
            { "label": "value", "set": { "returns.baseline": "value" } } ] } ] },
        "score": { "goal": "maximize" } }
      """)
    let longer = try extended(program, to: 40)
    #expect(longer.error.contains("8 of 8 trials continue finished ones"), "\(longer.error)")
  }

  @Test(
    "A training that is measured in decisions can be extended as well",
    arguments: [(first: 3_000, keep: 8), (first: 9_000, keep: 3)])
  func decisions(first: Int, keep: Int) throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", decisions: first, seeds: 1)
    let longer = try extended(
      program, to: 25_000, path: "training.decisions",
      settings: ["--set", "training.keepCheckpoints=\(keep)"])
    #expect(longer.error.contains("2 of 2 trials continue finished ones"), "\(longer.error)")
    #expect(try logs(program).contains("continues trial"))
  }

  @Test("A training that ended at its mean has nothing left to do, and says how long it was")
  func stopAtMean() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 120, seeds: 1)
    let longer = try extended(
      program, to: 200,
      settings: ["--set", "training.stopAtMean=-30", "--set", "training.checkpointEvery=30"])
    #expect(longer.error.contains("2 of 2 trials continue finished ones"), "\(longer.error)")
    #expect(try logs(program).contains("from its episode 100\n"))
    let table = try program.run("list", "small", "--json").output
    #expect(table.contains(#""targetEpisodes":100"#) && !table.contains(#""targetEpisodes":200"#))
  }

  @Test("Where the course of a training depends on its length, a longer one starts anew")
  func schedules() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    let longer = try extended(
      program, to: 40, settings: ["--set", "optimizer.schedule=\"linear\""])
    #expect(longer.error.contains("0 of 2 trials continue finished ones; where"), "\(longer.error)")
    #expect(try !logs(program).contains("continues trial"))
  }

  @Test("An extension can be killed, gone on with, and extended again from the longest")
  func killed() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let options = ["run", "experiments/small.json", "--no-report", "--extend"]
    for milliseconds in [60, 150, 300] {
      let child = try program.start(options + ["training.episodes=120"])
      usleep(UInt32(milliseconds) * 1000)
      Foundation.kill(child.pid, SIGKILL)
      _ = child.wait()
    }
    let done = try program.start(options + ["training.episodes=120"]).wait()
    #expect(done.status == 0, "\(done.error)")
    let again = try program.start(options + ["training.episodes=160"]).wait()
    #expect(again.status == 0, "\(again.error)")
    #expect(try logs(program).contains("from its episode 120\n"))
    try program.run(
      "run", "experiments/small.json", "--no-report", "--runs", "whole", "--set",
      "training.episodes=160")
    let records = try program.records("small")
    for (file, bytes) in try program.records("small", runs: "whole") {
      #expect(records[file] == bytes, "\(file)")
    }
  }

  @Test("What cannot be extended is refused with status 2, and nothing is started")
  func refused() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    for option in ["training.episodes=20", "returns.discount=0.5", "training.episodes"] {
      let result = try program.run("run", "experiments/small.json", "--extend", option)
      #expect(result.status == 2, "\(option)")
      #expect(result.error.contains("--extend:1:"), "\(result.error)")
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))
  }
}
