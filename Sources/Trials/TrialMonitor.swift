// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Glibc
import GymnasiumBridge
import RunStore
import Synchronization

/// Looks after a trial from a thread of its own: writes its heartbeat, tells whoever watches, and
/// ends the process where the trial is asked to stop and is too busy to look.
///
/// The trial computes most of the time and writes its files in between. While it computes, the files
/// are as they were at the last moment between two updates, so the process may end at any time:
/// what was not finished is done again by the next session, to the same bits.
final class TrialMonitor: Sendable {
  /// Seconds that the trial has to stop by itself: it then loses nothing that it has played. With a
  /// worker it takes as long to end that.
  private static let patience = (own: 0.3, worker: 1.2)
  private static let heartbeatSeconds = 1.0
  private static let lineSeconds = 0.2

  /// What the trial's own thread does.
  private enum Gate {
    static let writing: UInt8 = 0
    static let computing: UInt8 = 1
    /// The monitor is about to end the process; the trial's own thread may touch nothing any more.
    static let ending: UInt8 = 2
  }

  let counter = PlayCounter()
  let stop: StopRequest
  private let folder: TrialFolder
  private let gate = Atomic<UInt8>(Gate.writing)
  private let standing: Mutex<TrialStanding>
  private let trainingThread: clockid_t

  /// - Parameter standing: how the trial stands at its start.
  init(_ folder: TrialFolder, stop: StopRequest, standing: TrialStanding) {
    self.folder = folder
    self.stop = stop
    self.standing = Mutex(standing)
    var clock = CLOCK_PROCESS_CPUTIME_ID
    _ = pthread_getcpuclockid(pthread_self(), &clock)
    trainingThread = clock
  }

  // MARK: From the trial's own thread

  /// Writes the first heartbeat and begins to look; call it once.
  func start() throws {
    try write(.running)
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
    standing.withLock { $0.phase = phase }
    gate.store(Gate.computing, ordering: .releasing)
    defer {
      let isOurs = gate.compareExchange(
        expected: Gate.computing, desired: Gate.writing, ordering: .acquiringAndReleasing
      ).exchanged
      // The monitor stores what there is and ends the process.
      while !isOurs { pause() }
      standing.withLock { $0.phase = .writing }
    }
    return try body()
  }

  /// Notes how the trial stands now.
  func note(_ change: (inout TrialStanding) -> Void) {
    let counted = counter.moment.episodes
    standing.withLock {
      change(&$0)
      $0.countedEpisodes = counted
    }
  }

  /// Writes `status.json`; after any state but running nothing more is written.
  func write(_ state: TrialStatus.State, message: String? = nil) throws {
    try standing.withLock {
      $0.status.state = state
      $0.status.message = message
      $0.status.activity = state == .running ? TrialActivity(phase: $0.phase) : nil
      $0.status.updatedAt = Timestamp.text(secondsSince1970: Clock.wall)
      if state != .running { $0.isOver = true }
      try folder.writeStatus($0.status)
    }
  }

  /// Stores what there is, where the trial was asked to stop while it computed.
  func storeStop() -> TrialEnd {
    standing.withLock { standing in
      do {
        try standing.storeStop(in: folder)
        TrialLog(folder).write(Wording.stopped(standing.status))
        return .stopped
      } catch {
        let reason = String(describing: error)
        TrialLog(folder).write("failed: \(reason)")
        (standing.status.state, standing.status.message) = (.failed, reason)
        try? folder.writeStatus(standing.status)
        return .failed(reason)
      }
    }
  }

  // MARK: On a thread of its own

  private func watch() {
    var pulse = TrialPulse(now: Clock.monotonic)
    var (lastBeat, lastLine, asked) = (Clock.monotonic, 0.0, Double.infinity)
    while true {
      stop.wait(milliseconds: 100)
      let now = Clock.monotonic
      let moment = counter.moment
      let isOver = standing.withLock { standing in
        if standing.isOver { return true }
        pulse.look(standing, moment, cpu: Clock.seconds(trainingThread), now: now)
        standing.activity = pulse.activity
        if now - lastBeat >= Self.heartbeatSeconds {
          lastBeat = now
          standing.status.activity = pulse.activity
          standing.status.updatedAt = Timestamp.text(secondsSince1970: Clock.wall)
          // What cannot be written here cannot be by the trial either, which says so.
          try? folder.writeStatus(standing.status)
        }
        if now - lastLine >= Self.lineSeconds {
          lastLine = now
          Self.tell(pulse.line(standing.status))
        }
        return false
      }
      if isOver { return }
      guard stop.isAsked else { continue }
      WorkerStop.ask()
      asked = min(asked, now)
      if now - asked >= (pulse.asksWorker ? Self.patience.worker : Self.patience.own) { end() }
    }
  }

  /// Stores what there is and ends the process, unless the trial writes just now.
  private func end() {
    guard
      gate.compareExchange(
        expected: Gate.computing, desired: Gate.ending, ordering: .acquiringAndReleasing
      ).exchanged
    else { return }
    _exit(storeStop().exitStatus)
  }

  /// Says a line to whoever watches, unless that would mean to wait for them.
  private static func tell(_ line: String) {
    var output = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
    guard poll(&output, 1, 0) > 0, output.revents & Int16(POLLOUT) != 0 else { return }
    _ = line.withCString { Glibc.write(1, $0, strlen($0)) }
  }
}
