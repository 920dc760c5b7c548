// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import ParameterSchema
import Testing
import Trials

@testable import RunStore

@Suite("Two records of one trial are compared in the order in which they came to be")
struct RecordComparisonTests {
  static let episodes = "episode,decisions,frames,return,length\n"
  static let updates = "update,episode,decisions,gradientNorm\n"

  /// Compares two folders that hold these files.
  static func compare(
    _ stored: [String: String], _ again: [String: String]
  ) throws -> RecordComparison {
    let root = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, files) in [("stored", stored), ("again", again)] {
      let folder = root.appending(path: name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (file, text) in files {
        try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
      }
    }
    return try RecordComparison(
      stored: TrialFolder(path: root.appending(path: "stored").path),
      again: TrialFolder(path: root.appending(path: "again").path))
  }

  /// The first difference: file, place, and what stands there.
  private static func difference(
    _ stored: [String: String], _ again: [String: String]
  ) throws -> [String]? {
    try compare(stored, again).difference.map { [$0.file, $0.place, $0.stored, $0.again] }
  }

  @Test("Of an update and a later episode that differ, the update is named")
  func order() throws {
    let stored = [
      "episodes.csv": Self.episodes + "1,10,30,-21,10\n2,20,60,-20,10\n3,30,90,-5,10\n",
      "updates.csv": Self.updates + "1,2,20,0.5\n",
    ]
    var again = stored
    again["episodes.csv"] = Self.episodes + "1,10,30,-21,10\n2,20,60,-20,10\n3,30,90,-6,10\n"
    #expect(
      try Self.difference(stored, again)
        == ["episodes.csv", "line 4 (episode 3), return", "-5", "-6"])
    again["updates.csv"] = Self.updates + "1,2,20,0.5000000001\n"
    #expect(
      try Self.difference(stored, again)
        == ["updates.csv", "line 2 (update 1), gradientNorm", "0.5", "0.5000000001"])
    again["episodes.csv"] = Self.episodes + "1,10,30,-21,10\n2,20,60,-9,10\n3,30,90,-6,10\n"
    #expect(try Self.compare(stored, again).difference?.place == "line 3 (episode 2), return")
  }

  @Test("Keys that a later version added to a checkpoint's configuration are no difference")
  func laterKeys() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    func difference(_ stored: String, _ again: String) throws -> RecordDifference? {
      for (name, text) in [("stored", stored), ("again", again)] {
        try FileManager.default.createDirectory(
          atPath: "\(root.path())/\(name)/checkpoints", withIntermediateDirectories: true)
        let file = Checkpoint(
          metadata: ["episode": "0", "observation": text],
          tensors: [Tensor(name: "w", shape: [1], values: [1])])
        try Data(file.encoded()).write(
          to: URL(filePath: "\(root.path())/\(name)/checkpoints/000000.safetensors"))
      }
      return try RecordComparison(
        stored: TrialFolder(path: "\(root.path())/stored"),
        again: TrialFolder(path: "\(root.path())/again")
      ).difference
    }
    let old = #"{"height":80,"kind":"difference"}"#
    #expect(try difference(old, #"{"height":80,"key":null,"kind":"difference"}"#) == nil)
    let other = try #require(try difference(old, #"{"height":64,"key":null,"kind":"difference"}"#))
    #expect(other.place == "observation" && other.stored == old)
    #expect(try difference(#"{"height":80,"key":null,"kind":"difference"}"#, old) != nil)
  }

  @Test("Numbers are compared by their bits, not by how they are written")
  func bits() throws {
    let stored = ["updates.csv": Self.updates + "1,2,20,5e-1\n2,4,40,\n3,6,60,nan\n"]
    let again = ["updates.csv": Self.updates + "1,2,20,0.5\n2,4,40,\n3,6,60,nan\n"]
    let same = try Self.compare(stored, again)
    #expect(same.difference == nil && same.amounts.updates == 3)
    let zero = ["updates.csv": Self.updates + "1,2,20,0.0\n"]
    let negative = ["updates.csv": Self.updates + "1,2,20,-0.0\n"]
    #expect(try Self.compare(zero, negative).difference != nil)
    #expect(
      try Self.compare(zero, ["updates.csv": Self.updates + "1,2,20,\n"]).difference != nil)
  }

  @Test("A stored record may be the beginning of the new one, not the other way round")
  func lengths() throws {
    let short = ["episodes.csv": Self.episodes + "1,10,30,-21,10\n"]
    let long = ["episodes.csv": Self.episodes + "1,10,30,-21,10\n2,20,60,-20,10\n"]
    #expect(try Self.compare(short, long).difference == nil)
    let gone = try Self.compare(long, short)
    #expect(gone.difference?.place == "line 3 (episode 2), the whole row")
    #expect(gone.difference?.again == "nothing")
  }

  @Test("Columns of another version are named as not compared")
  func columns() throws {
    let stored = ["updates.csv": "update,episode,decisions,gradientNorm,old\n1,2,20,0.5,7\n"]
    let again = ["updates.csv": "update,episode,new,decisions,gradientNorm\n1,2,9,20,0.5\n"]
    let comparison = try Self.compare(stored, again)
    #expect(comparison.difference == nil)
    #expect(comparison.amounts.uncompared == ["updates.csv, column old"])
  }

  @Test("What changed is named, with every value of the sessions that trained")
  func facts() {
    func session(_ cpu: String, _ commit: String, binary: String?) -> Provenance.Session {
      Provenance.Session(
        startedAt: "", endedAt: "", wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0,
        fromEpisode: 0, toEpisode: 1,
        versions: .init(rallybook: "0.1.0", swift: "6.3", format: 1),
        git: GitState(commit: commit, dirty: false),
        machine: MachineFacts(
          cpu: cpu, cores: 2, kernel: "Linux", os: "Debian", vectorExtension: "avx2"),
        binary: binary)
    }
    let now = session("B", "2", binary: "ff")
    #expect(ChangedFact.all(stored: [now], now: now).isEmpty)
    let before = [session("A", "2", binary: nil), session("B", "2", binary: nil)]
    #expect(
      ChangedFact.all(stored: before, now: now).map { [$0.name, $0.then, $0.now] }
        == [["binary", "not recorded", "ff"], ["CPU", "A; B", "B"]])
    let changes = ChangedFact.configuration(
      stored: ["policy": ["bias": false, "hidden": [200]], "seed": 1],
      now: ["policy": ["bias": true, "hidden": [200], "extra": nil], "seed": 1])
    #expect(
      changes.map { [$0.name, $0.then, $0.now] } == [
        ["configuration, policy.bias", "false", "true"],
        ["configuration, policy.extra", "not there", "null"],
      ])
  }
}
