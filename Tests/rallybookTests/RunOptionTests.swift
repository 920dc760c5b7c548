// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("What run does and leaves", .serialized)
struct RunOptionTests {
  private func program(episodes: Int = 20, seeds: Int = 2) throws -> Program {
    let program = try Program()
    try program.writeSmall("small", episodes: episodes, seeds: seeds)
    return program
  }

  /// Trials that have a `status.json`, and those that finished.
  private func states(_ program: Program) throws -> [String] {
    try program.trialFolders("small").compactMap { folder in
      let file = folder.appendingPathComponent("status.json")
      guard let data = try? Data(contentsOf: file) else { return nil }
      let record = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return record?["state"] as? String
    }
  }

  @Test("A second run at the same time is refused with status 4, and the first is not disturbed")
  func twoRuns() throws {
    let program = try program(episodes: 400)
    defer { program.remove() }
    let first = try program.start(["run", "experiments/small.json", "--no-report"])
    let lock = program.folder.appendingPathComponent("runs/small/run.lock")
    for _ in 0..<2_000 where ((try? Data(contentsOf: lock))?.count ?? 0) < 20 { usleep(2_000) }
    let second = try program.run("run", "experiments/small.json", "--no-report")
    #expect(second.status == 4, "\(second.error)")
    #expect(second.error.contains("process \(first.pid) "), "\(second.error)")
    let end = first.wait()
    #expect(end.status == 0, "\(end.error)")
    try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test("More evaluation games asked for when all is done are played, and nothing else changes")
  func moreEvaluations() throws {
    let program = try program(seeds: 1)
    defer { program.remove() }
    let options = ["run", "experiments/small.json", "--no-report"]
    #expect(try program.start(options).wait().status == 0)
    func timing() throws -> [Data] {
      try program.trialFolders("small").map {
        try Data(contentsOf: $0.appendingPathComponent("timing.csv"))
      }
    }
    let (before, records) = try (timing(), program.records("small"))
    let again = try program.start(options + ["--set", "evaluation.episodes=5"]).wait()
    #expect(again.status == 0, "\(again.error)")
    #expect(try timing() == before)
    for (file, bytes) in try program.records("small") where !file.contains("replays/") {
      let old = try #require(records[file])
      let isLonger = file.hasSuffix("evaluations.csv")
      #expect(
        isLonger ? bytes.count > old.count && bytes.starts(with: old) : bytes == old, "\(file)")
    }
  }

  @Test("Two processes never write one trial: the second is told so and touches nothing")
  func twoProcesses() throws {
    let program = try program(episodes: 600, seeds: 1)
    defer { program.remove() }
    let run = try program.start(["run", "experiments/small.json", "--no-report", "--jobs", "1"])
    var id = ""
    for _ in 0..<4_000 where id.isEmpty {
      id = (try? program.trialFolders("small"))?.first?.lastPathComponent ?? ""
      usleep(2_000)
    }
    // It waits for the first to end, and then finds nothing left to do, or gives up.
    let other = try program.start(["trial", "runs/small", id])
    let end = run.wait()
    #expect(end.status == 0, "\(end.error)")
    #expect([0, 4].contains(other.wait().status))
    try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test("--only and --limit run a part; without them the rest follows")
  func parts() throws {
    let program = try program()
    defer { program.remove() }
    let only = try program.run(
      "run", "experiments/small.json", "--no-report", "--only",
      "seed = 0 and returns.discount = 0.99")
    #expect(only.status == 0, "\(only.error)")
    #expect(try states(program) == ["finished"])
    let limited = try program.run("run", "experiments/small.json", "--no-report", "--limit", "1")
    #expect(limited.status == 0 && limited.error.contains("resume with"), "\(limited.error)")
    #expect(try states(program) == ["finished", "finished"])
    let rest = try program.run("run", "experiments/small.json", "--no-report")
    #expect(rest.status == 0 && rest.error.contains("2 to run"), "\(rest.error)")
    #expect(try states(program).count == 4)
    let nothing = try program.run("run", "experiments/small.json", "--only", "seed = 9")
    #expect(
      nothing.status == 2 && nothing.error.contains("no trial of the plan"), "\(nothing.error)")
    let wrong = try program.run("run", "experiments/small.json", "--only", "sed = 9")
    #expect(wrong.status == 2 && wrong.error.contains("seed"), "\(wrong.error)")
  }

