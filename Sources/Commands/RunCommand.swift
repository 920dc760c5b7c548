// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import Glibc
import RunStore
import Runner
import Trials

/// `rallybook run FILE`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run what an experiment still misses, then render its report.",
    discussion: """
      Idempotent: trials that are done stay done, stopped ones go on from their last checkpoint. \
      The first Ctrl-C checkpoints everything and ends; the second kills.
      """)

  @Argument(help: "The experiment file.") var file: String
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var extensionOption: ExtensionOption

  @Option(name: .shortAndLong, help: "Trials at the same time; by default one per core.")
  var jobs: Int?
  @Option(help: "Start at most this many trials.") var limit: Int?
  @Option(help: "After a failed trial: continue or stop.") var onError: OnError = .continue
  @Option(help: "Try trials again that failed earlier: failed.") var retry: Retry?
  @Flag(name: .shortAndLong, help: "Only problems.") var quiet = false
  @Flag(help: "A line per change instead of the live table.") var noProgress = false
  @Flag(help: "Events as JSON, one a line, on standard output.") var json = false
  @Flag(help: "Do not render the report at the end.") var noReport = false

  enum OnError: String, ExpressibleByArgument, CaseIterable { case `continue`, stop }
  enum Retry: String, ExpressibleByArgument, CaseIterable { case failed }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs \(jobs): allowed are 1 to 1024")
    }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): allowed is 1 or more") }
  }

  func run() async throws {
    var plan = try experiment.load(file, extension: extensionOption.extend)
    let run = RunFolder(runs: folders.runs, name: plan.name)
    let outcome: BatchOutcome
    do {
      try run.create()
      let lock = try RunLock(run)
      plan = try extensionOption.pointed(plan, in: run)
      tellExtension(plan)
      let batch = try Batch(RunSnapshot(run, plan: plan), retriesFailed: retry == .failed)
      try requireSpace(plan, jobs: batch.jobs.count, at: run.path)
      try run.writePlan(plan)
      let display = Display(
        isQuiet: quiet, showsProgress: !noProgress, isJSON: json,
        color: Display.Color(rawValue: experiment.color.rawValue) ?? .auto)
      let rules = QueueState.Rules(
        jobs: jobs ?? MachineFacts.usableCores, onError: onError == .stop ? .stop : .continue,
        limit: limit)
      let runner = BatchRunner(
        batch, options: .init(executablePath: executablePath(), rules: rules),
        observers: display.observers())
      outcome = await runner.run()
      withExtendedLifetime(lock) {}
    } catch let error as RunStoreError {
      throw end(error.exitStatus, error.description)
    } catch let refusal as RunRefusal {
      throw end(refusal.exitStatus, refusal.description)
    }
    for failure in outcome.failures {
      printError(
        """
        error[trial-failed]: trial \(failure.trial.number), \(failure.label), seed \
        \(failure.trial.seed): \(failure.reason)
          log: \(failure.logPath)
        """)
    }
    if outcome.failures.count + outcome.failedEarlier > 0 {
      printError("try failed trials again with: \(resumeCommand) --retry failed")
    }
    if outcome.isResumable { printError("resume with: \(resumeCommand)") }
    if !noReport && outcome.secondSignal == nil {
      try renderReportOf(plan.name, folders: folders, includesTiming: true)
    }
    if outcome.exitStatus != 0 { throw ExitCode(outcome.exitStatus) }
  }

  /// Says how many trials go on from finished ones.
  private func tellExtension(_ plan: Plan) {
    guard extensionOption.extend != nil, !quiet else { return }
    printError(extensionSentence(plan))
  }

  private var resumeCommand: String {
    CommandLine.arguments.map(shellQuoted).joined(separator: " ")
  }

  /// Refuses before anything starts when the disk could not hold what is planned.
  private func requireSpace(_ plan: Plan, jobs: Int, at path: String) throws {
    guard jobs > 0 else { return }
    try DiskSpace.require(jobs * (plan.variants.map(trialBytes).max() ?? 0), at: path)
  }
}

/// The running program, for its children.
private func executablePath() -> String {
  guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
  defer { free(path) }
  return String(cString: path)
}

private func shellQuoted(_ word: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+")
  if !word.isEmpty && word.allSatisfy(plain.contains) { return word }
  return "'"
    + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}
