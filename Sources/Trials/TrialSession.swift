// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
package import Environments
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
  private let planned: Plan.PlannedTrial
  private let folder: TrialFolder
  /// A shorter trial that this one continues.
  private let extended: TrialFolder?
  private let configuration: ConfigValue
  private let streams: RandomStreams
  private let identity: String
  private let plan: Plan
  private let stop: StopRequest
  /// Training episodes after which it stops early, between two updates; nil for never.
  private let until: Int?
  private let training: Training
  private let kernels = LaneKernels()
  private let startedAt = Timestamp.text(secondsSince1970: Clock.wall)
  private let startWall = Clock.monotonic
  private var lastProgressLine = 0.0
  private var lastStatus = 0.0
  private var firstEpisode = 0
  private var evaluated = 0
  private var sessionDecisions = 0
  private var trainingStart = Clock.monotonic

  /// - Parameters:
  ///   - run: the run's folder, with its `plan.json`.
  ///   - watchesInput: whether the end of standard input asks the trial to stop.
  ///   - until: training episodes after which it stops, between two updates; nil for never.
  package init(
    run: RunFolder, plan: Plan, trial: Plan.PlannedTrial, catalogue: Catalogue, watchesInput: Bool,
    until: Int? = nil
  ) throws(EnvironmentError) {
    self.until = until
    self.plan = plan
    planned = trial
    folder = run.trial(trial.id)
    extended = trial.extends.map(run.trial)
    configuration = plan.configuration(of: trial)
    identity =
      trialIdentity(
        configuration: configuration, seed: trial.seed, rootSeed: plan.rootSeed,
        catalogue: catalogue
      ).json
    streams = RandomStreams(
      root: UInt64(bitPattern: Int64(plan.rootSeed)), seed: UInt64(bitPattern: Int64(trial.seed)))
    stop = StopRequest(watchesInput: watchesInput)
    // A worker's log is the trial's.
    try? folder.create()
    training = Training(
      configuration: configuration, streams: streams,
      environments: try makeTrainingEnvironments(
        configuration, rootSeed: streams.root, logPath: folder.logPath), kernels: kernels)
  }

  /// Records that a trial could not begin: its environment is not to be had.
  package static func recordFailure(_ error: EnvironmentError, in folder: TrialFolder) {
    let now = Timestamp.text(secondsSince1970: Clock.wall)
    guard (try? folder.create()) != nil else { return }
    let earlier = try? folder.readStatus()
    try? folder.writeStatus(
      TrialStatus(
        state: .failed, episodes: earlier?.episodes ?? 0,
        targetEpisodes: earlier?.targetEpisodes ?? 0, decisions: earlier?.decisions ?? 0,
        runningMean: earlier?.runningMean, evaluated: earlier?.evaluated ?? 0,
        message: error.description, process: .current, host: MachineFacts.hostName,
        startedAt: now, updatedAt: now))
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
    do {
      try folder.create()
      if try !folder.verifyIdentity() { try folder.writeConfig(Array(identity.utf8)) }
      return try work()
    } catch {
      let reason = String(describing: error)
      log("failed: \(reason)")
      try? writeStatus(.failed, message: reason)
      return .failed(reason)
    }
  }

  /// Seconds that another process may take to checkpoint and leave the folder to us.
  private static let lockPatience = 60.0

  /// Waits for a process that still writes the folder, as one whose parent was killed does for a
  /// moment.
  ///
  /// - Returns: nil when asked to stop while waiting.
  private func takeLock() throws(RunStoreError) -> TrialLock? {
    let start = Clock.monotonic
    while true {
      do throws(RunStoreError) {
        return try TrialLock(folder)
      } catch {
        guard error.code == .locked, Clock.monotonic - start < Self.lockPatience else {
          throw error
        }
      }
      if stop.isAsked { return nil }
      usleep(20_000)
    }
  }

  /// Where the training is measured in decisions, what its episodes so far lead to expect.
  private var targetEpisodes: Int {
    switch training.target {
    case .episodes(let count): count
    case .decisions:
      training.share > 0 ? Int(Double(training.progress.episodes) / training.share) : 0
    }
  }

  private func work() throws -> TrialEnd {
    extend()
    let lengths = try resume()
    firstEpisode = training.progress.episodes
    let record = try TrialRecord(folder, at: training, lengths: lengths)
    try writeStatus(.running)
    var provenance = try openSession()
    let settings = Settings(configuration, section: "training")
    let shelf = CheckpointShelf(folder: folder, keep: settings.integer("keepCheckpoints"))
    try shelf.tidy(upTo: training.progress.episodes)
    if training.progress.episodes == 0 { try store(on: shelf, record) }

    let every = settings.integer("checkpointEvery")
    trainingStart = Clock.monotonic
    while !training.isDone {
      if stop.isAsked || training.progress.episodes >= until ?? .max {
        return try stopHere(record, &provenance)
      }
      let before = training.progress
      let step = try training.advance()
      sessionDecisions += training.progress.decisions - before.decisions
      try record.append(step, of: training)
      if let problem = nonFinite(step) { return try fail(problem, &provenance) }
      let isDue = training.progress.episodes / every > before.episodes / every
      if isDue || training.isDone { try store(on: shelf, record) }
      try showProgress(phase: "training")
    }
    try removeResumeFile()
    guard try evaluate() else { return try stopHere(nil, &provenance) }
    try closeSession(&provenance)
    try writeStatus(.finished)
    log("finished: \(training.progress.episodes) episodes, \(evaluated) evaluated")
    return .finished
  }

  // MARK: Checkpoints

  private func encode(_ record: TrialRecord) -> Checkpoint {
    TrainingCheckpoint.encode(
      training, trial: planned.id, configuration: configuration, lengths: record.lengths)
  }

  private func store(on shelf: CheckpointShelf, _ record: TrialRecord) throws {
    try record.sync()
    try shelf.put(encode(record), episodes: training.progress.episodes)
    log("checkpoint at episode \(training.progress.episodes)")
  }

  /// Takes over what a shorter trial has trained; without it, the training begins at the start.
  private func extend() {
    guard let extended else { return }
    do {
      let extending = TrainingExtension(
        source: extended, target: folder, configuration: configuration)
      if let sentence = try extending.adopt() { log(sentence) }
    } catch {
      log("does not continue trial \(extended.id): \(error)")
    }
  }

  /// Continues from the newest checkpoint that is whole, if there is one.
  private func resume() throws -> TrainingCheckpoint.FileLengths? {
    var candidates = try folder.checkpoints()
    if Disk.isPresent(folder.resumePath) {
      // The stop may have been an earlier one than the newest checkpoint.
      let stored = try? Checkpoint(contentsOf: folder.resumePath)
      let episodes = stored?.metadata["episode"].flatMap { Int($0) } ?? Int.max
      candidates.append((episodes, folder.resumePath))
      candidates.sort { $0.episodes < $1.episodes }
    }
    for (_, path) in candidates.reversed() {
      do throws(ArtifactError) {
        let checkpoint = try Checkpoint(contentsOf: path)
        guard TrainingCheckpoint.isComplete(checkpoint, for: training) else { continue }
        guard checkpoint.metadata["trial"] == planned.id else {
          log("passed over \(path): it belongs to trial \(checkpoint.metadata["trial"] ?? "?")")
          continue
        }
        guard recordsReach(checkpoint) else {
          log("passed over \(path): the CSV files are shorter than they were when it was written")
          continue
        }
        let lengths = try TrainingCheckpoint.restore(checkpoint, into: training, path: path)
        if training.progress.episodes > 0 {
          log("resumes at episode \(training.progress.episodes) from \(path)")
        }
        return lengths
      } catch {
        log("passed over a damaged checkpoint: \(error)")
      }
    }
    training.restart()
    log("starts: trial \(planned.id), seed \(planned.seed)")
    return nil
  }

  private func recordsReach(_ checkpoint: Checkpoint) -> Bool {
    [(folder.episodesPath, "episodesBytes"), (folder.updatesPath, "updatesBytes")].allSatisfy {
      let wanted = checkpoint.metadata[$0.1].flatMap { Int($0) } ?? 0
      return ((try? readFileBytes($0.0))?.count ?? 0) >= wanted
    }
  }

  private func removeResumeFile() throws {
    if Disk.isPresent(folder.resumePath), unlink(folder.resumePath) != 0 {
      throw ArtifactError(.unwritable, path: folder.resumePath, detail: errnoText())
    }
  }

  // MARK: Ends

  private func stopHere(_ record: TrialRecord?, _ provenance: inout Provenance) throws -> TrialEnd {
    if let record {
      try record.sync()
      try AtomicFile.write(encode(record).encoded(), to: folder.resumePath)
    }
    try writeStatus(.stopped)
    try closeSession(&provenance)
    log("stopped on request at episode \(training.progress.episodes)")
    return .stopped
  }

  private func fail(_ problem: String, _ provenance: inout Provenance) throws -> TrialEnd {
    log("failed: \(problem)")
    try writeStatus(.failed, message: problem)
    try closeSession(&provenance)
    return .failed(problem)
  }

  /// What is NaN or infinite after an update, and what is left that is good.
  private func nonFinite(_ step: Training.Step) -> String? {
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
    return """
      update \(training.progress.updates) (episode \(training.progress.episodes)): \(tensor) \
      became NaN or infinite; a smaller optimizer.learningRate may help; last good checkpoint: \
      \(last)
      """
  }

  // MARK: Evaluation

  /// Plays the evaluation episodes that are missing, and the games for the report.
  ///
  /// - Returns: false when asked to stop on the way.
  private func evaluate() throws -> Bool {
    let settings = Settings(configuration, section: "evaluation")
    let wanted = settings.integer("episodes")
    guard let choice = ActionChoice(rawValue: settings.string("mode")) else {
      preconditionFailure("no evaluation mode \(settings.string("mode"))")
    }
    let evaluator = Evaluator(training: training, streams: streams, choice: choice)
    guard try play(wanted, with: evaluator, into: folder.evaluationsPath) else { return false }
    if let other = settings.optionalString("transferTo"), wanted > 0 {
      let elsewhere = try makeEnvironments(
        Trials.configuration(configuration, playing: other), rootSeed: streams.root, count: 1,
        logPath: folder.logPath)
      let evaluator = Evaluator(
        training: training, environment: elsewhere[0], streams: streams, choice: choice)
      guard try play(wanted, with: evaluator, into: folder.transfersPath) else { return false }
    }
    let shelf = ReplayShelf(
      folder: folder, configuration: configuration, streams: streams, choice: choice)
    return try wanted == 0 || shelf.fill { stop.isAsked }
  }

  /// Plays those of `wanted` episodes that a file lacks; false when asked to stop on the way.
  private func play(
    _ wanted: Int, with evaluator: Evaluator, into path: String
  ) throws -> Bool {
    let episodes = training.progress.episodes
    let kept = wholeRows(EvaluationRecord.self, at: path).enumerated()
      .prefix { $1.checkpoint == episodes && $1.episode == $0 + 1 }.map(\.element)
    let log = try CSVLog<EvaluationRecord>(path: path, keeping: 0)
    for row in kept { log.append(row) }
    try log.flush()
    evaluated = kept.count
    while evaluated < wanted {
      if stop.isAsked { return false }
      log.append(try evaluator.play(evaluated + 1))
      try log.flush()
      evaluated += 1
      try showProgress(phase: "evaluating")
    }
    try log.sync()
    return true
  }

  // MARK: Status, progress, provenance

  private func writeStatus(_ state: TrialStatus.State, message: String? = nil) throws {
    lastStatus = Clock.monotonic
    try folder.writeStatus(
      TrialStatus(
        state: state, episodes: training.progress.episodes, targetEpisodes: targetEpisodes,
        decisions: training.progress.decisions, runningMean: training.progress.runningMean,
        evaluated: evaluated, message: message, process: .current,
        host: MachineFacts.hostName, startedAt: startedAt,
        updatedAt: Timestamp.text(secondsSince1970: Clock.wall)))
  }

  /// At most five lines a second to whoever watches, and a heartbeat every two seconds.
  private func showProgress(phase: String) throws {
    let now = Clock.monotonic
    if now - lastProgressLine >= 0.2 {
      lastProgressLine = now
      let rate = Double(sessionDecisions) / max(1e-3, now - trainingStart)
      let mean = training.progress.runningMean.map { csvText($0) } ?? "null"
      let line = """
        {"episodes":\(training.progress.episodes),"decisions":\(training.progress.decisions),\
        "runningMean":\(mean),"rate":\(Int(rate)),"phase":"\(phase)","evaluated":\(evaluated)}

        """
      _ = line.withCString { write(1, $0, strlen($0)) }
    }
    if now - lastStatus >= 2 { try writeStatus(.running) }
  }

  private func openSession() throws -> Provenance {
    var machine = MachineFacts.current
    machine.vectorExtension = kernels.width.rawValue
    var opened = session(endedAt: nil)
    opened.versions = .init(rallybook: Version.text, swift: Version.swift, format: 1)
    opened.git = GitState.around(".")
    opened.machine = machine
    opened.experimentHash = plan.experimentHash
    opened.binary = BinaryIdentity.current
    var provenance =
      try folder.readProvenance()
      ?? Provenance(
        versions: .init(rallybook: Version.text, swift: Version.swift, format: 1),
        experimentHash: plan.experimentHash, git: opened.git, machine: machine)
    let mode = Settings(configuration, section: "evaluation").string("mode")
    if let earlier = provenance.settings["evaluation.mode"], earlier != mode {
      try discardEvaluations()
    }
    provenance.settings["evaluation.mode"] = mode
    provenance.begin(opened)
    try folder.writeProvenance(provenance)
    return provenance
  }

  /// Removes what was played in another evaluation mode, before the new one is recorded.
  private func discardEvaluations() throws {
    let files =
      [folder.evaluationsPath, folder.transfersPath] + (try folder.replays().map { $0.path })
    for file in files where Disk.isPresent(file) && unlink(file) != 0 {
      throw ArtifactError(.unwritable, path: file, detail: errnoText())
    }
  }

  private func closeSession(_ provenance: inout Provenance) throws {
    var closed = session(endedAt: Timestamp.text(secondsSince1970: Clock.wall))
    if let opened = provenance.sessions.popLast() {
      closed.versions = opened.versions
      closed.git = opened.git
      closed.machine = opened.machine
      closed.experimentHash = opened.experimentHash
      closed.binary = opened.binary
    }
    provenance.sessions.append(closed)
    try folder.writeProvenance(provenance)
  }

  private func session(endedAt: String?) -> Provenance.Session {
    let use = ResourceUse.current
    return Provenance.Session(
      startedAt: startedAt, endedAt: endedAt, wallSeconds: Clock.monotonic - startWall,
      cpuSeconds: use.cpuSeconds, peakMemoryBytes: use.peakMemoryBytes, fromEpisode: firstEpisode,
      toEpisode: training.progress.episodes)
  }

  /// A line in the trial's own log; a full disk must not hide the error that it tells of.
  private func log(_ sentence: String) {
    let line = Timestamp.text(secondsSince1970: Clock.wall) + " " + sentence + "\n"
    let descriptor = open(folder.logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    _ = line.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }
}
