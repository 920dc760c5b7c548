// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import Runner

/// A run in a folder of its own whose trials are played by a shell script.
final class FakeRun: Sendable {
  let path: String
  let folder: RunFolder
  let plan: Plan

  static let label = "discount off · normalize episode"

  /// - Parameter script: the body of the child; it has `$DIR`, the trial's folder, `$SEED`, and
  ///   `status STATE EPISODES [MESSAGE]`, which writes `status.json`.
  init(seeds: Int, script: String, name: String = "fake") throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID())")
    path = url.path
    folder = RunFolder(runs: path, name: name)
    try folder.create()
    let configuration: ConfigValue = [
      "training": ["episodes": 2_000], "evaluation": ["episodes": 20],
    ]
    let configs = (0..<seeds).map { Array("{\"seed\":\($0)}".utf8) }
    let trials = configs.enumerated().map { seed, config in
      Plan.PlannedTrial(
        number: seed + 1, id: String(SHA256.hex(config).prefix(12)), variant: 0, seed: seed)
    }
    plan = Plan(
      name: name, experimentFile: "x", experimentHash: "y", seeds: Array(0..<seeds),
      score: .init(metric: .return, goal: .maximize), axes: [],
      variants: [.init(index: 0, label: Self.label, configuration: configuration)],
      trials: trials, arithmetic: "")
    try folder.writePlan(plan)
    for (trial, config) in zip(trials, configs) {
      try folder.trial(trial.id).create()
      try folder.trial(trial.id).writeConfig(config)
    }
    let cases = trials.map { "\($0.id)) SEED=\($0.seed) ;;" }.joined(separator: "\n")
    let whole = """
      #!/bin/sh
      DIR="$2/trials/$3"
      HERE="\(path)"
      case "$3" in
      \(cases)
      esac
      status() {
        printf '{"formatVersion":1,"state":"%s","episodes":%d,"targetEpisodes":2000,' "$1" "$2" \
          > "$DIR/new"
        printf '"decisions":7,"runningMean":-3.25,"evaluated":20,"message":"%s",' "$3" >> "$DIR/new"
        printf '"process":{"pid":1,"startTicks":1,"bootId":""},"startedAt":"","updatedAt":""}' \
          >> "$DIR/new"
        mv "$DIR/new" "$DIR/status.json"
      }
      [ "$1 $4" = "trial --watch-stdin" ] || exit 64
      \(script)
      """
    try Data(whole.utf8).write(to: URL(fileURLWithPath: programPath))
    chmod(programPath, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var programPath: String { "\(path)/child.sh" }

  /// Runs what is to do, with the events that came.
  func run(
    _ rules: QueueState.Rules = .init(jobs: 2), graceSeconds: Double = 60,
    retriesFailed: Bool = false, program: String? = nil,
    signals: AsyncStream<Int32> = AsyncStream { _ in },
    observer: any BatchObserver = Recorder(Log())
  ) async throws -> BatchOutcome {
    let batch = try Batch(RunSnapshot(folder, plan: plan), retriesFailed: retriesFailed)
    let runner = BatchRunner(
      batch,
      options: .init(
        executablePath: program ?? programPath, rules: rules, graceSeconds: graceSeconds),
      observers: [observer], signals: signals)
    return await runner.run()
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
