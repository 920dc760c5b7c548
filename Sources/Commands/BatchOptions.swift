// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import Glibc
import RunStore
import Runner

/// How a batch is run and shown.
struct BatchOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Trials at the same time; by default one per core.")
  var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "Threads that train one trial, to the same bits; by default the cores that fewer trials than "
        + "cores leave free."))
  var threads: Int?
  @Option(help: "Start at most this many trials.") var limit: Int?
  @Option(help: "After a failed trial: continue or stop.")
  var onError: QueueState.OnError = .continue
  @Option(
    help: ArgumentHelp(
      "Checkpoint and stop a trial that runs longer: 90 (seconds), 15m, 2h or 1d. The run then ends "
        + "with status 1.", valueName: "time"))
  var timeout: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "Checkpoint and stop everything after this time: 90 (seconds), 15m, 2h or 1d.",
      valueName: "time"))
  var stopAfter: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "End a trial that shows no sign of life for this long, such as 90 (seconds) or 2h, and try it "
        + "again; by default 20m.",
      valueName: "time"))
  var hungAfter: DurationArgument?
  @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false
  @Flag(help: "Print a line for each change instead of the live table.") var noProgress = false
  @Flag(help: "Print events as JSON, one a line, on standard output.") var json = false
  @Option(
    name: .customLong("poll"),
    help: ArgumentHelp("Time between two looks at a cluster's queue.", visibility: .hidden))
  var poll: DurationArgument?

  /// Attempts at a trial whose process crashes. What a trial itself reports is never tried again.
  static let attempts = 3

  func validate() throws {
    if let jobs, !(1...4_096).contains(jobs) {
      throw ValidationError("--jobs \(jobs): allowed are 1 to 4096")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads \(threads): allowed are 1 to 256")
    }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): allowed is 1 or more") }
  }

  private func observers(_ color: ColorChoice) -> [any BatchObserver] {
    batchObservers(isQuiet: quiet, showsProgress: !noProgress, isJSON: json, color: color)
  }

  /// Runs trials as processes of this machine.
  ///
  /// - Parameters:
  ///   - isTask: whether the run is another process's, which counts crashes and records failures.
  func run(_ batch: Batch, color: ColorChoice, isTask: Bool = false) async throws -> BatchOutcome {
    let cores = MachineFacts.usableCores
    let rules = QueueState.Rules(
      jobs: jobs ?? max(1, cores / (threads ?? 1)), onError: onError, limit: limit,
      attempts: isTask ? 1 : Self.attempts)
    let scheduler = LocalScheduler(
      program: executablePath(), cores: min(jobs ?? cores, cores), threads: threads,
      timeLimit: timeout?.seconds,
      hungAfter: hungAfter?.seconds ?? 1_200)
    return try await BatchRunner(
      batch, rules: rules, scheduler: scheduler, stopAfterSeconds: stopAfter?.seconds,
      recordsFailures: !isTask, observers: observers(color)
    ).run()
  }

  /// Runs trials as tasks of a cluster.
  ///
  /// - Parameter batch: of a run by its absolute path, since tasks start elsewhere.
  func run(
    _ batch: Batch, on cluster: ClusterSettings, color: ColorChoice
  ) async throws -> BatchOutcome {
    var words: [String] = []
    if let timeout { words += ["--timeout", "\(timeout.seconds)"] }
    if let hungAfter { words += ["--hung-after", "\(hungAfter.seconds)"] }
    let threads = threads ?? cluster.threads
    if threads > 1 { words += ["--threads", "\(threads)"] }
    let scheduler = SlurmScheduler(
      batch.run, program: executablePath(), workingFolder: absolutePath("."), arguments: words,
      settings: cluster, concurrency: jobs ?? cluster.concurrency,
      lookSeconds: poll?.seconds ?? 15)
    let rules = QueueState.Rules(
      jobs: nil, onError: onError, limit: limit, attempts: Self.attempts, leaveSignals: [SIGHUP])
    return try await BatchRunner(
      batch, rules: rules, scheduler: scheduler, graceSeconds: nil,
      stopAfterSeconds: stopAfter?.seconds, observers: observers(color)
    ).run()
  }
}

extension QueueState.OnError: ExpressibleByArgument {}

/// A length of time on the command line: `90`, `90s`, `15m`, `2h`, `1d`; a number alone is seconds.
struct DurationArgument: ExpressibleByArgument, Hashable {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument : String(argument.dropLast())
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), number > 0, number * (unit ?? 1) <= 1e9
    else { return nil }
    seconds = number * (unit ?? 1)
  }

  var defaultValueDescription: String { Durations.text(seconds) }
}
