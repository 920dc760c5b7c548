// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import RunStore
import TestSupport
import Testing

@Suite("What is put aside can be put back, and nothing else is touched")
struct TrashTests {
  @Test("A run's garbage: in no plan, old checkpoints, used resume points, interrupted writes")
  func garbage() throws {
    let folder = try TemporaryFolder()
    let run = RunFolder(runs: folder.path, name: "sample")
    try run.create()
    let plan = SamplePlan.plan(seeds: 2)
    for seed in [0, 1, 7, 8] {
      let trial = run.trial(SamplePlan.id(seed: seed))
      try trial.create()
      try trial.writeConfig(SamplePlan.config(seed: seed))
      // The last one is trained just now, for whatever plan.
      try trial.writeStatus(
        SamplePlan.status(seed == 1 ? .stopped : seed == 8 ? .running : .finished))
      for episodes in stride(from: 0, through: 1_000, by: 100) {
        try AtomicFile.write([1, 2, 3], to: trial.checkpointPath(episodes: episodes))
      }
      try AtomicFile.write([1], to: trial.resumePath)
      try AtomicFile.write([1], to: "\(trial.checkpointsPath)/.x.partial-1-0")
    }
    let found = try Garbage.found(
      in: RunSnapshot(run, plan: plan), planned: Set(plan.trials.map(\.id)), keepCheckpoints: 4)
    let finished = "sample/trials/\(SamplePlan.id(seed: 0))"
    let stopped = "sample/trials/\(SamplePlan.id(seed: 1))"
    #expect(
      found.filter { $0.reason == .unplannedTrial }.map(\.path)
        == ["sample/trials/\(SamplePlan.id(seed: 7))"])
    #expect(found.filter { $0.reason == .oldCheckpoint }.count == 7)
    #expect(found.filter { $0.reason == .oldCheckpoint }.allSatisfy { $0.path.hasPrefix(finished) })
    // One that was stopped goes on from there.
    #expect(
      found.filter { $0.reason == .usedResumePoint }.map(\.path)
        == ["\(finished)/resume.safetensors"])
    #expect(
      Set(found.filter { $0.reason == .interruptedWrite }.map(\.path)) == [
        "\(finished)/checkpoints/.x.partial-1-0", "\(stopped)/checkpoints/.x.partial-1-0",
      ])
    let planned = Set((plan.trials.map(\.id)) + [SamplePlan.id(seed: 7)])
    let others = try Garbage.found(
      in: RunSnapshot(run, plan: plan), planned: planned, keepCheckpoints: nil)
    #expect(!others.contains { $0.reason == .unplannedTrial || $0.reason == .oldCheckpoint })

    let trash = Trash(runs: folder.path)
    let entry = try trash.put(found, now: "2026-11-24T10:45:00Z")
    #expect(entry.name == "20261124T104500Z" && entry.present.count == found.count)
    // The first and the newest two always stay.
    let kept = try run.trial(SamplePlan.id(seed: 0)).checkpoints().map(\.episodes)
    #expect(kept == [0, 400, 900, 1_000], "\(kept)")
    #expect(try RunFolder.names(in: folder.path) == ["sample"])
    let second = try trash.put([], now: "2026-11-24T10:45:00Z")
    #expect(second.name == "20261124T104500Z-2")
    let restored = try trash.restore(trash.entries()[0])
    #expect(Set(restored.paths) == Set(found.map(\.path)) && restored.blocked.isEmpty)
    #expect(try trash.entries().map(\.name) == [second.name])
    #expect(try run.trial(SamplePlan.id(seed: 0)).checkpoints().count == 11)
  }

  @Test("A manifest that points out of the runs is refused")
  func escape() throws {
    let folder = try TemporaryFolder()
    let runs = "\(folder.path)/runs"
    try Disk.makeFolder("\(runs)/.trash/entry/inner")
    try folder.write("x", to: "runs/.trash/outside")
    for path in ["../outside", "a//b", "", "/etc/passwd", "inner/../../outside"] {
      let manifest = """
        {"formatVersion":1,"createdAt":"","items":[{"path":"\(path)","reason":"copy","bytes":1},
         {"path":"inner","reason":"copy","bytes":1}]}
        """
      try folder.write(manifest, to: "runs/.trash/entry/manifest.json")
      let entry = try #require(try Trash(runs: runs).entries().first)
      if entry.present.contains(where: { $0.path == path }) {
        #expect(throws: RunStoreError.self) { try Trash(runs: runs).restore(entry) }
      }
      #expect(Disk.isPresent("\(runs)/.trash/outside"))
    }
  }
}
