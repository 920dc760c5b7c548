// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
package import ExperimentSpec
import Glibc
import Kernels
package import ParameterSchema
import Policies
import Randomness
package import RunStore

/// How a session of a trial ended.
package enum TrialEnd: Hashable, Sendable {
  case finished
  /// Asked to stop; everything is stored and the next session goes on from there.
  case stopped
  case failed(String)
  /// Another process trains it; nothing was touched.
  case refused(String)

  /// The process's exit status.
  package var exitStatus: Int32 {
    switch self {
    case .finished: 0
    case .stopped: 5
    case .failed: 1
    case .refused: 4
    }
  }
}

/// One process's work on one trial: resume, train, evaluate, record. It alone writes the folder.
package final class TrialSession {
  let planned: Plan.PlannedTrial
  let folder: TrialFolder
  /// A shorter trial that this one continues.
  let extended: TrialFolder?
  let configuration: ConfigValue
  let streams: RandomStreams
  let identity: String
  let plan: Plan
  let stop: StopRequest
  /// Training episodes after which it stops early, between two updates; nil for never.
  let until: Int?
  let kernels = LaneKernels()
  let log: TrialLog
  var facts = SessionFacts()
  var evaluated = 0
  var lastNote = 0.0
  private var begun: (training: Training, monitor: TrialMonitor)?

  /// - Parameters:
  ///   - run: the run's folder, with its `plan.json`.
  ///   - watchesInput: whether the end of standard input asks the trial to stop.
  ///   - until: training episodes after which it stops, between two updates; nil for never.
  package init(
    run: RunFolder, plan: Plan, trial: Plan.PlannedTrial, catalogue: Catalogue, watchesInput: Bool,
    until: Int? = nil
  ) {
    self.until = until
    self.plan = plan
    planned = trial
    folder = run.trial(trial.id)
    log = TrialLog(folder)
    extended = trial.extends.map(run.trial)
    configuration = catalogue.completing(plan.configuration(of: trial))
    identity =
      trialIdentity(
        configuration: configuration, seed: trial.seed, rootSeed: plan.rootSeed,
        catalogue: catalogue
      ).json
    streams = RandomStreams(
      root: UInt64(bitPattern: Int64(plan.rootSeed)), seed: UInt64(bitPattern: Int64(trial.seed)))
    stop = StopRequest(watchesInput: watchesInput)
  }

  /// There once `run` has made the environments.
  var training: Training { work().training }
  var monitor: TrialMonitor { work().monitor }

  private func work() -> (training: Training, monitor: TrialMonitor) {
    guard let begun else { fatalError("trial \(planned.id) has not begun") }
    return begun
  }

  /// Brings the trial to its end, or as far as it may go.
  package func run() -> TrialEnd {
    let lock: TrialLock
    do throws(RunStoreError) {
      try Disk.makeFolder(folder.path)
      guard let taken = try takeLock() else { return .stopped }
      lock = taken
    } catch {
      let reason = String(describing: error)
      return error.code == .locked ? .refused(reason) : .failed(reason)
    }
    defer { withExtendedLifetime(lock) {} }
    let earlier = (try? folder.readStatus()) ?? nil
    let monitor = TrialMonitor(folder, stop: stop, standing: standing(after: earlier))
    do {
      try folder.create()
      if try !folder.verifyIdentity() { try folder.writeConfig(Array(identity.utf8)) }
      try monitor.start()
      do throws(EnvironmentError) {
        begun = (try begin(monitor), monitor)
      } catch {
        if error.kind == .stopped { return monitor.storeStop() }
        return try couldNotStart(error, monitor, earlier)
      }
      return try train()
    } catch let error as EnvironmentError where error.kind == .stopped {
      return monitor.storeStop()
    } catch {
      let reason = String(describing: error)
      log.write("failed: \(reason)")
      try? monitor.write(.failed, message: reason)
      return .failed(reason)
    }
  }

  /// Makes the environments, and what learns in them.
  private func begin(_ monitor: TrialMonitor) throws(EnvironmentError) -> Training {
    let environments = try monitor.compute(.starting) { () throws(EnvironmentError) in
      // A worker's log is the trial's.
      try makeTrainingEnvironments(
        configuration, rootSeed: streams.root, logPath: folder.logPath)
    }
    return Training(
      configuration: configuration, streams: streams, environments: environments, kernels: kernels,
      counter: monitor.counter)
  }

  /// Records that the environment is not to be had. What was finished earlier stays so.
  private func couldNotStart(
    _ error: EnvironmentError, _ monitor: TrialMonitor, _ earlier: TrialStatus?
  ) throws -> TrialEnd {
    log.write("could not start: \(error.description)")
    let state = earlier?.state == .finished ? TrialStatus.State.finished : .couldNotStart
    try monitor.write(state, message: error.description)
    return .failed(error.description)
  }

  /// How the trial stands before this session has done anything.
  private func standing(after earlier: TrialStatus?) -> TrialStanding {
    let status = TrialStatus(
      state: .running, episodes: earlier?.episodes ?? 0,
      targetEpisodes: earlier?.targetEpisodes ?? 0, decisions: earlier?.decisions ?? 0,
      smoothedMean: earlier?.smoothedMean, evaluated: earlier?.evaluated ?? 0, process: .current,
      host: MachineFacts.hostName, startedAt: facts.startedAt, updatedAt: facts.startedAt)
    var standing = TrialStanding(session: facts, status: status)
    standing.isRemote = isRemote(configuration)
    standing.stored = .init(
      episodes: status.episodes, decisions: status.decisions, smoothedMean: status.smoothedMean)
    return standing
  }

  /// Seconds that another process may take to checkpoint and leave the folder to us.
  static let lockPatience = 60.0

  /// Waits for a process that still writes the folder, as one whose parent was killed does for a
  /// moment.
  ///
  /// - Returns: nil when asked to stop while waiting.
  func takeLock() throws(RunStoreError) -> TrialLock? {
    let start = Clock.monotonic
    while true {
      do throws(RunStoreError) {
        return try TrialLock(folder)
      } catch {
        guard error.code == .locked, Clock.monotonic - start < Self.lockPatience else {
          throw error
        }
      }
      stop.wait(milliseconds: 20)
      if stop.isAsked { return nil }
    }
  }

  /// Where the training is measured in decisions, what its episodes so far lead to expect; in the
  /// end, those it has had.
  var targetEpisodes: Int {
    if training.isDone { return training.progress.episodes }
    return switch training.target {
    case .episodes(let count): count
    case .decisions:
      training.share > 0
        ? max(
          training.progress.episodes + 1,
          Int((Double(training.progress.episodes) / training.share).rounded(.up)))
        : 0
    }
  }

  private func train() throws -> TrialEnd {
    extend()
    let recorded = try resume()
    facts.firstEpisode = training.progress.episodes
    let record = try TrialRecord(folder, recorded)
    let provenance = try openSession()
    noteProgress()
    monitor.note { [facts] in
      $0.session = facts
      $0.provenance = provenance
    }
    let settings = Settings(configuration, section: "training")
    let shelf = CheckpointShelf(folder: folder, keep: settings.integer("keepCheckpoints"))
    try shelf.tidy(upTo: training.progress.episodes)
    // What it continues may have ended where this one ends as well.
    let end = folder.checkpointPath(episodes: training.progress.episodes)
    if training.progress.episodes == 0 || training.isDone && !Disk.isPresent(end) {
      try store(on: shelf, record)
    } else {
      noteStored()
    }

    let every = settings.integer("checkpointEvery")
    while !training.isDone {
      if stop.isAsked || training.progress.episodes >= until ?? .max {
        return try stopHere(record)
      }
      let before = training.progress
      let step = try monitor.compute(.playing) { () throws(EnvironmentError) in
        try training.advance()
      }
      try record.append(step, of: training)
      noteProgress()
      if let problem = nonFinite(step) { return try fail(problem) }
      let isDue = training.progress.episodes / every > before.episodes / every
      if isDue || training.isDone {
        try store(on: shelf, record)
      } else {
        noteResumable(record)
      }
    }
    try removeResumeFile()
    guard try evaluate() else { return try stopHere(nil) }
    try closeSession()
    try monitor.write(.finished)
    log.write("finished: \(training.progress.episodes) episodes, \(evaluated) evaluated")
    return .finished
  }

  // MARK: Checkpoints

  func encode(_ record: TrialRecord) -> Checkpoint {
    TrainingCheckpoint.encode(
      training, trial: planned.id, configuration: configuration, lengths: record.lengths)
  }

  func store(on shelf: CheckpointShelf, _ record: TrialRecord) throws {
    try record.sync()
    try shelf.put(encode(record), episodes: training.progress.episodes)
    noteStored()
    log.write("checkpoint at episode \(training.progress.episodes)")
  }

  func removeResumeFile() throws {
    if Disk.isPresent(folder.resumePath), unlink(folder.resumePath) != 0 {
      throw ArtifactError(.unwritable, path: folder.resumePath, detail: errnoText())
    }
  }

  // MARK: Ends

  /// Stores all and ends, between two updates or two episodes of the evaluation.
  func stopHere(_ record: TrialRecord?) throws -> TrialEnd {
    if let record {
      try record.sync()
      try AtomicFile.write(encode(record).encoded(), to: folder.resumePath)
    }
    try closeSession()
    try monitor.write(.stopped)
    log.write("stopped on request at episode \(training.progress.episodes)")
    return .stopped
  }

  func fail(_ problem: String) throws -> TrialEnd {
    log.write("failed: \(problem)")
    try closeSession()
    try monitor.write(.failed, message: problem)
    return .failed(problem)
  }

  /// What is NaN or infinite after an update, and what is left that is good.
  func nonFinite(_ step: Training.Step) -> String? {
    guard let statistics = step.statistics else { return nil }
    let tensor: String
    if let norm = statistics.gradientNorm, !norm.isFinite {
      tensor = "the gradient"
    } else if let norm = statistics.weightNorm, !norm.isFinite {
      tensor = "the weights"
    } else {
      return nil
    }
    let last = (try? folder.checkpoints())?.last.map { $0.path } ?? "none"
    let (reward, entry) = training.batchExtremes
    return """
      update \(training.progress.updates) (episode \(training.progress.episodes)): \(tensor) \
      became NaN or infinite. It learned from rewards of up to \(reward) and observations of up to \
      \(entry) in size: where these are large, scale them (reward.clip); otherwise a smaller \
      optimizer.learningRate may help; last good checkpoint: \(last)
      """
  }
}
