// SPDX-License-Identifier: MIT

import ArgumentParser
import Cluster
import ExperimentSpec
import ParameterSchema
import Query
import RunStore
import Runner

/// `rallybook run FILE`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run what an experiment still misses, then render its report.",
    discussion: """
      Idempotent: trials that are done stay done, stopped ones go on from their last checkpoint. \
      The first Ctrl-C checkpoints everything and ends; the second kills. Times are such as 90, \
      15m, 2h or 1d.
      """)

  @Argument(help: "The experiment file.") var file: String
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var extensionOption: ExtensionOption
  @OptionGroup var batchOptions: BatchOptions

  @Option(
    help: ArgumentHelp(
      "Only trials that meet this condition, such as 'seed < 3 and returns.discount = 0.99'.",
      valueName: "expr"))
  var only: String?
  @Option(help: "Where trials run: local or slurm.") var backend: Backend = .local
  @Flag(
    help: "Train anew what is there: it is moved to the trash, from which `restore` brings it back."
  )
  var fresh = false
  @Option(help: "Try trials again that failed earlier: failed.") var retry: Retry?
  @Flag(help: "Do not render the report at the end.") var noReport = false

  enum Backend: String, ExpressibleByArgument, CaseIterable { case local, slurm }
  enum Retry: String, ExpressibleByArgument, CaseIterable { case failed }

  func run() async throws {
    let loaded = try experiment.loadExperiment(file, extension: extensionOption.extend)
    var plan = loaded.plan
    let run = RunFolder(runs: folders.runs, name: plan.name)
    let outcome: BatchOutcome
    do {
      try run.create()
      let lock = try RunLock(run)
      plan = try extensionOption.pointed(plan, in: run)
      tellExtension(plan)
      let found = try RunSnapshot(run, plan: plan)
      let ids = try chosen(found)
      let snapshot = try renewed(found, ids)
      let batch = try Batch(snapshot, only: ids, retriesFailed: retry == .failed)
      try requireSpace(plan, batch.jobs, at: run.path)
      try run.writePlan(plan)
      // `found`: what `--fresh` is about to set aside counts as what the notes were about.
      try run.recordNotes(of: found)
      outcome =
        switch backend {
        case .local: await batchOptions.runLocally(batch, color: experiment.color)
        case .slurm:
          try await batchOptions.runOnSlurm(
            plan, RunFolder(path: absolutePath(run.path)), only: ids,
            retriesFailed: retry == .failed, settings: loaded.cluster, color: experiment.color)
        }
      withExtendedLifetime(lock) {}
    } catch let error as RunStoreError {
      throw end(error.exitStatus, error.description)
    } catch let refusal as RunRefusal {
      throw end(refusal.exitStatus, refusal.description)
    } catch let error as SlurmError {
      throw end(2, error.description)
    } catch let error as QueryError {
      throw end(2, error.rendered(usesColor: usesColor(experiment.color)))
    }
    tell(outcome)
    if !noReport && outcome.secondSignal == nil {
      try renderReportOf(plan.name, folders: folders, includesTiming: true)
    }
    if outcome.exitStatus != 0 { throw ExitCode(outcome.exitStatus) }
  }

  /// What `--only` leaves, by id; nil for all.
  private func chosen(_ snapshot: RunSnapshot) throws -> Set<String>? {
    guard let only else { return nil }
    let ids = try snapshot.trials(
      matching: QueryExpression(only, origin: "--only"), catalogue: .standard)
    guard !ids.isEmpty else {
      throw end(
        2,
        """
        error: no trial of the plan matches --only \(only); `rallybook plan \(file)` shows the trials
        """)
    }
    return ids
  }

  /// The snapshot, after what `--fresh` replaces was moved aside.
  private func renewed(
    _ snapshot: RunSnapshot, _ only: Set<String>?
  ) throws(RunStoreError) -> RunSnapshot {
    guard fresh else { return snapshot }
    let trials = snapshot.trials.filter { only?.contains($0.planned.id) ?? true }
    if let busy = trials.first(where: { $0.state == .running }) {
      throw RunStoreError(
        .locked, path: busy.folder.path,
        found: busy.status.map { "process \($0.process.pid), which trains it" } ?? "",
        remedy: "wait for it to end, or stop it")
    }
    let present = trials.filter { Disk.isPresent($0.folder.path) }
    guard !present.isEmpty else { return snapshot }
    let bag = try Trash(runs: folders.runs).put(
      present.map {
        Garbage(
          path: "\(snapshot.folder.name)/trials/\($0.planned.id)", reason: .replaced,
          bytes: DiskSpace.taken(by: $0.folder.path))
      }, now: Timestamp.text(secondsSince1970: Timestamp.now))
    printError(
      "moved \(present.count) earlier trials to \(bag.path); `restore` lists what lies there")
    return try RunSnapshot(snapshot.folder, plan: snapshot.plan)
  }

  private func tell(_ outcome: BatchOutcome) {
    for failure in outcome.failures {
      printError(
        """
        error[trial-failed]: trial \(failure.trial.number), \(failure.label), seed \
        \(failure.trial.seed): \(failure.reason)
          log: \(failure.logPath)
        """)
    }
    // What `--fresh` began is gone on with; another --fresh would begin it again.
    let command = givenCommand(without: ["--fresh"])
    if outcome.failures.count + outcome.failedEarlier > 0 {
      let again = retry == nil ? " --retry failed" : ""
      printError("try failed trials again with: \(command)\(again)")
    }
    if outcome.isResumable { printError("resume with: \(command)") }
  }

  /// Says how many trials go on from finished ones.
  private func tellExtension(_ plan: Plan) {
    guard extensionOption.extend != nil, !batchOptions.quiet else { return }
    printError(extensionSentence(plan))
  }

  /// Refuses before anything starts when the disk could not hold what is planned.
  private func requireSpace(
    _ plan: Plan, _ jobs: [Batch.Job], at path: String
  ) throws(RunStoreError) {
    guard !jobs.isEmpty else { return }
    let bytes = plan.variants.map(trialBytes)
    try DiskSpace.require(jobs.reduce(0) { $0 + bytes[$1.trial.variant] }, at: path)
  }
}
