// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Diagnostics
import Glibc
import GymnasiumBridge
import RunStore
import Synchronization

/// Looks after a trial from a thread of its own: writes its heartbeat, and ends the process where
/// the trial is asked to stop and is too busy to look.
///
/// The trial computes most of the time and writes its files in between. While it computes, the files
/// are as they were at the last moment between two updates, so the process may end at any time:
/// what was not finished is done again by the next session, to the same bits.
final class TrialMonitor: Sendable {
  /// Seconds that the trial has to stop by itself: it then loses nothing that it has played. With a
  /// worker it takes as long to end that.
  private static let patience = (own: 0.3, worker: 1.2)
  private static let heartbeatSeconds = 0.5

  /// What the trial's own thread does.
  private enum Gate {
    static let writing: UInt8 = 0
    static let computing: UInt8 = 1
    /// The monitor is about to end the process; the trial's own thread may touch nothing any more.
    static let ending: UInt8 = 2
  }

  /// What is on record of the trial: as of the last moment between two updates, where everything can
  /// be stored at any time.
  struct State: Sendable {
    var status: TrialStatus
    var phase = TrialActivity.Phase.writing
    /// What the monitor saw last.
    var activity = TrialActivity.starting
    /// Episodes that the counter had counted when `status` was noted.
    var countedEpisodes = 0
    /// From where the next session will go on.
    var stored = Training.Progress()
    /// The training as it can be resumed, where that is further than the newest stored checkpoint.
    var resumable: Checkpoint?
    /// Its last session is this one; nil before the training has begun.
    var provenance: Provenance?
    var isOver = false
  }

  let counter = PlayCounter()
  private let folder: TrialFolder
  private let isRemote: Bool
  private let watchesInput: Bool
  private let gate = Atomic<UInt8>(Gate.writing)
  private let state: Mutex<State>
  private let trainingThread: clockid_t
  private let begin = Clock.monotonic

  /// Called on the trial's own thread.
  ///
  /// - Parameters:
  ///   - earlier: the status that the session before left.
  ///   - isRemote: whether the environment's answers come from a worker.
  ///   - watchesInput: whether the end of standard input asks the trial to stop.
  init(_ folder: TrialFolder, after earlier: TrialStatus?, isRemote: Bool, watchesInput: Bool) {
    self.folder = folder
    self.isRemote = isRemote
    self.watchesInput = watchesInput
    var state = State(status: TrialStatus(.running, after: earlier))
    state.stored.episodes = state.status.episodes
    state.stored.decisions = state.status.decisions
    state.stored.smoothedMean = state.status.smoothedMean
    self.state = Mutex(state)
    var clock = CLOCK_PROCESS_CPUTIME_ID
    _ = pthread_getcpuclockid(pthread_self(), &clock)
    trainingThread = clock
  }

  private static var now: String { Timestamp.text() }

  // MARK: From the trial's own thread

