// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("A damaged record is said, and nothing of it is lost", .serialized)
struct DamagedRecordTests {
  /// A finished trial of seconds.
  static func trained() throws -> (program: Program, folder: URL) {
    let program = try Program()
    try program.write(
      "pole",
      """
      { "title": "Pole", "question": "What is damaged?",
        "base": { "environment": { "id": "cartpole" }, "policy": { "kind": "linear" },
                  "training": { "episodes": 40, "checkpointEvery": 10 },
                  "evaluation": { "episodes": 3 } },
        "seeds": 2, "score": { "goal": "maximize", "window": 20 } }
      """)
    let run = try program.run("run", "experiments/pole.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    return (program, try program.trialFolders("pole")[0])
  }

  /// What is done to a file's lines.
  static let damages: [(String, @Sendable (inout [String]) -> Void)] = [
    ("the last column's name gone", { $0[0] = String($0[0].dropLast(3)) }),
    (
      "the last column gone",
      { $0[0] = $0[0].split(separator: ",").dropLast().joined(separator: ",") }
    ),
    ("a row that is no number", { $0[1] = "x" + $0[1] }),
    ("a row gone", { $0.remove(at: 2) }),
    ("a row doubled", { $0.insert($0[2], at: 2) }),
  ]

  @Test(
    "Going on from a damaged file fails with a sentence, and the file stays as it is",
    arguments: ["episodes.csv", "updates.csv", "evaluations.csv"])
  func goingOn(name: String) throws {
    let (program, folder) = try Self.trained()
    defer { program.remove() }
    let file = folder.appendingPathComponent(name)
    let good = try String(contentsOf: file, encoding: .utf8)
    let status = folder.appendingPathComponent("status.json")
    let finished = try Data(contentsOf: status)
    for (damage, change) in Self.damages {
      var lines = good.split(separator: "\n").map(String.init)
      change(&lines)
      let spoiled = lines.joined(separator: "\n") + "\n"
      try spoiled.write(to: file, atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(at: status)
      let run = try program.run("run", "experiments/pole.json", "--no-report")
      #expect(run.status == 1, "\(damage): \(run.error)")
      #expect(run.error.contains(name), "\(damage): \(run.error)")
      #expect(try String(contentsOf: file, encoding: .utf8) == spoiled, "\(damage)")
      try finished.write(to: status)
      let shown = try program.run("report", "pole")
      #expect((shown.output + shown.error).contains("\(name): "), "\(damage): \(shown)")
    }
  }

  @Test("Rows that are missing at the end of a finished trial's files are said")
  func missing() throws {
    let (program, folder) = try Self.trained()
    defer { program.remove() }
    for name in ["episodes.csv", "evaluations.csv"] {
      let file = folder.appendingPathComponent(name)
      let good = try String(contentsOf: file, encoding: .utf8)
      let lines = good.split(separator: "\n").dropLast()
      try (lines.joined(separator: "\n") + "\n")
        .write(to: file, atomically: true, encoding: .utf8)
      let report = try program.run("report", "pole")
      #expect((report.output + report.error).contains("\(name): damaged; found"), "\(report)")
      let doctor = try program.start(["doctor"]).wait()
      #expect(
        doctor.output.contains("\(name): is damaged\n") && !doctor.output.contains("\\u{a}"),
        "\(doctor)")
      try good.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  @Test(
    "Rows lost of a trial that can go on: damaged for every verb, run says so, and the bits return",
    arguments: ["episodes.csv", "updates.csv"], ["stopped", "running"])
  func lostRows(name: String, state: String) throws {
    let (program, finished) = try Self.trained()
    defer { program.remove() }
    let whole = try program.records("pole")
    let id = finished.lastPathComponent
    try FileManager.default.removeItem(at: finished)
    #expect(try program.run("trial", "runs/pole", id, "--until", "25").status == 5)
    let status = finished.appendingPathComponent("status.json")
    try String(contentsOf: status, encoding: .utf8).replacing("stopped", with: state)
      .write(to: status, atomically: true, encoding: .utf8)
    let file = finished.appendingPathComponent(name)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let lost = "\(name): is damaged"
    for kept in [0, 2] {
      try lines.prefix(kept).map { $0 + "\n" }.joined()
        .write(to: file, atomically: true, encoding: .utf8)
      for verb in [
        ["status", "pole"], ["list", "pole"], ["query", "state = \"damaged\"", "pole"],
        ["show", id], ["plan", "experiments/pole.json"], ["report", "pole"],
      ] {
        let told = try program.start(verb).wait()
        #expect(told.output.contains("damaged") || verb[0] == "report", "\(verb): \(told)")
        let reason = verb[0] == "report" ? "\(name): damaged; found" : lost
        #expect(
          (told.output + told.error).contains(reason) || verb[0] == "plan" || verb[0] == "query")
      }
    }
    let run = try program.run("run", "experiments/pole.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("1 damaged, continued") && run.error.contains(lost), "\(run.error)")
    #expect(run.error.contains("trained again from the start"), "\(run.error)")
    #expect(!run.error.contains("from episode 2"), "\(run.error)")
    #expect(try program.records("pole") == whole)
  }

  @Test("Rows lost of a finished trial are said, and more evaluation games do not train it anew")
  func lostAtTheEnd() throws {
    let (program, folder) = try Self.trained()
    defer { program.remove() }
    for name in ["episodes.csv", "updates.csv"] {
      let file = folder.appendingPathComponent(name)
      let good = try String(contentsOf: file, encoding: .utf8)
      let short = good.split(separator: "\n").prefix(2).map { $0 + "\n" }.joined()
      try short.write(to: file, atomically: true, encoding: .utf8)
      #expect(try program.run("status", "pole").output.contains("1 damaged"), "\(name)")
      let run = try program.run(
        "run", "experiments/pole.json", "--no-report", "--set", "evaluation.episodes=4")
      #expect(run.status == 1 && run.error.contains("train it again with --fresh"), "\(run.error)")
      #expect(try String(contentsOf: file, encoding: .utf8) == short)
      try good.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  @Test("A damaged checkpoint or replay of the shown trial is said on the page")
  func pictures() throws {
    let (program, folder) = try Self.trained()
    defer { program.remove() }
    let newest = folder.appendingPathComponent("checkpoints/000040.safetensors")
    var bytes = try Data(contentsOf: newest)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: newest)
    let report = try program.run("report", "pole")
    #expect(report.status == 0, "\(report.error)")
    let page = try String(
      contentsOf: program.folder.appendingPathComponent("reports/pole/index.html"), encoding: .utf8)
    #expect(page.contains("Skipped for pictures: checkpoints/000040.safetensors"))
  }
}
