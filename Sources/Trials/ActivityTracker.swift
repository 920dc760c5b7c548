// SPDX-License-Identifier: MIT

import Algorithms
import RunStore

/// What a trial does, found from its counts and its processor time.
struct ActivityTracker {
  private(set) var activity = TrialActivity.starting
  /// Whether an answer of the environment's worker is awaited, or can be at any moment.
  private(set) var asksWorker = false
  private let isRemote: Bool
  private var last = PlayCounter.Moment()
  private var lastStatus: [Int] = []
  private var lastTime = Clock.monotonic
  private var lastCPU = 0.0
  private var waiting = 0.0

  /// Seconds of computing that count as a sign of life.
  private static let work = 0.01

  init(isRemote: Bool) { self.isRemote = isRemote }

  /// Looks at how the trial stands and at what it has counted.
  ///
  /// - Parameters:
  ///   - cpu: seconds of processor time that the training's thread has used.
  ///   - now: seconds of a clock that never goes back.
  mutating func look(
    _ state: TrialMonitor.State, _ moment: PlayCounter.Moment, cpu: Double, now: Double
  ) {
    // A longer pause was the machine's sleep, or ours.
    let elapsed = min(now - lastTime, 0.5)
    lastTime = now
    let isUpdating = state.phase == .playing && moment.isUpdating
    let phase = isUpdating ? TrialActivity.Phase.updating : state.phase
    asksWorker = isRemote && phase != .updating && phase != .writing
    let status = [state.status.episodes, state.status.evaluated]
    // While a worker is asked our own thread only waits for it.
    let hasMoved =
      moment != last || status != lastStatus || phase != activity.phase
      || (!asksWorker && cpu - lastCPU >= Self.work)
    if hasMoved {
      activity.signs += 1
      (last, lastStatus, lastCPU) = (moment, status, cpu)
    }
    waiting = hasMoved || !asksWorker ? 0 : waiting + elapsed
    activity.phase = phase
    activity.waitingSeconds = Int(waiting)
    activity.decisions = moment.decisionsSinceEnd
    switch phase {
    case .playing, .updating:
      let ended = max(0, moment.episodes - state.countedEpisodes)
      activity.episode = state.status.episodes + ended + 1
    case .evaluating: activity.episode = state.status.evaluated + 1
    case .starting, .recording: activity.episode = nil
    case .writing: break
    }
  }
}
