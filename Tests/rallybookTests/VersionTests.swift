// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

/// `Fixtures/versions/VERSION` holds what that version's program stored of the experiments beside
/// it: finished runs, a training that was stopped, a search.
@Suite("What earlier versions stored is read, continued, rendered and verified")
struct VersionTests {
  static let versions = ["0.1.0", "5578467"]

  /// A folder with a copy of what a version left behind.
  static func program(_ version: String) throws -> Program {
    let program = try Program()
    let fixtures = try #require(
      Bundle.module.resourceURL?.appendingPathComponent("Fixtures/versions/\(version)"))
    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("experiments"))
    for (from, to) in [("experiments", "experiments"), ("stored", "runs"), ("reports", "reports")] {
      let source = fixtures.appendingPathComponent(from)
      guard FileManager.default.fileExists(atPath: source.path) else { continue }
      try FileManager.default.copyItem(
        at: source, to: program.folder.appendingPathComponent(to))
    }
    return program
  }

  /// All files of a run's trials, but for those that only say when and where.
  static func files(_ program: Program, _ run: String) throws -> [String: Data] {
    let trials = program.folder.appendingPathComponent("runs/\(run)/trials")
    var found: [String: Data] = [:]
    let all = FileManager.default.enumerator(at: trials, includingPropertiesForKeys: nil)
    while let file = all?.nextObject() as? URL {
      if let data = try? Data(contentsOf: file), file.pathExtension != "lock" {
        found[String(file.path.dropFirst(trials.path.count + 1))] = data
      }
    }
    return found
  }

  static func lines(_ folder: URL, _ file: String) throws -> [String] {
    try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test("Every verb that reads them does, and touches nothing", arguments: versions)
  func reading(version: String) throws {
    let program = try Self.program(version)
    defer { program.remove() }
    let runs = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("runs").path
    ).sorted()
    #expect(runs.contains("long") && runs.contains("pong"))
    let before = try runs.map { try Self.files(program, $0) }
    for run in runs {
      for words in [["status", run], ["report", run], ["export", run]] {
        let read = try program.start(words).wait()
        #expect(read.status == 0, "\(words): \(read.error)")
      }
      let page = try String(
        contentsOf: program.folder.appendingPathComponent("reports/\(run)/index.html"),
        encoding: .utf8)
      #expect(!page.contains("unusable"), "\(run)")
      #expect(run == "long" || page.contains("Finished"), "\(run)")
      for folder in try program.trialFolders(run) {
        let shown = try program.run("show", "\(run)/\(folder.lastPathComponent)")
        #expect(shown.status == 0, "\(shown.error)")
        #expect(!shown.output.contains("problem"), "\(shown.output)")
        let newest = try FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent("checkpoints").path
        ).max()
        let file = folder.appendingPathComponent("checkpoints/\(newest ?? "none")").path
        let played = try program.run("play", file, "--episodes", "1")
        #expect(played.status == 0, "\(played.error)")
      }
    }
    let pong = try program.trialFolders("pong")[0]
    let animation = try program.run(
      "play", pong.appendingPathComponent("checkpoints/000000.safetensors").path, "--save",
      "game.replay")
    #expect(animation.status == 0, "\(animation.error)")
    #expect(try program.run("list").status == 0)
    #expect(try program.run("query", "state = \"finished\"").status == 0)
    for (run, files) in zip(runs, before) { #expect(try Self.files(program, run) == files) }
  }

  @Test("A training that was stopped goes on from where it stood", arguments: versions)
  func continuing(version: String) throws {
    let program = try Self.program(version)
    defer { program.remove() }
    let folder = try program.trialFolders("long")[0]
    let episodes = try Self.lines(folder, "episodes.csv")
    let updates = try Self.lines(folder, "updates.csv")
    let run = try program.run("run", "experiments/long.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    let log = try Self.lines(folder, "log.txt")
    #expect(log.contains { $0.contains("resumes at episode \(episodes.count - 1) from ") })
    let now = try Self.lines(folder, "episodes.csv")
    #expect(now.count == (version == "0.1.0" ? 61 : 1_501))
    #expect(Array(now.prefix(episodes.count)) == episodes)
    let added = UpdateRecord.columns.count - updates[0].split(separator: ",").count
    let upgraded = updates.dropFirst().map { $0 + String(repeating: ",", count: added) }
    let written = try Self.lines(folder, "updates.csv")
    #expect(written[0] == UpdateRecord.columns.joined(separator: ","))
    #expect(Array(written.dropFirst().prefix(upgraded.count)) == upgraded)
    #expect(written.count > updates.count)
    let status = try program.run("status", "long")
    #expect(status.output.contains("1 finished"), "\(status.output)")
  }

  @Test("Finished trials are done; asked for more games, they play only those", arguments: versions)
  func moreGames(version: String) throws {
    let program = try Self.program(version)
    defer { program.remove() }
    let again = try program.run("run", "experiments/pong.json", "--no-report")
    #expect(again.status == 0 && again.error.contains("nothing to run"), "\(again.error)")
    let folder = try program.trialFolders("pong")[0]
    let before = try Self.files(program, "pong")
    let played = try Self.lines(folder, "evaluations.csv")
    let more = try program.run(
      "run", "experiments/pong.json", "--no-report", "--set", "evaluation.episodes=4")
    #expect(more.status == 0, "\(more.error)")
    let now = try Self.lines(folder, "evaluations.csv")
    #expect(now.count == 5 && Array(now.prefix(3)) == played)
    let after = try Self.files(program, "pong")
    for (file, data) in before
    where file.contains("checkpoints/") || file.hasSuffix("episodes.csv") {
      // The second newest checkpoint may be lightened.
      #expect(after[file] == data, "\(file)")
    }
  }

  @Test("A finished training is made longer", arguments: versions)
  func extending(version: String) throws {
    let program = try Self.program(version)
    defer { program.remove() }
    let (run, episodes) = version == "0.1.0" ? ("pong", 40) : ("cartpole", 100)
    let sources = try program.trialFolders(run)
    let longer = try program.run(
      "run", "experiments/\(run).json", "--no-report", "--extend", "training.episodes=\(episodes)")
    #expect(longer.status == 0, "\(longer.error)")
    for source in sources {
      let target = try #require(
        try program.trialFolders(run).first { folder in
          try !sources.contains(folder)
            && Self.lines(folder, "log.txt").contains {
              $0.contains("continues trial \(source.lastPathComponent) from its episode ")
            }
        })
      let (old, new) = try (
        Self.lines(source, "episodes.csv"), Self.lines(target, "episodes.csv")
      )
      #expect(new.count == episodes + 1 && new.starts(with: old))
      let verified = try program.run("verify", "\(run)/\(target.lastPathComponent)")
      #expect([0, 3].contains(verified.status), "\(verified.error)")
    }
  }

  @Test(
    "Trained again by this version they are the same, or the first number that differs is named",
    arguments: versions)
  func verifying(version: String) throws {
    let program = try Self.program(version)
    defer { program.remove() }
    for run in ["long", "pong"] {
      let before = try Self.files(program, run)
      let id = try program.trialFolders(run)[0].lastPathComponent
      let verified = try program.run("verify", "\(run)/\(id)")
      #expect([0, 3].contains(verified.status), "\(verified.error)")
      let says = verified.status == 0 ? "numbers the same" : "differs first in"
      #expect((verified.output + verified.error).contains(says), "\(verified)")
      #expect(try Self.files(program, run) == before)
    }
  }

  @Test("A search that is over decides nothing again")
  func search() throws {
    let program = try Self.program("5578467")
    defer { program.remove() }
    let before = try Self.files(program, "search")
    let run = try program.run("run", "experiments/search.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    #expect(try Self.files(program, "search") == before)
  }

  @Test("A well-signed checkpoint with a weight that is no number is refused in words")
  func notFinite() throws {
    let program = try Self.program("5578467")
    defer { program.remove() }
    let path = try program.trialFolders("pong")[0]
      .appendingPathComponent("checkpoints/000008.safetensors").path
    var checkpoint = try Checkpoint(contentsOf: path)
    let first = checkpoint.tensors[0]
    var values = first.values
    values[3] = .nan
    checkpoint.tensors[0] = Tensor(name: first.name, shape: first.shape, values: values)
    try Data(checkpoint.encoded()).write(to: URL(fileURLWithPath: path))
    for words in [["--save", "game.replay"], ["--save", "game.html"], []] {
      let played = try program.start(["play", path] + words).wait()
      #expect(played.status == 2, "\(played)")
      #expect(played.error.contains("\(first.name) holds NaN at ["), "\(played.error)")
    }
  }
}
