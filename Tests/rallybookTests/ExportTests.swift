// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Export, check and play", .serialized)
struct ExportTests {
  @Test("What is exported is what was recorded, in full")
  func tables() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 2)
    try program.run("run", "experiments/small.json", "--no-report")
    let done = try program.run("export", "small")
    #expect(done.status == 0, "\(done.error)")
    let rows = try program.lines("exports/small/episodes.csv")
    #expect(rows[0] == "trial,variant,seed,episode,decisions,frames,return,length")
    var stored: [String] = []
    for folder in try program.trialFolders("small") {
      let text = try String(
        contentsOf: folder.appendingPathComponent("episodes.csv"), encoding: .utf8)
      stored += text.split(separator: "\n").dropFirst().map {
        "\(folder.lastPathComponent),\($0)"
      }
    }
    let exported = rows.dropFirst().map { row in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return ([fields[0]] + fields.suffix(5)).joined(separator: ",")
    }
    #expect(exported.count == stored.count && !stored.isEmpty)
    #expect(exported.sorted() == stored.sorted())

    try program.run("export", "small", "--format", "jsonl", "--output", "out")
    let first = try #require(try program.lines("out/updates.jsonl").first)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
    #expect(object["update"] as? Int == 1)
    #expect(object["gradientNorm"] is Double)
    #expect(object["backtracks"] is NSNull)
    let unknown = try program.run("export", "nothing")
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("no run \"nothing\" in runs; there are: small"))
  }

  @Test(
    "TensorBoard itself reads the events back")
  func tensorBoard() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let done = try program.run("export", "small", "--format", "tensorboard")
    #expect(done.status == 0, "\(done.error)")
    let file = try #require(done.output.split(separator: "\n").first.map(String.init))
    let script = """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
      events.Reload()
      for tag in ["charts/episodic_return", "charts/episodic_length", "losses/entropy"]:
          for e in events.Scalars(tag):
              print(tag, e.step, repr(float(e.value)))
      table = events.Tensors("hyperparameters/text_summary")[0].tensor_proto.string_val[0].decode()
      print(table)
      """
    let read = try program.start([], wrapper: [Tools.python, "-c", script, file]).wait()
    #expect(read.status == 0, "\(read.error)")
    let expected = try program.trialFolders("small").map { folder in
      try program.lines("\(folder.path)/episodes.csv").dropFirst().map { row in
        let fields = row.split(separator: ",")
        return "charts/episodic_return \(fields[1]) \(Double(fields[3]) ?? .nan)"
      }
    }
    let lines = read.output.split(separator: "\n").map(String.init)
    let returns = lines.filter { $0.hasPrefix("charts/episodic_return") }
    #expect(returns.count == 20)
    #expect(expected.contains(returns))
    #expect(lines.contains { $0.hasPrefix("losses/entropy") })
    #expect(lines.contains("|param|value|") && lines.contains("|policy.hidden|[24]|"))
  }

  @Test("A report is checked byte by byte; a changed file ends with status 3")
  func check() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 2)
    try program.run("run", "experiments/small.json", "--no-report")
    let early = try program.run("report", "small", "--check")
    #expect(early.status == 2)
    #expect(early.error.contains("there is no report to check"))
    try program.run("report", "small", "--no-timing")
    let same = try program.run("report", "small", "--no-timing", "--check")
    #expect(same.status == 0, "\(same.output)\(same.error)")
    let table = program.folder.appendingPathComponent("reports/small/data/scores.csv")
    var bytes = try Data(contentsOf: table)
    bytes[5] ^= 1
    try bytes.write(to: table)
    let changed = try program.run("report", "small", "--no-timing", "--check")
    #expect(changed.status == 3)
    #expect(changed.output == "small: data/scores.csv: differs from byte 5 on\n")
    #expect(try Data(contentsOf: table) == bytes)
  }

  @Test("A game of one decision has one, in words too")
  func playOne() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "point",
      """
      { "title": "Point", "question": "q", "base": {
          "environment": { "id": "target" }, "policy": { "kind": "linear", "bias": true },
          "training": { "episodes": 20 }, "evaluation": { "episodes": 1 } },
        "seeds": 1, "score": { "goal": "maximize" } }
      """)
    try program.run("run", "experiments/point.json", "--no-report")
    let folder = try #require(try program.trialFolders("point").first)
    let checkpoint = folder.appendingPathComponent("checkpoints/000020.safetensors").path
    let played = try program.run("play", checkpoint, "--episodes", "1")
    #expect(played.output.contains("1 in 1 decision\n"), "\(played)")
  }

  @Test("A checkpoint plays its evaluation games again, and saves one to watch")
  func play() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let folder = try #require(try program.trialFolders("small").first)
    let checkpoint = folder.appendingPathComponent("checkpoints/000020.safetensors").path
    let stored = try program.lines("\(folder.path)/evaluations.csv")[1].split(separator: ",")
    let played = try program.run("play", checkpoint, "--episodes", "2")
    #expect(played.status == 0, "\(played.error)")
    // As all numbers of sentences: a game of Pong has more than a thousand decisions.
    let length = try #require(Int(stored[3]))
    #expect(
      played.output.hasPrefix(
        "game 1: \(stored[2].replacing("-", with: "−")) in \(length / 1_000),"
          + "\(String(format: "%03d", length % 1_000)) decisions\n"), "\(played.output)")
    for (name, magic) in [
      ("g.html", "<!doctype html>"), ("g.apng", "\u{89}PNG"), ("g.gif", "GIF89a"),
      ("g.replay", "RBREPLAY"),
      ("g-arena.html", "<!doctype html>"),
    ] {
      let saved = try program.run("play", checkpoint, "--save", name, "--seconds", "3")
      #expect(saved.status == 0, "\(saved.error)")
      let bytes = try Data(contentsOf: program.folder.appendingPathComponent(name))
      #expect(bytes.starts(with: magic.unicodeScalars.map { UInt8($0.value) }), "\(name)")
    }
    let recorded = try Data(contentsOf: folder.appendingPathComponent("replays/000020.replay"))
    #expect(try Data(contentsOf: program.folder.appendingPathComponent("g.replay")) == recorded)
    let bad = try program.run("play", checkpoint, "--save", "g.avi")
    #expect(bad.status == 2)
    #expect(bad.error.contains("allowed: a file that ends in .html, .apng, .png, .gif, .mp4 or"))
    let alone = try program.run("play", checkpoint, "--against", checkpoint)
    #expect(alone.status == 2 && alone.error.contains("--against goes with --save arena.html"))
  }

  @Test("A film is made by ffmpeg; without it a sentence says so, and nothing is left behind")
  func film() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let trial = try #require(try program.trialFolders("small").first).path
    let words = ["play", "\(trial)/checkpoints/000020.safetensors", "--save", "g.mp4"]
    let without = try program.start(
      words, wrapper: ["/usr/bin/env", "PATH=/nowhere"]
    ).wait()
    #expect(without.status == 2 && without.output.isEmpty)
    #expect(without.error.contains("--save g.mp4 needs ffmpeg, which is not here: apt install"))
    let made = try program.start(words + ["--seconds", "3"]).wait()
    #expect(made.status == 0, "\(made.error)")
    let bytes = try Data(contentsOf: program.folder.appendingPathComponent("g.mp4"))
    #expect(bytes.dropFirst(4).starts(with: Array("ftyp".utf8)) && bytes.count > 2_000)
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(left.filter { $0.hasPrefix("g.") } == ["g.mp4"])
  }

  @Test("A run of an earlier program, whose plan knows fewer parameters, plays and is reported")
  func earlierPlan() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let trial = try #require(try program.trialFolders("small").first).path
    let checkpoint = "\(trial)/checkpoints/000020.safetensors"
    let played = try program.run("play", checkpoint, "--episodes", "1")
    let path = program.folder.appendingPathComponent("runs/small/plan.json")
    let plan = try String(contentsOf: path, encoding: .utf8)
    let earlier = plan.replacing(/\s*"entropyBoost(Decisions)?": ?[0-9]+,/, with: "")
    #expect(plan.count - earlier.count > 40 && !earlier.contains("entropyBoost"))
    try earlier.write(to: path, atomically: true, encoding: .utf8)
    let again = try program.run("play", checkpoint, "--episodes", "1")
    #expect(again.status == 0 && again.output == played.output, "\(again.error)")
    let report = try program.run("report", "small")
    #expect(report.status == 0, "\(report.error)")
  }
}

extension Program {
  /// The lines of a file, from the program's folder unless absolute.
  func lines(_ name: String) throws -> [String] {
    let url = name.hasPrefix("/") ? URL(fileURLWithPath: name) : folder.appendingPathComponent(name)
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
