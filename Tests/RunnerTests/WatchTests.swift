// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Testing

@testable import RunStore
@testable import Runner

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

  /// A watcher that is shown the run's folder by hand.
  private final class Watch {
    private let batch: Batch
    private let watcher: FolderWatcher
    private(set) var isOver = false

    init(_ run: FakeRun, retriesFailed: Bool = false) throws {
      batch = try Batch(RunSnapshot(run.folder, plan: run.plan), retriesFailed: retriesFailed)
      watcher = FolderWatcher(run.folder)
      #expect(watcher.begin(batch).count == batch.jobs.count)
    }

    /// What it tells of the trials, without their numbers.
    func look() throws -> [String] {
      var statuses: [Int: TrialStatus] = [:]
      for (index, job) in batch.jobs.enumerated() { statuses[index] = try job.folder.readStatus() }
      isOver = false
      return watcher.look(statuses, after: 0.5, at: 0).compactMap { report in
        switch report {
        case .started: return "started"
        case .told(_, let result): return "\(result)"
        case .broken(FolderWatcher.End.over): isOver = true
        case .broken(FolderWatcher.End.nothingRuns): break
        default: return "other"
        }
        return nil
      }
    }
  }

  @Test("What the folder shows becomes the events of a batch")
  func events() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    let watch = try Watch(run)
    #expect(try watch.look() == [])
    try folder.writeStatus(status(.running, 100))
    #expect(try watch.look() == ["started"])
    try folder.writeStatus(status(.running, 300))
    #expect(try watch.look() == [] && !watch.isOver)
    try folder.writeStatus(status(.finished, 2_000, evaluated: 20))
    #expect(try watch.look() == ["finished"])
    #expect(watch.isOver)
  }

  @Test("What a running trial writes becomes news, with a rate; what does not change is none")
  func news() throws {
    let job = try FakeRun.batch(seeds: 1).jobs[0]
    var follower = TrialFollower(0, job, showsTrend: true, at: 0)
    func names(_ status: TrialStatus, at seconds: Double) -> [String] {
      follower.news(status, at: seconds).map { event in
        switch event {
        case .progressed(_, let status, let rate):
          "\(job.isEvaluating(status) ? "evaluating" : "training") \(rate ?? 0)"
        case .noted(let sentence): sentence
        default: "other"
        }
      }
    }
    #expect(names(status(.running, 100), at: 1) == ["training 0.0"])
    #expect(names(status(.running, 100), at: 2) == [])
    #expect(names(status(.running, 300), at: 5) == ["training 50000.0"])
    #expect(names(status(.running, 2_000, evaluated: 3), at: 6) == ["evaluating 0.0"])
    #expect(names(status(.finished, 2_000, evaluated: 20), at: 7) == [])
    var long = status(.running, 0)
    long.activity = .init(phase: .playing, episode: 1, decisions: 70)
    #expect(names(long, at: 19) == ["training 0.0"])
    long.activity?.decisions = 80
    #expect(names(long, at: 21).last?.contains("no episode has ended yet after 80") == true)
  }

  @Test("A trial that starts and ends between two looks has ended, the first look included")
  func short() throws {
    let run = try FakeRun(seeds: 2, script: "")
    let trials = run.plan.trials.map { run.folder.trial($0.id) }
    let watch = try Watch(run)
    try trials[0].writeStatus(status(.finished, 2_000, evaluated: 20))
    #expect(try watch.look() == ["started", "finished"])
    #expect(try watch.look() == [])
    try trials[1].writeStatus(status(.failed, 200, message: "NaN"))
    #expect(try watch.look() == ["started", "failed(reason: \"NaN\")"])
    #expect(watch.isOver)
  }

  @Test("A trial that failed before we came counts as ended, and as at work once it is tried again")
  func failedBefore() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    try folder.writeStatus(status(.failed, 200, message: "NaN"))
    let watch = try Watch(run, retriesFailed: true)
    #expect(try watch.look() == [])
    #expect(watch.isOver)
    try folder.writeStatus(status(.running, 200, session: 2))
    #expect(try watch.look() == ["started"])
    #expect(!watch.isOver)
    try folder.writeStatus(status(.finished, 2_000, evaluated: 20, session: 2))
    #expect(try watch.look() == ["finished"])
  }

  @Test("A dead process is seen as dead whatever its status says, and its successor as new")
  func dead() throws {
    let run = try FakeRun(seeds: 1, script: "")
    let folder = run.folder.trial(run.plan.trials[0].id)
    let watch = try Watch(run)
    try folder.writeStatus(status(.running, 100))
    _ = try watch.look()
    // The same number, started at another time: what is left of a process after a reboot.
    let other = ProcessIdentity(
      pid: getpid(), startTicks: 1, bootId: ProcessIdentity.current.bootId)
    try folder.writeStatus(status(.running, 100, process: other))
    let gone = try watch.look()
    #expect(gone.count == 1 && gone[0].hasPrefix("again"), "\(gone)")
    #expect(!watch.isOver)
    try folder.writeStatus(status(.running, 100, session: 2))
    #expect(try watch.look() == ["started"])
    try folder.writeStatus(status(.failed, 200, message: "NaN", session: 2))
    #expect(try watch.look() == ["failed(reason: \"NaN\")"])
    #expect(watch.isOver)
  }

  @Test("What had ended before is no news, and where nothing runs the watching ends")
  func quiet() async throws {
    let run = try FakeRun(seeds: 2, script: "")
    try run.folder.trial(run.plan.trials[0].id).writeStatus(status(.stopped, 100))
    let log = Log()
    let batch = try Batch(RunSnapshot(run.folder, plan: run.plan))
    let before = try snapshot(of: run.path)
    await #expect(throws: FolderWatcher.End.nothingRuns) {
      try await BatchRunner(
        batch, rules: .init(jobs: nil, leaveSignals: [2]), scheduler: FolderWatcher(run.folder),
        observers: [Recorder(log)], signals: AsyncStream { _ in }
      ).run()
    }
    #expect(log.events.count == 2, "\(log.events)")
    #expect(try snapshot(of: run.path) == before, "watching wrote something")
  }

  @Test("A signal ends the watching and tells nothing of the trials")
  func left() async throws {
    let run = try FakeRun(seeds: 1, script: "")
    try run.folder.trial(run.plan.trials[0].id).writeStatus(status(.running, 100))
    let log = Log()
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    let outcome = try await BatchRunner(
      Batch(RunSnapshot(run.folder, plan: run.plan)),
      rules: .init(jobs: nil, leaveSignals: [SIGINT]), scheduler: FolderWatcher(run.folder),
      observers: [Recorder(log) { if case .progressed = $0 { sender.yield(SIGINT) } }],
      signals: signals
    ).run()
    #expect(outcome.firstSignal == SIGINT)
    #expect(log.events.count == 4, "\(log.events)")
  }

  private func snapshot(of path: String) throws -> [String] {
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try files.sorted().map { file in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(file)")
      return "\(file) \(attributes[.modificationDate] ?? "") \(attributes[.size] ?? "")"
    }
  }
}
