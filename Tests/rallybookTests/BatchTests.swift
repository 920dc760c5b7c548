// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("A batch from beginning to end", .serialized)
struct BatchTests {
  @Test("One job or two: the same bits, the same report, and nothing left to do")
  func jobs() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small")
    let first = try program.run("run", "experiments/small.json", "--jobs", "2")
    #expect(first.status == 0, "\(first.error)")
    #expect(first.output == "reports/small/index.html\n")
    let page = program.folder.appendingPathComponent("reports/small/index.html")
    #expect(FileManager.default.fileExists(atPath: page.path))
    let second = try program.run(
      "run", "experiments/small.json", "--jobs", "1", "--runs", "other", "--no-report")
    #expect(second.status == 0, "\(second.error)")
    let records = try program.records("small")
    #expect(records.count == 4 * 12)
    #expect(try program.records("small", runs: "other") == records)

    let again = try program.run("run", "experiments/small.json")
    #expect(again.status == 0)
    #expect(again.error.contains("nothing to run"))
    #expect(try program.records("small") == records)

    let render = { () throws -> Data in
      try program.run("report", "small", "--no-timing")
      return try Data(contentsOf: page)
    }
    #expect(try render() == render())
  }

  @Test("Adding a seed reuses what is there")
  func moreSeeds() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 10, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let before = try program.records("small")
    let more = try program.run("run", "experiments/small.json", "--seeds", "2", "--no-report")
    #expect(more.status == 0)
    let after = try program.records("small")
    #expect(before.allSatisfy { after[$0.key] == $0.value })
    #expect(after.count == 2 * before.count)
  }

  @Test("Ctrl-C checkpoints, says how to resume, and resuming gives the same bits")
  func interrupt() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 400, seeds: 1)
    let child = try program.start(["run", "experiments/small.json"])
    let episodes = { () -> Int in
      let folders = (try? program.trialFolders("small")) ?? []
      let text = folders.first.flatMap {
        try? String(contentsOf: $0.appendingPathComponent("episodes.csv"), encoding: .utf8)
      }
      return (text ?? "").split(separator: "\n").count
    }
    var waits = 0
    while episodes() < 20 && waits < 4000 {
      usleep(5000)
      waits += 1
    }
    Foundation.kill(child.pid, SIGINT)
    let stopped = child.wait()
    #expect(stopped.status == 5, "\(stopped.error)")
    #expect(stopped.error.contains("resume with: "))
    let resumed = try program.run("run", "experiments/small.json", "--no-report")
    #expect(resumed.status == 0, "\(resumed.error)")
    try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test(
    "A damaged checkpoint is passed over and named by run, status, show, the log and the report; the bits stay the same"
  )
  func damagedCheckpoint() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 30, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let records = try program.records("small")
    for folder in try program.trialFolders("small") {
      let newest = folder.appendingPathComponent("checkpoints/000030.safetensors")
      var bytes = try Data(contentsOf: newest)
      bytes[bytes.count / 2] ^= 0x10
      try bytes.write(to: newest)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("status.json"))
    }
    let again = try program.run("run", "experiments/small.json")
    #expect(again.status == 0, "\(again.error)")
    #expect(try program.records("small") == records)
    let folder = try program.trialFolders("small")[0]
    let log = try String(contentsOf: folder.appendingPathComponent("log.txt"), encoding: .utf8)
    let told = "checkpoints/000030.safetensors: its content does not fit its SHA-256"
    #expect(log.contains("skipped \(told)"))
    #expect(again.error.contains("skipped \(told)"), "\(again.error)")
    #expect(!again.error.contains("from episode 30"), "\(again.error)")
    for verb in [["status", "small"], ["show", folder.lastPathComponent]] {
      #expect(try program.start(verb).wait().output.contains("skipped \(told)"), "\(verb)")
    }
    let page = program.folder.appendingPathComponent("reports/small/index.html")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("trial 1, \(told)"))
  }

  @Test("Where a killed trial goes on is told as it is, not as far as it had come")
  func continuedFrom() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 30, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let folder = try program.trialFolders("small")[0]
    try FileManager.default.removeItem(
      at: folder.appendingPathComponent("checkpoints/000030.safetensors"))
    let status = folder.appendingPathComponent("status.json")
    try String(contentsOf: status, encoding: .utf8).replacing("finished", with: "running")
      .write(to: status, atomically: true, encoding: .utf8)
    let again = try program.run("run", "experiments/small.json", "--no-report")
    #expect(again.status == 0, "\(again.error)")
    #expect(again.error.contains("seed 0, from episode 20"), "\(again.error)")
    #expect(!again.error.contains("from episode 30"), "\(again.error)")
  }

  @Test("A trial whose config.json does not match its name is refused with status 4")
  func foreignConfiguration() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 10, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let config = try program.trialFolders("small")[0].appendingPathComponent("config.json")
    try Data("{}".utf8).write(to: config)
    let refused = try program.run("run", "experiments/small.json", "--no-report")
    #expect(refused.status == 4)
    #expect(refused.error.contains("config.json"))
  }

  @Test("A disk that fills up fails the trial with its reason; with room again it goes on")
  func fullDisk() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 30, seeds: 1)
    // No file may grow beyond 512 kB: the first checkpoint of 24 units is larger.
    let limit = ["sh", "-c", "ulimit -f 1024; exec \"$0\" \"$@\""]
    let failed = try program.start(
      ["run", "experiments/small.json", "--no-report"], wrapper: limit
    ).wait()
    #expect(failed.status == 1, "\(failed.error)")
    #expect(failed.error.contains("File too large"), "\(failed.error)")
    let again = try program.run(
      "run", "experiments/small.json", "--retry", "failed", "--no-report")
    #expect(again.status == 0, "\(again.error)")
    try program.run("run", "experiments/small.json", "--runs", "whole", "--no-report")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test("Another evaluation mode plays the evaluation anew, and back again gives the same bits")
  func evaluationMode() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let sampled = try program.records("small")
    for (mode, isSame) in [("greedy", false), ("sample", true)] {
      // More episodes than are stored, so that the trials are opened again.
      let run = try program.run(
        "run", "experiments/small.json", "--no-report", "--set",
        "evaluation.mode=\"\(mode)\"", "--set", "evaluation.episodes=\(isSame ? 4 : 3)")
      #expect(run.status == 0, "\(run.error)")
      for (file, bytes) in try program.records("small") {
        if file.hasSuffix("evaluations.csv") {
          #expect(bytes.starts(with: sampled[file] ?? Data()) == isSame)
        } else if file.hasSuffix(".replay") {
          #expect((bytes == sampled[file]) == isSame)
        } else {
          #expect(bytes == sampled[file], "\(file)")
        }
      }
    }
  }

  @Test("Peak memory of a trial of the post's size stays under 100 MB")
  func memory() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "post",
      """
      { "title": "Memory", "question": "How much?",
        "base": { "preset": "karpathy-2016", "training": { "episodes": 40 },
                  "evaluation": { "episodes": 1 } },
        "score": { "goal": "maximize" } }
      """)
    let run = try program.run("run", "experiments/post.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    let file = try program.trialFolders("post")[0].appendingPathComponent("provenance.json")
    let record = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let sessions = try #require(record?["sessions"] as? [[String: Any]])
    let peak = try #require(sessions.last?["peakMemoryBytes"] as? Int)
    #expect(peak > 10_000_000 && peak < 100_000_000, "\(peak)")
  }
}
