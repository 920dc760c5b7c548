// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Runner

/// `rallybook run FILE`
struct RunCommand: AsyncParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the trials that an experiment still lacks, then render its report.",
    discussion: """
      Finished trials stay as they are; stopped ones continue from their last checkpoint. The first \
      Ctrl-C checkpoints everything and ends the run; the second kills it. Times are written 90, \
      15m, 2h or 1d.
      """)

  @Argument(help: "The experiment file.", completion: .experiments) var file: String
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
    help:
      "Train again from the start; what is stored goes to the trash; `restore` brings it back."
  )
  var fresh = false
  @Option(help: "Try trials again: those that failed earlier.") var retry: Retry?
  @Flag(help: "Do not render the report at the end.") var noReport = false

  @Flag(
    help: """
      Show the run in a browser while it goes on: starts `rallybook serve` beside it, which ends ten \
      minutes after its last page was closed.
      """)
  var open = false

  var color: ColorChoice { experiment.color }

  enum Backend: String, ExpressibleByArgument, CaseIterable { case local, slurm }
  enum Retry: String, ExpressibleByArgument, CaseIterable { case failed }

  func run() async throws {
    let begin = ContinuousClock.now
    let loaded = try experiment.loadExperiment(file, extension: extensionOption.extend)
    let run = RunFolder(runs: folders.runs, name: loaded.plan.name)
    if let rounds = loaded.rounds, only != nil {
      let (who, cure) =
        if case .search = rounds {
          ("a search has", "run the file without its \"search\"")
        } else {
          ("the hypotheses have", "give a number of --seeds")
        }
      throw end(
        2,
        "error: --only leaves out trials that \(who) to compare; leave it out, or \(cure)")
    }
    if (try? run.readPlan())?.imported != nil {
      throw end(
        4,
        "error: \(run.path) holds imported trials, which are read only: nothing of them is trained or"
          + " extended; give the experiment another name")
    }
    try AddressSpace.requireForRunner()
    try run.create()
    let lock = try FolderLock(run)
    if open { folders.openPage(of: run.name) }
    let outcome: BatchOutcome
    if let rounds = loaded.rounds {
      outcome = try await searched(rounds, in: run, cluster: loaded.cluster)
    } else {
      let plan = try extensionOption.pointed(loaded.plan, in: run)
      if extensionOption.extend != nil { tell(extensionSentence(plan)) }
      outcome = try await ran(
        plan, in: run, options: batchOptions, retriesFailed: retry == .failed,
        cluster: loaded.cluster)
    }
    withExtendedLifetime(lock) {}
    // What `--fresh` began is continued; another --fresh would begin it again.
    let command = givenCommand(without: ["--fresh"])
    if outcome.failures.contains(where: { $0.state == .failed }) || outcome.failedEarlier > 0 {
      printError(
        "try failed trials again with: \(command)\(retry == nil ? " --retry failed" : "")")
    }
    if outcome.isResumable { printError("resume with: \(command)") }
    if !noReport && outcome.secondSignal == nil {
      try render(loaded.plan.name, after: outcome, since: begin)
    }
    if outcome.exitStatus != 0 { throw ExitCode(outcome.exitStatus) }
  }

  private func tell(_ sentence: String) {
    if !batchOptions.quiet { printError(sentence) }
  }

  /// Freezes a plan and runs what it misses, as far as the options let it.
  ///
  /// - Parameter title: what the batch is called beside the run's name.
  func ran(
    _ asked: Plan, in run: RunFolder, options: BatchOptions, retriesFailed: Bool,
    cluster: ClusterSettings, title: String? = nil
  ) async throws -> BatchOutcome {
    let (plan, part) = joined(asked, in: run)
    let found = try RunSnapshot(run, plan: plan)
    let ids = try chosen(found, among: part)
    // What has rounds begins anew once, before the first.
    let snapshot = fresh && !plan.hasRounds ? try emptied(found, ids) : found
    var batch = try Batch(snapshot, only: ids, retriesFailed: retriesFailed)
    tellDamaged(batch)
    try requireSpace(for: batch, snapshot, jobs: options.jobs)
    // A cluster's machines may have what this one lacks.
    if backend == .local {
      try EnvironmentProbe.look(at: plan, batch.jobs, in: run, isQuiet: options.quiet)
    }
    try run.writePlan(plan)
    // `found`: what `--fresh` is about to set aside counts as what the notes were about.
    try run.recordNotes(of: found)
    if backend == .slurm {
      let place = RunFolder(path: absolutePath(run.path))
      batch = try Batch(
        RunSnapshot(place, plan: plan), only: ids, retriesFailed: retriesFailed)
    }
    batch.title = title
    return switch backend {
    case .local: try await options.run(batch, color: color)
    case .slurm: try await options.run(batch, on: cluster, color: color)
    }
  }

  /// The plan to freeze, and the trials of it that are asked for; nil for all.
  ///
  /// With `--set` or `--seeds` the trials are added to the plan that the run has. Without, the file's
  /// plan replaces it. Says so before anything is started.
  private func joined(_ plan: Plan, in run: RunFolder) -> (plan: Plan, asked: Set<String>?) {
    guard !plan.hasRounds, let earlier = try? run.readPlan(), !earlier.hasRounds else {
      return (plan, nil)
    }
    let ids = Set(plan.trials.map(\.id) + plan.trials.compactMap(\.extends))
    let others = earlier.trials.filter { !ids.contains($0.id) }
    guard !others.isEmpty else { return (plan, nil) }
    if !experiment.overrides.isEmpty || experiment.seeds != nil {
      let joined = plan.added(to: earlier, catalogue: .standard)
      if joined.trials.count > plan.trials.count {
        let new = joined.trials.count - earlier.trials.count
        let whole =
          "the plan of \(run.path), which has \(Numbers.count(earlier.trials.count, "trial"))"
        tell(
          new > 0
            ? "adds \(Numbers.count(new, "trial")) to \(whole); they stay in it and in the report"
            : "runs a part of \(whole); the others stay in it and in the report")
        return (joined, ids)
      }
    }
    let stored = others.count { Disk.isPresent(run.trial($0.id).path) }
    if stored > 0 {
      let (be, leave, folder) =
        stored == 1 ? ("is", "leaves", "its folder is") : ("are", "leave", "their folders are")
      tell(
        "\(Numbers.count(stored, "stored trial")) of the earlier plan \(be) not asked for by the file "
          + "and \(leave) plan and report; \(folder) kept in \(run.trialsPath)")
    }
    return (plan, nil)
  }

  /// Says which trials have records that cannot be used, and what becomes of them.
  private func tellDamaged(_ batch: Batch) {
    func tell(_ trial: RunSnapshot.Trial, _ problem: String, _ what: String) {
      printError(
        """
        damaged   trial \(trial.planned.number): \(DisplayText.escaped(trial.label)), \
        seed \(trial.planned.seed): \(problem)
                  \(what)
        """)
    }
    for (trial, problem) in batch.unusable {
      tell(trial, problem, "train it again with --fresh --only 'trial = \"\(trial.planned.id)\"'")
    }
    for (trial, problem) in batch.damaged {
      tell(
        trial, problem,
        "it goes on from its newest checkpoint whose records are all there, otherwise it is trained "
          + "again from the start")
    }
  }

  /// What `--only` leaves of the trials asked for, by id; nil for all.
  private func chosen(_ snapshot: RunSnapshot, among asked: Set<String>?) throws -> Set<String>? {
    guard let only else { return asked }
    let matching = try snapshot.trials(
      matching: QueryExpression(only, origin: "--only"), catalogue: .standard)
    let ids = asked.map(matching.intersection) ?? matching
    guard ids.isEmpty else { return ids }
    throw end(
      2,
      "error: no trial of the plan matches --only \(only); `rallybook plan \(file)` shows the trials"
    )
  }

  /// The snapshot, after what is there of its trials was moved aside.
  func emptied(
    _ snapshot: RunSnapshot, _ only: Set<String>? = nil
  ) throws(RunStoreError) -> RunSnapshot {
    let trials = snapshot.trials.filter { only?.contains($0.planned.id) ?? true }
    if let busy = trials.first(where: { $0.state == .running }) {
      throw RunStoreError(
        .locked, path: busy.folder.path,
        found: busy.status.map { "process \($0.process.pid), which trains it" } ?? "",
        remedy: "wait for it to end, or stop it")
    }
    let present = trials.filter { Disk.isPresent($0.folder.path) }
    guard !present.isEmpty else { return snapshot }
    let place = try Trash(runs: folders.runs).put(
      present.map { Garbage($0.folder.path, in: snapshot.folder, .replaced) }
    ).path
    printError(
      "moved \(present.count) earlier trials to \(place); `restore --list` shows what is there")
    return try RunSnapshot(snapshot.folder, plan: snapshot.plan)
  }

  /// Renders the report, unless a person wants to have an end.
  private func render(
    _ name: String, after outcome: BatchOutcome, since begin: ContinuousClock.Instant
  ) throws {
    let command = "rallybook report \(name)"
    guard outcome.firstSignal == nil else {
      return printError("the report was not rendered; render it with: \(command)")
    }
    // A small report is there in a moment, also when the time is up.
    let left = batchOptions.stopAfter.map {
      max(0, $0.seconds - (ContinuousClock.now - begin) / .seconds(1)) + 1.5
    }
    Interruption.begin("stopped while the report was rendered; render it with: \(command)", left)
    defer { Interruption.end() }
    try renderReportOf(name, folders: folders, told: outcome.failures.map(\.reason))
  }

  /// Refuses before anything starts when the disk could not hold what is planned.
  private func requireSpace(
    for batch: Batch, _ snapshot: RunSnapshot, jobs: Int?
  ) throws(RunStoreError) {
    let ids = Set(batch.jobs.map(\.trial.id))
    guard !ids.isEmpty else { return }
    let need = DiskNeed(
      snapshot.trials.filter { ids.contains($0.planned.id) }, of: snapshot.plan)
    try DiskSpace.require(
      need.bytes(jobs: min(jobs ?? MachineFacts.usableCores, ids.count)), at: snapshot.folder.path)
  }
}
