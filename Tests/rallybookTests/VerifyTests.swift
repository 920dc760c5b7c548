// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("verify trains again and finds what was changed")
struct VerifyTests {
  @Test("A trial that continues another is confirmed from its first episode, and so is the other")
  func extended() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 25, seeds: 1)
    let options = ["run", "experiments/small.json", "--no-report", "--set"]
    let keep = "training.keepCheckpoints=3"
    #expect(try program.start(options + [keep]).wait().status == 0)
    #expect(
      try program.start(options + [keep, "--extend", "training.episodes=65"]).wait().status == 0)
    let ids = try program.trialFolders("small").map(\.lastPathComponent)
    #expect(ids.count == 4)
    let verified = try program.start(["verify"] + ids).wait()
    #expect(verified.status == 0, "\(verified.output)\(verified.error)")
    #expect(!verified.error.contains("not compared"), "\(verified.error)")
    for episodes in [25, 65] {
      #expect(
        verified.output.split(separator: "\n").count { $0.contains(": \(episodes) episodes") } == 2,
        "\(verified.output)")
    }
  }

  @Test(
    "A sound trial is confirmed; a changed digit, weight or replay is named; nothing is touched")
  func changes() throws {
    let program = try StoreTests.ran()
    defer { program.remove() }
    let folder = try program.trialFolders("small")[0]
    let id = folder.lastPathComponent
    let before = try program.records("small")
    let sound = try program.run("verify", id)
    #expect(sound.status == 0, "\(sound.error)")
    #expect(sound.output.contains("6 episodes"), "\(sound.output)")
    #expect(sound.output.contains("numbers the same"))
    #expect(try program.records("small") == before)
    // A folder of its own: other tests verify at the same time.
    let scratch = program.folder.appendingPathComponent("scratch")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: false)
    let all = try program.start(
      ["verify"] + StoreTests.ids(program), wrapper: ["TMPDIR=\(scratch.path)"]
    ).wait()
    #expect(all.status == 0 && all.output.split(separator: "\n").count == 4, "\(all.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)

    func spoil(_ name: String, says: [String], _ change: (inout Data) throws -> Void) throws {
      let file = folder.appendingPathComponent(name)
      let good = try Data(contentsOf: file)
      defer { try? good.write(to: file) }
      var bytes = good
      try change(&bytes)
      #expect(bytes != good)
      try bytes.write(to: file)
      let result = try program.run("verify", "small/\(id)", "--quiet")
      #expect(result.status == 3, "\(name): \(result.error)")
      for part in says { #expect(result.output.contains(part), "\(name): \(result.output)") }
      #expect(try Data(contentsOf: file) == bytes)
    }
    try spoil(
      "episodes.csv",
      says: ["differs first in episodes.csv, line 5 (episode 4), return", "stored         99"]
    ) { bytes in
      var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
      var fields = lines[4].components(separatedBy: ",")
      fields[3] = "99"
      lines[4] = fields.joined(separator: ",")
      bytes = Data(lines.joined(separator: "\n").utf8)
    }
    try spoil(
      "evaluations.csv",
      says: ["evaluations.csv, line 3 (checkpoint 6, episode 2), length", "the stored file was"]
    ) { bytes in
      let place = try #require(bytes.dropLast().indices.last)
      bytes[place] = bytes[place] == UInt8(ascii: "5") ? UInt8(ascii: "6") : UInt8(ascii: "5")
    }
    // A row that is missing does not differ, yet the trial is damaged.
    try spoil("evaluations.csv", says: ["evaluations.csv: is damaged", "1 of 2 evaluated games"]) {
      bytes in
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropLast()
      bytes = Data((lines.joined(separator: "\n") + "\n").utf8)
    }
    try spoil(
      "checkpoints/000006.safetensors",
      says: ["checkpoints/000006.safetensors", "does not fit its SHA-256"]
    ) { $0[$0.count - 9] ^= 0x10 }
    try spoil("replays/000006.replay", says: ["replays/000006.replay, byte"]) {
      $0[$0.count - 9] ^= 0x10
    }
    #expect(try program.records("small") == before)
  }

  @Test("A trial of another binary, commit and processor says what changed")
  func changedFacts() throws {
    let program = try StoreTests.ran()
    defer { program.remove() }
    let folder = try program.trialFolders("small")[0]
    let file = folder.appendingPathComponent("provenance.json")
    var record = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    var sessions = try #require(record["sessions"] as? [[String: Any]])
    var machine = try #require(sessions[0]["machine"] as? [String: Any])
    machine["cpu"] = "Another CPU 3000"
    sessions[0]["machine"] = machine
    sessions[0]["binary"] = "0123456789abcdef"
    record["sessions"] = sessions
    try JSONSerialization.data(withJSONObject: record).write(to: file)
    let episodes = folder.appendingPathComponent("episodes.csv")
    let text = try String(contentsOf: episodes, encoding: .utf8)
    try text.replacing("\n1,", with: "\n1,1").write(to: episodes, atomically: true, encoding: .utf8)
    let result = try program.run("verify", folder.lastPathComponent)
    #expect(result.status == 3)
    #expect(result.output.contains("line 2 (episode 1), decisions"), "\(result.output)")
    #expect(result.output.contains("changed: binary: 0123456789abcdef → "), "\(result.output)")
    #expect(result.output.contains("changed: CPU: Another CPU 3000 → "))
    #expect(!result.output.contains("changed: version"))
  }

  @Test("A configuration that does not fit its name is refused with status 4")
  func foreignConfiguration() throws {
    let program = try StoreTests.ran()
    defer { program.remove() }
    let folder = try program.trialFolders("small")[0]
    try Data("{}".utf8).write(to: folder.appendingPathComponent("config.json"))
    let result = try program.run("verify", folder.lastPathComponent)
    #expect(result.status == 4 && result.error.contains("identity-mismatch"), "\(result.error)")
  }

  @Test(
    "A stopped trial is verified as far as it came; one that no plan names by its identity alone")
  func partial() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 400, seeds: 1)
    let child = try program.start(["run", "experiments/small.json", "--no-report"])
    var waits = 0
    func isUnderway() -> Bool {
      let folders = (try? program.trialFolders("small")) ?? []
      return folders.count == 2
        && folders.allSatisfy { folder in
          let text = try? String(
            contentsOf: folder.appendingPathComponent("episodes.csv"), encoding: .utf8)
          return (text ?? "").split(separator: "\n").count > 10
        }
    }
    while !isUnderway() && waits < 4000 {
      usleep(5000)
      waits += 1
    }
    kill(child.pid, SIGINT)
    #expect(child.wait().status == 5)
    let id = try StoreTests.ids(program)[0]
    let result = try program.run("verify", id)
    #expect(result.status == 0, "\(result.error)\(result.output)")
    #expect(result.output.contains("numbers the same"))
    try FileManager.default.removeItem(
      at: program.folder.appendingPathComponent("runs/small/plan.json"))
    let alone = try program.run("verify", id)
    #expect(alone.status == 0, "\(alone.error)\(alone.output)")
    #expect(alone.output.contains("numbers the same"))
  }

  @Test("A session that only evaluates does not replace what trained")
  func sessions() throws {
    let program = try StoreTests.ran()
    defer { program.remove() }
    let folder = try program.trialFolders("small")[0]
    let file = folder.appendingPathComponent("provenance.json")
    let more = try program.run(
      "run", "experiments/small.json", "--no-report", "--set", "evaluation.episodes=3")
    #expect(more.status == 0, "\(more.error)")
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let sessions = try #require(record["sessions"] as? [[String: Any]])
    #expect(sessions.count == 2)
    for session in sessions {
      for key in ["versions", "machine", "experimentHash", "binary"] {
        #expect(session[key] != nil, "\(key)")
      }
    }
    let show = try program.run("show", folder.lastPathComponent)
    #expect(show.output.contains("episodes 0 to 6") && show.output.contains("evaluation only"))
  }
}