  /// Writes the first heartbeat and begins to look; call it once.
  func start() throws {
    try state.withLock { try beat(&$0) }
    var thread = pthread_t()
    let monitor = Unmanaged.passRetained(self)
    let problem = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<TrialMonitor>.fromOpaque(argument).takeRetainedValue().watch() }
        return nil
      }, monitor.toOpaque())
    guard problem == 0 else {
      monitor.release()
      throw ArtifactError(
        .unwritable, path: folder.path,
        detail: "no thread for the heartbeat: \(String(cString: strerror(problem)))")
    }
    pthread_detach(thread)
  }

  /// Runs what writes no file: the process may end meanwhile.
  func compute<T, E: Error>(
    _ phase: TrialActivity.Phase, _ body: () throws(E) -> T
  ) throws(E) -> T {
    state.withLock { $0.phase = phase }
    gate.store(Gate.computing, ordering: .releasing)
    defer {
      let isOurs = gate.compareExchange(
        expected: Gate.computing, desired: Gate.writing, ordering: .acquiringAndReleasing
      ).exchanged
      // The monitor stores what there is and ends the process.
      while !isOurs { pause() }
      state.withLock { $0.phase = .writing }
    }
    return try body()
  }

  /// Notes how the trial stands now.
  func note(_ change: (inout State) -> Void) {
    let counted = counter.moment.episodes
    state.withLock {
      change(&$0)
      $0.countedEpisodes = counted
    }
  }

  /// Notes the record of a session that begins, and writes it.
  func open(_ begun: Provenance) throws {
    var provenance = begun
    if var session = provenance.sessions.popLast() {
      session = measured(session)
      session.startedAt = state.withLock { $0.status.startedAt }
      provenance.sessions.append(session)
    }
    try folder.writeProvenance(provenance)
    let session = provenance.sessions.last
    note { [provenance] in
      $0.provenance = provenance
      $0.status.resumption = session.map {
        Resumption(fromEpisode: $0.fromEpisode, skipped: $0.skipped ?? [])
      }
    }
  }

  /// Ends the session: its state, and the end in `provenance.json`. Nothing more is written.
  ///
  /// - Parameters:
  ///   - message: why it failed.
  ///   - isInterrupted: whether it was asked to stop while it computed; the status then says at
  ///     what.
  func end(
    _ end: TrialStatus.State, message: String? = nil, isInterrupted: Bool = false
  ) -> TrialEnd {
    state.withLock { state in
      state.isOver = true
      (state.status.state, state.status.message) = (end, message)
      state.status.activity = isInterrupted ? state.activity : nil
      do {
        if end == .stopped { try storeStop(&state) }
        try close(&state)
        state.status.updatedAt = Self.now
        try folder.writeStatus(state.status)
      } catch {
        (state.status.state, state.status.activity) = (.failed, nil)
        state.status.message =
          message ?? (error as? RunStoreError)?.sentence ?? String(describing: error)
        try? folder.writeStatus(state.status)
      }
      return told(state.status)
    }
  }

  /// Stores all, for a session that ends before its time.
  private func storeStop(_ state: inout State) throws {
    if let resumable = state.resumable {
      for path in [folder.episodesPath, folder.updatesPath] { try Disk.sync(path) }
      try AtomicFile.write(resumable.encoded(), to: folder.resumePath)
    }
    state.status.episodes = state.stored.episodes
    state.status.decisions = state.stored.decisions
    state.status.smoothedMean = state.stored.smoothedMean
  }

  /// Ends the session's record in `provenance.json`.
  private func close(_ state: inout State) throws {
    guard var provenance = state.provenance, var session = provenance.sessions.popLast() else {
      return
    }
    session = measured(session)
    (session.endedAt, session.toEpisode) = (Self.now, state.status.episodes)
    provenance.sessions.append(session)
    try folder.writeProvenance(provenance)
  }

  /// The session with what it has used until now.
  private func measured(_ session: Provenance.Session) -> Provenance.Session {
    var measured = session
    let use = ResourceUse.current
    measured.wallSeconds = Clock.monotonic - begin
    (measured.cpuSeconds, measured.peakMemoryBytes) = (use.cpuSeconds, use.peakMemoryBytes)
    return measured
  }

  /// Writes the end into the log.
  private func told(_ status: TrialStatus) -> TrialEnd {
    let reason = status.message ?? "no reason is known"
    switch status.state {
    case .finished where status.message == nil:
      folder.appendLog("finished: \(status.episodes) episodes, \(status.evaluated) evaluated")
      return .finished
    case .stopped:
      folder.appendLog(Self.stopped(status))
      return .stopped
    case .finished, .couldNotStart: folder.appendLog("could not start: \(reason)")
    case .failed, .running: folder.appendLog("failed: \(reason)")
    }
    return .failed(reason)
  }

  private static func stopped(_ status: TrialStatus) -> String {
    let place = "stopped on request at episode \(status.episodes)"
    if let decisions = status.decisionsWithoutEnd {
      return "\(place): no episode has ended yet after \(Numbers.whole(decisions)) decisions"
    }
    guard let activity = status.activity else { return place }
    switch activity.phase {
    case .playing, .evaluating:
      let game = activity.phase == .evaluating ? "evaluation episode" : "episode"
      let decisions = Numbers.whole(activity.decisions)
      return "\(place), \(decisions) decisions into \(game) \(activity.episode ?? 0); "
        + "what was not finished is played again"
    case .updating: return "\(place), in an update, which is done again"
    case .starting: return "\(place), while the environment was made"
    case .recording: return "\(place), while a game was recorded"
    case .writing: return place
    }
  }

  // MARK: On a thread of its own

  private func watch() {
    var tracker = ActivityTracker(isRemote: isRemote)
    var (lastBeat, asked) = (Clock.monotonic, Double.infinity)
    while true {
      StopRequest.wait(milliseconds: 100, watchesInput: watchesInput)
      let now = Clock.monotonic
      let moment = counter.moment
      let isOver = state.withLock { state in
        if state.isOver { return true }
        tracker.look(state, moment, cpu: Clock.seconds(trainingThread), now: now)
        state.activity = tracker.activity
        if now - lastBeat >= Self.heartbeatSeconds {
          lastBeat = now
          // What cannot be written here cannot be by the trial either, which says so.
          try? beat(&state)
        }
        return false
      }
      if isOver { return }
      guard StopRequest.isAsked else { continue }
      asked = min(asked, now)
      let patience = tracker.asksWorker ? Self.patience.worker : Self.patience.own
      if now - asked >= patience { endProcess() }
    }
  }

  private func beat(_ state: inout State) throws(RunStoreError) {
    state.status.activity = state.activity
    state.status.updatedAt = Self.now
    try folder.writeStatus(state.status)
  }

  /// Stores what there is and ends the process, unless the trial writes just now.
  private func endProcess() {
    guard
      gate.compareExchange(
        expected: Gate.computing, desired: Gate.ending, ordering: .acquiringAndReleasing
      ).exchanged
    else { return }
    _exit(end(.stopped, isInterrupted: true).exitStatus)
  }
}
