// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import Glibc
import RunStore
import Runner

/// How a batch is run and shown.
struct BatchOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Trials at the same time; by default one per core.")
  var jobs: Int?
  @Option(help: "Start at most this many trials.") var limit: Int?
  @Option(help: "After a failed trial: continue or stop.") var onError: OnError = .continue
  @Option(
    help: ArgumentHelp("Stop a trial that runs longer; it counts as failed.", valueName: "time"))
  var timeout: DurationArgument?
  @Option(help: ArgumentHelp("Checkpoint and stop everything after this time.", valueName: "time"))
  var stopAfter: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "End a trial without a heartbeat for this long, and try it again; by default 20m.",
      valueName: "time"))
  var hungAfter: DurationArgument?
  @Flag(name: .shortAndLong, help: "Only problems.") var quiet = false
  @Flag(help: "A line per change instead of the live table.") var noProgress = false
  @Flag(help: "Events as JSON, one a line, on standard output.") var json = false
  @Option(
    name: .customLong("poll"),
    help: ArgumentHelp("Time between two looks at a cluster's queue.", visibility: .hidden))
  var poll: DurationArgument?

  enum OnError: String, ExpressibleByArgument, CaseIterable { case `continue`, stop }

  /// Attempts at a trial whose process crashes. What a trial itself reports is never tried again.
  static let attempts = 3
  static let hungAfterSeconds = 1_200.0

  func validate() throws {
    if let jobs, !(1...4_096).contains(jobs) {
      throw ValidationError("--jobs \(jobs): allowed are 1 to 4096")
    }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): allowed is 1 or more") }
  }

  private var rule: QueueState.OnError { onError == .stop ? .stop : .continue }

  func display(_ color: ColorChoice) -> Display {
    Display(
      isQuiet: quiet, showsProgress: !noProgress, isJSON: json,
      color: Display.Color(rawValue: color.rawValue) ?? .auto)
  }

  /// Runs trials as processes of this machine.
  ///
  /// - Parameters:
  ///   - attempts: at a trial whose process crashes.
  ///   - planPath: the plan that they follow, where it is not the run's own.
  func runLocally(
    _ batch: Batch, color: ColorChoice, attempts: Int = Self.attempts, planPath: String? = nil
  ) async throws -> BatchOutcome {
    let rules = QueueState.Rules(
      jobs: jobs ?? MachineFacts.usableCores, onError: rule, limit: limit, attempts: attempts)
    let scheduler = LocalScheduler(
      program: executablePath(), planPath: planPath, timeLimit: timeout?.seconds,
      hungAfter: hungAfter?.seconds ?? Self.hungAfterSeconds)
    return try await BatchRunner(
      batch, rules: rules, scheduler: scheduler, stopAfterSeconds: stopAfter?.seconds,
      recordsFailures: planPath == nil, observers: display(color).observers()
    ).run()
  }

  /// Runs trials as tasks of a cluster.
  ///
  /// - Parameter run: by an absolute path, since tasks start elsewhere.
  func runOnSlurm(
    _ plan: Plan, _ run: RunFolder, only: Set<String>?, retriesFailed: Bool,
    settings: ClusterSettings, color: ColorChoice, title: String? = nil
  ) async throws -> BatchOutcome {
    var batch = try Batch(
      RunSnapshot(run, plan: plan), only: only, retriesFailed: retriesFailed)
    batch.title = title
    let pause = poll?.seconds ?? 15
    var words: [String] = []
    if let timeout { words += ["--timeout", "\(timeout.seconds)"] }
    if let hungAfter { words += ["--hung-after", "\(hungAfter.seconds)"] }
    let scheduler = SlurmScheduler(
      run, plan: plan,
      command: .init(
        program: executablePath(), workingFolder: absolutePath("."), arguments: words),
      settings: settings, concurrency: jobs ?? settings.concurrency, lookSeconds: pause)
    let rules = QueueState.Rules(
      jobs: nil, onError: rule, limit: limit, attempts: Self.attempts, outlivesUs: true)
    return try await BatchRunner(
      batch, rules: rules, scheduler: scheduler, graceSeconds: nil,
      stopAfterSeconds: stopAfter?.seconds, observers: display(color).observers()
    ).run()
  }
}
