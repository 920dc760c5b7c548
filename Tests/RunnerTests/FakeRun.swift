// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import Statistics
import Testing

@testable import Runner

/// A run in a folder of its own whose trials are played by a shell script.
final class FakeRun: Sendable {
  let path: String
  let folder: RunFolder
  let plan: Plan

  static let label = "discount off · normalize episode"

  /// - Parameter script: the body of the child; it has `$DIR`, the trial's folder, `$HERE`, the one of the run's folder,
  ///   `$SEED`, and
  ///   `status STATE EPISODES [MESSAGE]`, which writes `status.json`.
  init(seeds: Int, script: String, name: String = "fake") throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID())")
    path = url.path
    folder = RunFolder(runs: path, name: name)
    try folder.create()
    plan = Self.plan(seeds: seeds, name: name)
    try folder.writePlan(plan)
    for trial in plan.trials {
      try folder.trial(trial.id).create()
      try folder.trial(trial.id).writeConfig(Self.config(seed: trial.seed))
    }
    let cases = plan.trials.map { "\($0.id)) SEED=\($0.seed) ;;\n" }.joined()
    try write("case $3 in\n\(cases)esac\n", to: "seeds.sh")
    try write(script, to: "script.sh")
  }

  /// The program that plays the trials.
  static func programPath() throws -> String {
    try #require(Bundle.module.path(forResource: "child", ofType: "sh", inDirectory: "Fixtures"))
  }

  /// Writes a file beside the run, where the script finds it as `$HERE/NAME`.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// One variant with the seeds 0 ..< `seeds`.
  static func plan(seeds: Int, name: String = "fake") -> Plan {
    let configuration: ConfigValue = [
      "training": ["episodes": 2_000], "evaluation": ["episodes": 20],
    ]
    return Plan(
      name: name, experimentFile: "x", experimentHash: "y", seeds: Array(0..<seeds),
      score: .init(metric: .return, goal: .maximize), axes: [],
      variants: [.init(index: 0, label: label, configuration: configuration)],
      trials: (0..<seeds).map {
        let id = String(SHA256.hex(config(seed: $0)).prefix(12))
        return .init(number: $0 + 1, id: id, variant: 0, seed: $0)
      },
      arithmetic: "")
  }

  /// The work of a run that has no folder yet.
  static func batch(seeds: Int) throws -> Batch {
    try Batch(RunSnapshot(RunFolder(path: "/nowhere/fake"), plan: plan(seeds: seeds)))
  }

  private static func config(seed: Int) -> [UInt8] { Array("{\"seed\":\(seed)}".utf8) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// How the runner looks after its trials, seconds.
  struct Watch {
    var hungAfter: Double?
    var timeLimit: Double?
    var stopAfter: Double?
    var pause = 0.05
  }

  /// Runs what is to do, with the events that came.
  func run(
    _ rules: QueueState.Rules = .init(jobs: 2), graceSeconds: Double = 60, watch: Watch = .init(),
    retriesFailed: Bool = false, program: String? = nil, cores: Int = 1,
    signals: AsyncStream<Int32> = AsyncStream { _ in },
    observer: any BatchObserver = Recorder(Log())
  ) async throws -> BatchOutcome {
    let batch = try Batch(RunSnapshot(folder, plan: plan), retriesFailed: retriesFailed)
    let scheduler = LocalScheduler(
      program: try program ?? Self.programPath(), cores: cores, timeLimit: watch.timeLimit,
      hungAfter: watch.hungAfter, lookSeconds: watch.pause)
    return try await BatchRunner(
      batch, rules: rules, scheduler: scheduler, graceSeconds: graceSeconds,
      stopAfterSeconds: watch.stopAfter, observers: [observer], signals: signals
    ).run()
  }

  func states() throws -> [TrialState] {
    try RunSnapshot(folder, plan: plan).trials.map(\.state)
  }
}

/// What a recorder saw, shared with the test.
final class Log: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [BatchEvent] = []

  func add(_ event: BatchEvent) { lock.withLock { stored.append(event) } }
  var events: [BatchEvent] { lock.withLock { stored } }

  /// What was told of running trials.
  var progressed: [TrialStatus] {
    events.compactMap { if case .progressed(_, let status, _) = $0 { status } else { nil } }
  }
}

/// Keeps all events, and lets a test act on them.
struct Recorder: BatchObserver {
  let isMoving = false
  let log: Log
  let react: @Sendable (BatchEvent) -> Void

  init(_ log: Log, react: @escaping @Sendable (BatchEvent) -> Void = { _ in }) {
    self.log = log
    self.react = react
  }

  mutating func receive(_ event: BatchEvent, at seconds: Double) {
    log.add(event)
    react(event)
  }
}
