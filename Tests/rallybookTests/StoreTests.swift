// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("What is stored can be listed, asked, put aside and brought back")
struct StoreTests {
  /// A program with one tiny run of real games: 2 variants × 2 seeds.
  static func ran(_ name: String = "small") throws -> Program {
    let program = try Program()
    try program.writeSmall(name, episodes: 6)
    let run = try program.run("run", "experiments/\(name).json", "--no-report")
    try #require(run.status == 0, "\(run.error)")
    return program
  }

  static func ids(_ program: Program, _ name: String = "small") throws -> [String] {
    try program.trialFolders(name).map(\.lastPathComponent)
  }

  @Test(
    "Every verb says of a run whose plan is gone that the plan is gone, not that there is no run")
  func planIsGone() throws {
    let program = try Self.ran()
    defer { program.remove() }
    try FileManager.default.removeItem(
      at: program.folder.appendingPathComponent("runs/small/plan.json"))
    for verb in [
      ["export", "small"], ["report", "small"], ["watch", "small"], ["compare", "small"],
    ] {
      let told = try program.start(verb).wait()
      #expect(told.status != 0 && told.error.contains("small/plan.json"), "\(verb): \(told)")
    }
  }

  @Test("list, show, logs, query and status tell what the files hold, with and without the index")
  func reading() throws {
    let program = try Self.ran()
    defer { program.remove() }
    let ids = try Self.ids(program)
    let runs = try program.run("list")
    #expect(runs.status == 0 && runs.output.contains("small") && runs.output.contains("4/4"))
    let list = try program.run("list", "small")
    #expect(list.status == 0, "\(list.error)")
    #expect(list.output.split(separator: "\n").count == 5)
    #expect(ids.allSatisfy { list.output.contains($0) })

    let lines = try program.run("list", "small", "--json", "--sort", "score").output
      .split(separator: "\n")
    let rows = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let scores = rows.compactMap { $0["score"] as? Double }
    #expect(scores.count == 4 && scores == scores.sorted())
    for row in rows {
      // The score is the mean of all six returns.
      let id = try #require(row["trial"] as? String)
      let file = program.folder.appendingPathComponent("runs/small/trials/\(id)/episodes.csv")
      let returns = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        .dropFirst().compactMap { Double($0.split(separator: ",")[3]) }
      #expect(row["score"] as? Double == returns.reduce(0, +) / 6)
    }

    let show = try program.run("show", "small/\(ids[0].prefix(6))")
    #expect(show.status == 0, "\(show.error)")
    for part in ["small/\(ids[0])", "(swept)", "policy.hidden", "binary", "episodes.csv"] {
      #expect(show.output.contains(part), "\(show.output)")
    }
    #expect(!show.output.contains("environment.maxFrames"))
    #expect(try program.run("show", ids[0], "--all").output.contains("environment.maxFrames"))
    let log = try program.run("logs", ids[0], "-f")
    #expect(log.status == 0 && log.output.contains("finished: 6 episodes, 2 evaluated"))
    #expect(
      try program.run("logs", ids[0], "--lines", "1").output.split(separator: "\n").count == 1)

    let query = try program.run(
      "query", "returns.discount = null and state = 'finished' and score < 0", "--ids")
    #expect(query.output.split(separator: "\n").count == 2 && query.error.contains("2 of 4"))
    let status = try program.run("status", "--json")
    #expect(status.output.contains(#""finished":4"#), "\(status.output)")

