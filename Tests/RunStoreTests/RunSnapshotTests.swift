// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import TestSupport
import Testing

@testable import RunStore

@Suite struct RunSnapshotTests {
  private func trial(_ seed: Int, in run: RunFolder) throws -> TrialFolder {
    let folder = run.trial(SamplePlan.id(seed: seed))
    try folder.create()
    try folder.writeConfig(SamplePlan.config(seed: seed))
    return folder
  }

  @Test("Every state is told from the files and the living processes")
  func states() throws {
    let temporary = try TemporaryFolder()
    let run = RunFolder(runs: temporary.path, name: "sample")
    try run.create()
    let dead = ProcessIdentity(pid: 1, startTicks: 0, bootId: "another boot")
    try trial(0, in: run).writeStatus(SamplePlan.status(.running))
    try trial(1, in: run).writeStatus(SamplePlan.status(.running, process: dead))
    try trial(2, in: run).writeStatus(SamplePlan.status(.stopped))
    try AtomicFile.write(Array("episode\n2000,\n".utf8), to: trial(2, in: run).episodesPath)
    try trial(3, in: run).writeStatus(SamplePlan.status(.failed))
    try trial(4, in: run).writeStatus(SamplePlan.status(.finished, evaluated: 20))
    try trial(5, in: run).writeStatus(SamplePlan.status(.finished, evaluated: 19))
    _ = try trial(6, in: run)
    let plan = SamplePlan.plan(seeds: 8)
    let snapshot = try RunSnapshot(run, plan: plan)
    #expect(
      snapshot.trials.map(\.state) == [
        .running, .interrupted, .stopped, .failed, .finished, .finished, .interrupted, .pending,
      ])
    #expect(snapshot.trials.map(\.isComplete).filter { $0 }.count == 1)
    #expect(snapshot.trials[4].isComplete)
    #expect(snapshot.trials[3].status?.message == "NaN")
    #expect(snapshot.counts[.finished] == 2)
    #expect(snapshot.trials[7].targetEpisodes == 2_000)
    #expect(snapshot.trials[7].evaluationEpisodes == 20)
    #expect(snapshot.trials[7].label == "the only one")
  }

  @Test(
    "A damaged status is reported with its trial and hides nothing else",
    arguments: [
      ("", "an empty file"),
      ("{\"state\":", "9 bytes that are not one JSON value"),
      ("{\"formatVersion\":1,\"state\":\"asleep\"}", "state: "),
      ("{\"state\":\"running\",\"formatVersion\":1}", "episodes: nothing"),
      ("\u{0}\u{0}\u{0}", "3 bytes that are not one JSON value"),
    ])
  func damaged(text: String, found: String) throws {
    let temporary = try TemporaryFolder()
    let run = RunFolder(path: temporary.path)
    let folder = try trial(0, in: run)
    try AtomicFile.write(Array(text.utf8), to: folder.statusPath)
    let snapshot = try RunSnapshot(run, plan: SamplePlan.plan(seeds: 2))
    let problem = try #require(snapshot.trials[0].problem)
    #expect(problem.code == .damagedRecord)
    #expect(problem.found.hasPrefix(found), "\(problem.found)")
    #expect(snapshot.trials[0].state == .damaged)
    #expect(snapshot.trials[1].state == .pending)
  }

  @Test("A status of a newer version is not read as if it were ours")
  func newer() throws {
    let temporary = try TemporaryFolder()
    let run = RunFolder(path: temporary.path)
    let folder = try trial(0, in: run)
    var status = SamplePlan.status(.finished, evaluated: 20)
    status.formatVersion = 2
    try folder.writeStatus(status)
    let trial = try RunSnapshot(run, plan: SamplePlan.plan(seeds: 1)).trials[0]
    #expect(trial.problem?.code == .newerFormat)
    #expect(!trial.isComplete)
  }

  @Test("Trials that the plan does not name, and foreign files, are listed")
  func unplanned() throws {
    let temporary = try TemporaryFolder()
    let run = RunFolder(path: temporary.path)
    _ = try trial(5, in: run)
    try Disk.makeFolder("\(run.trialsPath)/notes")
    try temporary.write("", to: "trials/.x.partial-1-0")
    try temporary.write("", to: "trials/0123456789ab")
    let snapshot = try RunSnapshot(run, plan: SamplePlan.plan(seeds: 2))
    #expect(snapshot.unplanned == [SamplePlan.id(seed: 5)])
    #expect(snapshot.foreign == ["0123456789ab", "notes"])
  }

  @Test("A run that has no folder yet has only pending trials")
  func empty() throws {
    let snapshot = try RunSnapshot(
      RunFolder(path: "/nowhere/at/all"), plan: SamplePlan.plan(seeds: 3))
    #expect(snapshot.counts == [.pending: 3])
  }

  @Test("A list of trials that cannot be read is an error with its path")
  func unreadable() throws {
    let temporary = try TemporaryFolder()
    try temporary.write("", to: "trials")
    let error = #expect(throws: RunStoreError.self) {
      try RunSnapshot(RunFolder(path: temporary.path), plan: SamplePlan.plan(seeds: 1))
    }
    #expect(
      error?.description
        == "error[unreadable]: \(temporary.path)/trials: cannot be read: Not a directory")
  }

  @Test("The plan is frozen as a whole and read back; a damaged one says what to do")
  func plan() throws {
    let temporary = try TemporaryFolder()
    let run = RunFolder(runs: temporary.path, name: "sample")
    try run.create()
    let plan = SamplePlan.plan(seeds: 2)
    try run.writePlan(plan)
    try run.writePlan(plan)
    #expect(try run.readPlan() == plan)
    #expect(try RunFolder.names(in: temporary.path) == ["sample"])
    // A run that was refused leaves a folder that holds nothing.
    let refused = RunFolder(runs: temporary.path, name: "refused")
    try refused.create()
    try AtomicFile.write([], to: refused.lockPath)
    #expect(try RunFolder.names(in: temporary.path) == ["sample"])
    try refused.trial("0123456789ab").create()
    #expect(try RunFolder.names(in: temporary.path) == ["refused", "sample"])
    try AtomicFile.write(Array("{".utf8), to: run.planPath)
    let error = #expect(throws: RunStoreError.self) { try run.readPlan() }
    #expect(error?.code == .damagedRecord)
  }
}
