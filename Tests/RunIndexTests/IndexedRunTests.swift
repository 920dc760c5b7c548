// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import ParameterSchema
import RunIndex
import RunStore
import Testing

@Suite("The index is a cache: it saves reading and changes nothing that is said")
struct IndexedRunTests {
  /// What is said of the trials, without how it was found.
  static func said(_ run: IndexedRun) -> [String] {
    run.trials.map { trial in
      TrialFacts.kinds.keys.sorted().map { "\($0) \(String(describing: trial.value(of: $0)))" }
        .joined(separator: "; ")
    }
  }

  static func naiveScore(seed: Int, episodes: Int = 20) -> Double {
    let window = (episodes - 4...episodes).map { StoredRun.value(seed: seed, episode: $0) }
    return window.reduce(0, +) / 5
  }

  @Test("The first look reads every trial, the second none, and both say the same")
  func secondLook() throws {
    let stored = try StoredRun(seeds: 5, stored: 4)
    let first = try IndexedRun(stored.folder)
    let second = try IndexedRun(stored.folder)
    #expect(first.source == .index(read: 4))
    #expect(second.source == .index(read: 0))
    #expect(Self.said(first) == Self.said(second))
    #expect(second.counts == [.finished: 4, .pending: 1])
    for trial in second.trials.dropLast() {
      let seed = try #require(trial.seed)
      #expect(trial.measures.score == Self.naiveScore(seed: seed))
      #expect(trial.measures.evaluationMean == 1.5)
      #expect(trial.decisionsPerSecond == 50)
      #expect(trial.label == "the only one")
    }
  }

  @Test("Only what changed is read again: a status, a record, a copy with its dates kept")
  func changes() throws {
    let stored = try StoredRun(seeds: 4)
    _ = try IndexedRun(stored.folder)
    try stored.write(seed: 2, episodes: 12)
    let changed = try IndexedRun(stored.folder)
    #expect(changed.source == .index(read: 1))
    #expect(changed.trials[2].measures.score == Self.naiveScore(seed: 2, episodes: 12))

    // Another content of the same length, with the dates of the old one.
    let path = stored.trial(1).episodesPath
    let dates = try FileManager.default.attributesOfItem(atPath: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let last = try #require(text.split(separator: "\n").last)
    let value = Int(StoredRun.value(seed: 1, episode: 20))
    let other = value < 0 ? "-9" : String(repeating: "9", count: "\(value)".count)
    let replaced = last.replacing(",\(value),", with: ",\(other),")
    try text.replacing(last, with: replaced).write(
      toFile: path, atomically: false, encoding: .utf8)
    let kept = try #require(dates[.modificationDate] as? Date)
    try FileManager.default.setAttributes([.modificationDate: kept], ofItemAtPath: path)
    #expect(try IndexedRun(stored.folder).source == .index(read: 1))

    try FileManager.default.removeItem(atPath: stored.trial(3).path)
    let gone = try IndexedRun(stored.folder)
    #expect(gone.trials[3].state == .pending)
    #expect(gone.trials[3].measures.score == nil)
  }

  @Test("Another score rule judges all trials anew")
  func otherRule() throws {
    let stored = try StoredRun(seeds: 2)
    _ = try IndexedRun(stored.folder)
    try stored.folder.writePlan(
      StoredRun.plan(
        name: "sample", seeds: 2,
        score: .init(metric: .episodesToThreshold, goal: .minimize, threshold: 500)))
    let run = try IndexedRun(stored.folder)
    #expect(run.source == .index(read: 2))
    #expect(run.trials.map(\.measures.score) == [.infinity, .infinity])
    #expect(try IndexedRun(stored.folder).trials.map(\.measures.score) == [.infinity, .infinity])
  }

  @Test(
    "A damaged, cut, foreign or older index is made anew",
    arguments: ["noise", "middle", "cut", "empty", "foreign", "version", "folder"])
  func damage(kind: String) throws {
    let stored = try StoredRun(seeds: 30)
    let said = Self.said(try IndexedRun(stored.folder))
    let path = stored.folder.indexPath
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(bytes.count > 8_192)
    switch kind {
    case "noise": bytes = Data((0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    case "middle": for place in 4_096..<bytes.count { bytes[place] ^= 0x5A }
    case "cut": bytes = bytes.prefix(5_000)
    case "empty": bytes = Data()
    case "foreign": bytes[71] ^= 1  // application_id, bytes 68 to 71
    case "version": bytes[63] = 99  // user_version, bytes 60 to 63
    default: break
    }
    if kind == "folder" {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } else {
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    let again = try IndexedRun(stored.folder)
    #expect(Self.said(again) == said)
    if kind == "folder" {
      // No file can be kept there, and nothing needs one.
      #expect(again.source == .folders)
      #expect(Self.said(try IndexedRun(stored.folder)) == said)
    } else {
      #expect(again.source == .index(read: 30))
      #expect(try IndexedRun(stored.folder).source == .index(read: 0))
    }
    #expect(try IndexedRun(stored.folder, rebuilds: true).trials.count == 30)
  }

  @Test("Several readers at once, while trials change, all see whole trials")
  func together() async throws {
    let stored = try StoredRun(seeds: 40)
    await withTaskGroup(of: Void.self) { group in
      for reader in 0..<6 {
        group.addTask {
          for round in 0..<5 {
            if reader == 0 { try? stored.write(seed: round, episodes: 20) }
            let run = try? IndexedRun(stored.folder, rebuilds: reader == 1 && round == 2)
            let scores = run?.trials.compactMap(\.measures.score)
            #expect((scores?.count ?? 0) >= 39)
          }
        }
      }
    }
    let run = try IndexedRun(stored.folder)
    #expect(run.trials.map(\.measures.score) == (0..<40).map { Self.naiveScore(seed: $0) })
  }

  @Test("Stored trials that no plan names, and a run without a plan, are shown all the same")
  func unplanned() throws {
    let stored = try StoredRun(seeds: 2)
    try stored.write(seed: 9, episodes: 20)
    let run = try IndexedRun(stored.folder)
    #expect(run.unplanned.map(\.id) == [StoredRun.id(seed: 9)])
    #expect(run.unplanned[0].seed == 9)
    #expect(run.unplanned[0].value(of: "algorithm.kind") == "reinforce")
    try FileManager.default.removeItem(atPath: stored.folder.planPath)
    let without = try IndexedRun(stored.folder)
    #expect(without.plan == nil && without.planProblem != nil)
    #expect(without.trials.count == 3)
  }

  @Test("A thousand trials are looked at in well under a second, once they were read")
  func thousand() throws {
    let stored = try StoredRun(seeds: 1_000, episodes: 5)
    _ = try IndexedRun(stored.folder)
    var run: IndexedRun?
    let time = try ContinuousClock().measure { run = try IndexedRun(stored.folder) }
    #expect(run?.source == .index(read: 0))
    #expect(run?.trials.count == 1_000)
    // Alone and optimized it takes 0.1 s; the bound leaves room for other tests beside it.
    #expect(time < .seconds(3))
  }
}