    // Nothing is cached; what an older version cached is not looked at, and removed when asked.
    let index = program.folder.appendingPathComponent("runs/small/index.sqlite")
    #expect(!FileManager.default.fileExists(atPath: index.path))
    try Data("not a database, but long enough to be taken for one".utf8).write(to: index)
    #expect(
      try program.run("list", "small", "--json", "--sort", "score").output
        == lines.map { $0 + "\n" }.joined())
    #expect(FileManager.default.fileExists(atPath: index.path))
    #expect(try program.run("doctor", "--rebuild").output.contains("small: index.sqlite removed"))
    #expect(!FileManager.default.fileExists(atPath: index.path))
  }

  @Test("What cannot be meant is refused with status 2, its place and the nearest word")
  func refusals() throws {
    let program = try Self.ran()
    defer { program.remove() }
    let asked: [(arguments: [String], says: String)] = [
      (
        ["query", "scroe > 0"],
        "query:1:1: error[unknown-name]: found \"scroe\"; did you mean \"score\"?"
      ),
      (["query", "score >"], "query:1:8: error[bad-expression]"),
      (["query", "state = finished"], "a text needs quotes: \"finished\""),
      (["query", "score > 0", "nothing"], "no run \"nothing\" in runs; there are: small"),
      (["list", "nothing"], "there are: small"),
      (["list", "small", "--sort", "scroe"], "did you mean \"score\"?"),
      (["show", "xyz"], "is not a trial's name"),
      (["show", ""], "is not a trial's name"),
      (["show", "nothing/12"], "no run \"nothing\""),
      (["verify", "small/0123456789ab"], "no trial begins with"),
      (["restore"], "it is empty"),
      (["gc", "--keep-checkpoints", "1"], "allowed is 3 or more"),
    ]
    for (arguments, says) in asked {
      let result = try program.start(arguments).wait()
      #expect(result.status == 2, "\(arguments): \(result.error)")
      #expect(result.error.contains(says), "\(arguments): \(result.error)")
      #expect(result.output.isEmpty)
    }
    try FileManager.default.copyItem(
      at: program.folder.appendingPathComponent("runs/small"),
      to: program.folder.appendingPathComponent("runs/other"))
    let id = try Self.ids(program)[0]
    let ambiguous = try program.run("show", id)
    #expect(ambiguous.status == 2)
    #expect(ambiguous.error.contains("other/\(id)") && ambiguous.error.contains("small/\(id)"))
    #expect(try program.run("show", "other/\(id)").output.contains("the same numbers"))
    #expect(try program.run("show", "runs/other/trials/\(id)/").status == 0)
  }

  @Test("gc shows, puts aside and restore brings back, byte for byte; nothing in a plan goes")
  func garbage() throws {
    let program = try Self.ran()
    defer { program.remove() }
    let before = try program.records("small")
    #expect(try program.run("gc").error.contains("nothing to put aside"))

    // The file and the plan now name one seed of two.
    try program.writeSmall("small", episodes: 6, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let dry = try program.run("gc", "--dry-run")
    #expect(dry.output.split(separator: "\n").count == 3, "\(dry.output)")
    #expect(dry.output.contains("in no plan") && dry.error.contains("nothing was moved"))
    #expect(try program.records("small") == before)

    let moved = try program.run("gc")
    #expect(moved.status == 0 && moved.error.contains("rallybook restore"))
    let left = try program.records("small")
    #expect(left.count == before.count / 2)
    #expect(try program.run("gc").error.contains("nothing to put aside"))
    #expect(try program.run("restore", "--list").output.contains("2"))
    let back = try program.run("restore")
    #expect(back.status == 0 && back.output.split(separator: "\n").count == 2, "\(back.error)")
    #expect(try program.records("small") == before)
    #expect(try program.run("restore").status == 2)

    // What lies there now is never replaced.
    try program.run("gc")
    let gone = try #require(before.keys.first { left[$0] == nil }).split(separator: "/")[0]
    let place = program.folder.appendingPathComponent("runs/small/trials/\(gone)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    let blocked = try program.run("restore")
    #expect(blocked.status == 4 && blocked.error.contains("exists already"))
    try FileManager.default.removeItem(at: place)
    #expect(try program.run("restore").status == 0)
    #expect(try program.records("small") == before)
    try program.run("gc")
    #expect(try program.run("gc", "--empty").status == 0)
    #expect(try program.run("restore").status == 2)
  }

  @Test("Copies of trials are recognized; one that disagrees is named with its line")
  func merging() throws {
    let program = try Self.ran()
    defer { program.remove() }
    let folder = try program.trialFolders("small")[0]
    let trials = folder.deletingLastPathComponent()
    let id = folder.lastPathComponent
    try FileManager.default.copyItem(at: folder, to: trials.appendingPathComponent("\(id) (copy)"))
    let theirs = trials.appendingPathComponent("\(id).theirs")
    try FileManager.default.copyItem(at: folder, to: theirs)
    let file = theirs.appendingPathComponent("episodes.csv")
    var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    lines[3] = "3,1,1,7,1"
    try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)

    let status = try program.run("status", "small")
    #expect(status.status == 0)
    #expect(status.error.contains("\(id) (copy): the same numbers"), "\(status.error)")
    #expect(
      status.error.contains("conflict: two records of trial \(id) differ in episodes.csv, line 4"),
      "\(status.error)")
    #expect(status.error.contains("3,1,1,7,1"))
    // Only the copy with nothing of its own is garbage.
    let dry = try program.run("gc", "--dry-run")
    #expect(dry.output.contains("\(id) (copy)") && !dry.output.contains("theirs"))
  }
}
