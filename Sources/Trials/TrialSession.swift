// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
package import ExperimentSpec
import GymnasiumBridge
import Kernels
package import ParameterSchema
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
  let plan: Plan
  let folder: TrialFolder
  let configuration: ConfigValue
  let streams: RandomStreams
  let monitor: TrialMonitor
  let training: Training
  let checkpoints: CheckpointStore
  private let checkpointEvery: Int
  /// Training episodes after which it stops early, between two updates.
  private let until: Int
  var evaluated = 0
  private var lastNote = 0.0

  /// Brings a trial to its end, or as far as it may go.
  ///
  /// - Parameters:
  ///   - run: the run's folder.
  ///   - watchesInput: whether the end of standard input asks the trial to stop.
  ///   - until: training episodes after which it stops, between two updates; nil for never.
  ///   - threads: that train; what is learned does not depend on how many.
  package static func run(
    _ planned: Plan.PlannedTrial, of plan: Plan, in run: RunFolder, catalogue: Catalogue,
    watchesInput: Bool, until: Int? = nil, threads: Int = 1
  ) -> TrialEnd {
    let folder = run.trial(planned.id)
    let asked = plan.configuration(of: planned)
    if let problem = catalogue.problem(ofStored: asked) {
      return .failed("\(run.planPath): trial \(planned.id): \(problem)")
    }
    StopRequest.takeSignals()
    let lock: FolderLock
    do throws(RunStoreError) {
      try folder.make()
      guard let taken = try takeLock(folder, watchesInput: watchesInput) else { return .stopped }
      lock = taken
    } catch {
      let reason = String(describing: error)
      return error.code == .locked ? .refused(reason) : .failed(reason)
    }
    defer { withExtendedLifetime(lock) {} }
    let configuration = catalogue.completing(asked)
    let earlier = (try? folder.readStatus()) ?? nil
    let monitor = TrialMonitor(
      folder, after: earlier, isRemote: isRemote(configuration), watchesInput: watchesInput)
    var hasBegun = false
    do {
      try folder.create()
      if try !folder.verifyIdentity() {
        let identity = trialIdentity(
          configuration: configuration, seed: planned.seed, rootSeed: plan.rootSeed,
          catalogue: catalogue)
        try folder.writeConfig(Array(identity.json.utf8))
      }
      try monitor.start()
      let session = try TrialSession(
        planned, plan, folder, configuration, monitor, until: until ?? .max, threads: threads)
      hasBegun = true
      return try session.train(extending: planned.extends.map(run.trial))
    } catch let error as EnvironmentError where error.kind == .stopped {
      return monitor.end(.stopped, isInterrupted: true)
    } catch let error as EnvironmentError where !hasBegun {
      // What was finished earlier stays so.
      return monitor.end(
        earlier?.state == .finished ? .finished : .couldNotStart, message: error.description)
    } catch {
      let reason = (error as? RunStoreError)?.sentence ?? String(describing: error)
      return monitor.end(.failed, message: reason)
    }
  }

  /// Makes the environments, and what learns in them.
  private init(
    _ planned: Plan.PlannedTrial, _ plan: Plan, _ folder: TrialFolder,
    _ configuration: ConfigValue, _ monitor: TrialMonitor, until: Int, threads: Int
  ) throws(EnvironmentError) {
    (self.planned, self.plan, self.folder) = (planned, plan, folder)
    (self.configuration, self.monitor, self.until) = (configuration, monitor, until)
    let streams = RandomStreams(
      root: UInt64(bitPattern: Int64(plan.rootSeed)), seed: UInt64(bitPattern: Int64(planned.seed)))
    let environments = try monitor.compute(.starting) { () throws(EnvironmentError) in
      // A worker's log is the trial's.
      try makeTrainingEnvironments(
        configuration, rootSeed: streams.root, logPath: folder.logPath, threads: threads)
    }
    self.streams = streams
    training = Training(
      configuration: configuration, streams: streams, environments: environments,
      counter: monitor.counter, threads: threads)
    let settings = Settings(configuration, section: "training")
    checkpoints = CheckpointStore(folder: folder, keep: settings.integer("keepCheckpoints"))
    checkpointEvery = settings.integer("checkpointEvery")
  }

  /// Seconds that another process may take to checkpoint and leave the folder to us.
  private static let lockPatience = 60.0

  /// Waits for a process that still writes the folder, as one whose parent was killed does for a
  /// moment.
  ///
  /// - Returns: nil when asked to stop while waiting.
  private static func takeLock(
    _ folder: TrialFolder, watchesInput: Bool
  ) throws(RunStoreError) -> FolderLock? {
    let start = Clock.monotonic
    while true {
      do throws(RunStoreError) {
        return try FolderLock(folder)
      } catch {
        guard error.code == .locked, Clock.monotonic - start < lockPatience else { throw error }
      }
      StopRequest.wait(milliseconds: 20, watchesInput: watchesInput)
      if StopRequest.isAsked { return nil }
    }
  }

  private func train(extending shorter: TrialFolder?) throws -> TrialEnd {
    var skipped: [String] = []
    if let shorter {
      do {
        try extend(shorter, skipped: &skipped)
      } catch {
        // Then the training begins at its start.
        folder.appendLog("does not continue trial \(shorter.id): \(error)")
        skipped.append("trial \(shorter.id): \(error)")
      }
    }
    let record = try RecordWriter(folder, resume(skipped: &skipped))
    noteProgress()
    try openSession(skipped)
    try checkpoints.tidy(upTo: training.progress.episodes)
    // What it continues may have ended where this one ends as well.
    let end = folder.checkpointPath(episodes: training.progress.episodes)
    if training.progress.episodes == 0 || training.isDone && !Disk.isPresent(end) {
      try store(record)
    } else {
      note(resumable: nil)
    }

    while !training.isDone {
      if StopRequest.isAsked || training.progress.episodes >= until {
        try record.sync()
        note(resumable: encode(record))
        return monitor.end(.stopped)
      }
      let before = training.progress
      let step = try monitor.compute(.playing) { () throws(EnvironmentError) in
        try training.advance()
      }
      try record.append(step, of: training)
      noteProgress()
      if let problem = nonFinite(step) { return monitor.end(.failed, message: problem) }
      let isDue =
        training.progress.episodes / checkpointEvery > before.episodes / checkpointEvery
      if isDue || training.isDone {
        try store(record)
      } else if Clock.monotonic - lastNote >= 1 {
        // No more than a second's work is lost with it.
        note(resumable: encode(record))
        lastNote = Clock.monotonic
      }
    }
    try Disk.remove(folder.resumePath)
    guard try evaluate() else { return monitor.end(.stopped) }
    noteRepetition()
    return monitor.end(.finished)
  }

  // MARK: What is stored, and told

  private func encode(_ record: RecordWriter) -> Checkpoint {
    TrainingCheckpoint.encode(
      training, trial: planned.id, configuration: configuration, lengths: record.lengths)
  }

  private func store(_ record: RecordWriter) throws {
    try record.sync()
    try checkpoints.put(encode(record), episodes: training.progress.episodes)
    note(resumable: nil)
    folder.appendLog("checkpoint at episode \(training.progress.episodes)")
  }

  /// Tells the monitor that the next session goes on from here.
  ///
  /// - Parameter resumable: what it takes to do so, where that is not stored.
  private func note(resumable: Checkpoint?) {
    let progress = training.progress
    monitor.note { ($0.stored, $0.resumable) = (progress, resumable) }
  }

  /// Tells the monitor how far the training is.
  func noteProgress() {
    let progress = training.progress
    let (target, evaluated) = (targetEpisodes, evaluated)
    monitor.note {
      ($0.status.episodes, $0.status.decisions) = (progress.episodes, progress.decisions)
      $0.status.smoothedMean = progress.smoothedMean
      ($0.status.targetEpisodes, $0.status.evaluated) = (target, evaluated)
    }
  }

  /// Where the training is measured in decisions, what its episodes so far lead to expect; in the
  /// end, those it has had.
  private var targetEpisodes: Int {
    let episodes = training.progress.episodes
    if training.isDone { return episodes }
    switch training.target {
    case .episodes(let count): return count
    case .decisions where training.share > 0:
      return max(episodes + 1, Int((Double(episodes) / training.share).rounded(.up)))
    case .decisions: return 0
    }
  }

  /// What is NaN or infinite after an update, and what is left that is good.
  private func nonFinite(_ step: Training.Step) -> String? {
    guard let statistics = step.record else { return nil }
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
