// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import Statistics
import Testing

@Suite("A run is what its files say, each time it is looked at")
struct StoredRunTests {
  /// All that is said of the trials.
  static func said(_ run: StoredRun) -> [String] {
    run.trials.map { trial in
      TrialFacts.kinds.keys.sorted().map { "\($0) \(String(describing: trial.value(of: $0)))" }
        .joined(separator: "; ")
    }
  }

  static func naiveScore(seed: Int, episodes: Int = 20) -> Double {
    let window = (episodes - 4...episodes).map { SampleRun.value(seed: seed, episode: $0) }
    return window.reduce(0, +) / 5
  }

  @Test("What is said of a trial is computed from its records, twice the same")
  func measures() throws {
    let sample = try SampleRun(seeds: 5, stored: 4)
    let run = try StoredRun(sample.folder)
    #expect(Self.said(run) == Self.said(try StoredRun(sample.folder)))
    #expect(run.counts == [.finished: 4, .pending: 1])
    for trial in run.trials.dropLast() {
      let seed = try #require(trial.seed)
      #expect(trial.measures.score == Self.naiveScore(seed: seed))
      #expect(trial.measures.evaluationMean == 1.5)
      #expect(trial.decisionsPerSecond == 50)
      #expect(trial.label == "the only one")
    }
  }

  @Test("What changed is seen: a status, a record of the same length with its dates kept, a folder")
  func changes() throws {
    let sample = try SampleRun(seeds: 4)
    let before = try StoredRun(sample.folder)
    try sample.write(seed: 2, episodes: 12)
    let changed = try StoredRun(sample.folder)
    #expect(changed.trials[2].measures.score == Self.naiveScore(seed: 2, episodes: 12))

    let path = sample.trial(1).episodesPath
    let dates = try FileManager.default.attributesOfItem(atPath: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let last = try #require(text.split(separator: "\n").last)
    let value = Int(SampleRun.value(seed: 1, episode: 20))
    let other = value < 0 ? "-9" : String(repeating: "9", count: "\(value)".count)
    let replaced = last.replacing(",\(value),", with: ",\(other),")
    try text.replacing(last, with: replaced).write(
      toFile: path, atomically: false, encoding: .utf8)
    let kept = try #require(dates[.modificationDate] as? Date)
    try FileManager.default.setAttributes([.modificationDate: kept], ofItemAtPath: path)
    let rewritten = try #require(try StoredRun(sample.folder).trials[1].measures.score)
    #expect(rewritten != before.trials[1].measures.score)

    try FileManager.default.removeItem(atPath: sample.trial(3).path)
    let gone = try StoredRun(sample.folder)
    #expect(gone.trials[3].state == .pending)
    #expect(gone.trials[3].measures.score == nil)
  }

  @Test("Another score rule judges all trials anew")
  func otherRule() throws {
    let sample = try SampleRun(seeds: 2)
    _ = try StoredRun(sample.folder)
    try sample.folder.writePlan(
      SampleRun.plan(
        name: "sample", seeds: 2,
        score: .init(metric: .episodesToThreshold, goal: .minimize, threshold: 500)))
    let run = try StoredRun(sample.folder)
    #expect(run.trials.map(\.measures.score) == [.infinity, .infinity])
  }

  @Test("An index of an earlier version, whatever is in it, is neither read nor touched")
  func olderIndex() throws {
    let sample = try SampleRun(seeds: 3)
    let said = Self.said(try StoredRun(sample.folder))
    #expect(!Disk.isPresent(sample.folder.indexPath))
    let bytes = (0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try AtomicFile.write(bytes, to: sample.folder.indexPath)
    #expect(Self.said(try StoredRun(sample.folder)) == said)
    #expect(try Disk.read(sample.folder.indexPath) == bytes)
  }

  @Test("A damaged record is told of its trial alone, which has no score")
  func damaged() throws {
    let sample = try SampleRun(seeds: 3)
    let path = sample.trial(1).episodesPath
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\n7,", with: "\n8,").write(
      toFile: path, atomically: true, encoding: .utf8)
    let run = try StoredRun(sample.folder)
    #expect(run.counts == [.finished: 2, .damaged: 1])
    #expect(run.trials[1].measures.score == nil)
    #expect(run.trials[1].measures.problem?.contains("line 8 does not follow") == true)
    #expect(run.trials[2].measures.score == Self.naiveScore(seed: 2))
  }

  @Test("Several readers at once, while trials change, all see whole trials")
  func together() async throws {
    let sample = try SampleRun(seeds: 40)
    await withTaskGroup(of: Void.self) { group in
      for reader in 0..<6 {
        group.addTask {
          for round in 0..<5 {
            if reader == 0 { try? sample.write(seed: round, episodes: 20) }
            let run = try? StoredRun(sample.folder)
            let scores = run?.trials.compactMap(\.measures.score)
            #expect((scores?.count ?? 0) >= 39)
          }
        }
      }
    }
    let run = try StoredRun(sample.folder)
    #expect(run.trials.map(\.measures.score) == (0..<40).map { Self.naiveScore(seed: $0) })
  }

  @Test("Stored trials that no plan names, and a run without a plan, are shown all the same")
  func unplanned() throws {
    let sample = try SampleRun(seeds: 2)
    try sample.write(seed: 9, episodes: 20)
    let run = try StoredRun(sample.folder)
    #expect(run.unplanned.map(\.id) == [SampleRun.id(seed: 9)])
    #expect(run.unplanned[0].seed == 9)
    #expect(run.unplanned[0].value(of: "algorithm.kind") == "reinforce")
    #expect(run.unplanned[0].measures.score == Self.naiveScore(seed: 9))
    try FileManager.default.removeItem(atPath: sample.folder.planPath)
    let without = try StoredRun(sample.folder)
    #expect(without.plan == nil && without.planProblem != nil)
    #expect(without.trials.count == 3)
  }

  @Test("A thousand trials are looked at in about a second of processor time")
  func thousand() throws {
    let sample = try SampleRun(seeds: 1_000, episodes: 5)
    let begin = Self.processorSeconds
    #expect(try StoredRun(sample.folder).trials.count == 1_000)
    // Optimized it takes 0.2 s; other work on the machine makes it no more than twice that.
    #expect(Self.processorSeconds - begin < 5)
  }

  /// Of the calling thread.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