  @Test("--fresh trains anew to the same bits, and keeps what it replaced")
  func fresh() throws {
    let program = try program(seeds: 1)
    defer { program.remove() }
    try program.run("run", "experiments/small.json", "--no-report")
    let records = try program.records("small")
    let again = try program.run("run", "experiments/small.json", "--no-report", "--fresh")
    #expect(again.status == 0 && again.error.contains("2 to run"), "\(again.error)")
    #expect(try program.records("small") == records)
    let trash = program.folder.appendingPathComponent("runs/.trash")
    let times = try FileManager.default.contentsOfDirectory(atPath: trash.path)
    #expect(times.count == 1)
    let kept = trash.appendingPathComponent("\(times.first ?? "")/small/trials")
    for (file, bytes) in records {
      #expect(try Data(contentsOf: kept.appendingPathComponent(file)) == bytes)
    }
  }

  @Test(
    "--stop-after checkpoints and gives status 5; --timeout fails the trial and keeps its state")
  func times() throws {
    let program = try program(episodes: 20_000, seeds: 1)
    defer { program.remove() }
    let stopped = try program.run(
      "run", "experiments/small.json", "--no-report", "--stop-after", "1s")
    #expect(stopped.status == 5, "\(stopped.error)")
    #expect(stopped.error.contains("the time is up") && stopped.error.contains("resume with: "))
    #expect(try Set(states(program)) == ["stopped"])
    let late = try program.run("run", "experiments/small.json", "--no-report", "--timeout", "2")
    #expect(late.status == 1 && late.error.contains("--timeout 2 s"), "\(late.error)")
    #expect(try Set(states(program)) == ["stopped"])
    #expect(try program.run("run", "experiments/small.json", "--timeout", "soon").status == 2)
  }

  @Test("What does not fit on the disk is refused before anything starts")
  func space() throws {
    let program = try program(seeds: 1)
    defer { program.remove() }
    let run = try program.run(
      "run", "experiments/small.json", "--set", "policy.hidden=[4096]", "--set",
      "training.checkpointEvery=1", "--set", "training.keepCheckpoints=1000", "--set",
      "training.episodes=100000", "--seeds", "1000")
    #expect(run.status == 4, "\(run.error)")
    #expect(run.error.contains("free") && run.error.contains("at least"), "\(run.error)")
    #expect(try states(program).isEmpty)
  }

  @Test("watch shows what another terminal runs, tells it to programs, and says when nothing runs")
  func watch() throws {
    let program = try program(episodes: 1_000, seeds: 1)
    defer { program.remove() }
    let run = try program.start(["run", "experiments/small.json", "--no-report"])
    for _ in 0..<4_000 where (try? states(program).contains("running")) != true { usleep(2_000) }
    let watch = try program.start(["watch", "small", "--json"])
    let end = run.wait()
    #expect(end.status == 0, "\(end.error)")
    let seen = watch.wait()
    #expect(seen.status == 0, "\(seen.error)")
    let events = try seen.output.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
    let names = events.compactMap { $0?["event"] as? String }
    #expect(names.first == "began")
    #expect(names.filter { $0 == "started" }.count == 2, "\(names)")
    #expect(names.filter { $0 == "finished" }.count == 2, "\(names)")
    #expect(seen.error.contains("finished  trial 1"), "\(seen.error)")
    let later = try program.run("watch", "small")
    #expect(later.status == 0, "\(later.error)")
    #expect(try program.run("watch", "nothing").status == 2)
  }
}
