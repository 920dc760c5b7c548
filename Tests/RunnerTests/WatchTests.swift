// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import RunStore
import Runner
import Testing

@Suite(.timeLimit(.minutes(10))) struct WatchTests {
  private func status(
    _ state: TrialStatus.State, _ episodes: Int, evaluated: Int = 0, message: String? = nil,
    process: ProcessIdentity = .current, session: Int = 1
  ) -> TrialStatus {
    TrialStatus(
      state: state, episodes: episodes, targetEpisodes: 2_000, decisions: episodes * 1_000,
      smoothedMean: -3, evaluated: evaluated, message: message, process: process,
      startedAt: "2026-11-24T06:39:0\(session)Z", updatedAt: "\(episodes) \(evaluated)")
  }

  private func names(_ events: [BatchEvent]) -> [String] {
    events.map { event in
      switch event {
      case .started: "started"
      case .remembered: "remembered"
      case .progressed(_, let status, _): status.episodes < 2_000 ? "training" : "evaluating"
      case .ended(_, let end): "\(end.result)"
      default: "other"
      }
    }
  }

  @Test("What the folder shows becomes the events of a batch")
  func events() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    var follower = FolderFollower(try Batch(RunSnapshot(run.folder, plan: run.plan)))
    #expect(names(follower.look(at: 0)) == [])
    try folder.writeStatus(status(.running, 100))
    #expect(names(follower.look(at: 1)) == ["started", "training"])
    #expect(names(follower.look(at: 2)) == [])
    try folder.writeStatus(status(.running, 300))
    let news = follower.look(at: 4)
    guard case .progressed(_, _, let rate)? = news.first else { Issue.record("\(news)"); return }
    #expect(rate == 200_000.0 / 3)
    try folder.writeStatus(status(.running, 2_000, evaluated: 3))
    #expect(names(follower.look(at: 5)) == ["evaluating"])
    #expect(follower.isAnyAtWork && !follower.isOver)
    try folder.writeStatus(status(.finished, 2_000, evaluated: 20))
    #expect(names(follower.look(at: 6)) == ["finished"])
    #expect(follower.isOver)
  }

  @Test("A trial that starts and ends between two looks has ended, the first look included")
  func short() throws {
    let run = try FakeRun(seeds: 2, script: "")
    let trials = run.plan.trials.map { run.folder.trial($0.id) }
    var follower = FolderFollower(try Batch(RunSnapshot(run.folder, plan: run.plan)))
    try trials[0].writeStatus(status(.finished, 2_000, evaluated: 20))
    #expect(names(follower.look(at: 0)) == ["started", "finished"])
    #expect(names(follower.look(at: 1)) == [])
    try trials[1].writeStatus(status(.failed, 200, message: "NaN"))
    #expect(names(follower.look(at: 2)) == ["started", "failed(reason: \"NaN\")"])
    #expect(follower.isOver)
  }

  @Test("A trial that failed before we came counts as ended, and as at work once it is tried again")
  func failedBefore() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    try folder.writeStatus(status(.failed, 200, message: "NaN"))
    let batch = try Batch(RunSnapshot(run.folder, plan: run.plan), retriesFailed: true)
    var follower = FolderFollower(batch)
    #expect(names(follower.look(at: 0)) == [])
    #expect(follower.isOver)
    try folder.writeStatus(status(.running, 200, session: 2))
    #expect(names(follower.look(at: 1)).first == "started")
    #expect(!follower.isOver)
    try folder.writeStatus(status(.finished, 2_000, evaluated: 20, session: 2))
    #expect(names(follower.look(at: 2)) == ["finished"])
  }

  @Test("A dead process is seen as dead whatever its status says, and its successor as new")
  func dead() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    var follower = FolderFollower(try Batch(RunSnapshot(run.folder, plan: run.plan)))
    try folder.writeStatus(status(.running, 100))
    _ = follower.look(at: 0)
    // The same number, started at another time: what is left of a process after a reboot.
    let other = ProcessIdentity(
      pid: getpid(), startTicks: 1, bootId: ProcessIdentity.current.bootId)
    try folder.writeStatus(status(.running, 100, process: other))
    let gone = names(follower.look(at: 1))
    #expect(gone.count == 1 && gone[0].hasPrefix("again"), "\(gone)")
    #expect(!follower.isAnyAtWork && !follower.isOver)
    try folder.writeStatus(status(.running, 100, session: 2))
    #expect(names(follower.look(at: 2)).first == "started")
    try folder.writeStatus(status(.failed, 200, message: "NaN", session: 2))
    #expect(names(follower.look(at: 3)) == ["failed(reason: \"NaN\")"])
    #expect(follower.isOver)
  }

  @Test("What had ended before is no news, and where nothing runs the watching ends")
  func quiet() async throws {
    let run = try FakeRun(seeds: 2, script: "")
    try run.folder.trial(run.plan.trials[0].id).writeStatus(status(.stopped, 100))
    let log = Log()
    let batch = try Batch(RunSnapshot(run.folder, plan: run.plan))
    let before = try snapshot(of: run.path)
    let end = await BatchWatcher(
      batch, observers: [Recorder(log)], signals: AsyncStream { _ in }
    ).run()
    #expect(end == .nothingRuns)
    #expect(log.events.count == 2, "\(log.events)")
    #expect(try snapshot(of: run.path) == before, "watching wrote something")
  }

  private func snapshot(of path: String) throws -> [String] {
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try files.sorted().map { file in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
      return "\(file) \(attributes[.modificationDate] ?? "") \(attributes[.size] ?? "")"
    }
  }
}
