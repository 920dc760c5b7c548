// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import RunStore

/// What a trial does, found from its counts and its processor time.
struct TrialPulse {
  private(set) var activity = TrialActivity(phase: .starting)
  /// Whether an answer of the environment's worker is awaited, or can be at any moment.
  private(set) var asksWorker = false
  private var last = PlayCounter.Moment()
  private var lastStatus: [Int] = []
  private var lastTime: Double
  private var lastCPU = 0.0
  private var waiting = 0.0
  /// Where the rate is reckoned from.
  private var rateStart: (phase: TrialActivity.Phase, decisions: Int, seconds: Double)
  private var rate = 0.0

  /// Seconds of computing that count as a sign of life.
  private static let work = 0.01

  /// - Parameter now: seconds of a clock that never goes back.
  init(now: Double) {
    lastTime = now
    rateStart = (.starting, 0, now)
  }

  /// Looks at how the trial stands and at what it has counted.
  ///
  /// - Parameter cpu: seconds of processor time that the training's thread has used.
  mutating func look(
    _ standing: TrialStanding, _ moment: PlayCounter.Moment, cpu: Double, now: Double
  ) {
    // A longer pause was the machine's sleep, or ours.
    let elapsed = min(now - lastTime, 0.5)
    lastTime = now
    let phase =
      standing.phase == .playing && moment.isUpdating
      ? TrialActivity.Phase.updating
      : standing.phase
    asksWorker = standing.isRemote && phase != .updating && phase != .writing
    let status = [standing.status.episodes, standing.status.evaluated]
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
      activity.episode =
        standing.status.episodes + max(0, moment.episodes - standing.countedEpisodes) + 1
    case .evaluating: activity.episode = standing.status.evaluated + 1
    case .starting, .recording: activity.episode = nil
    case .writing: break
    }
    reckonRate(phase, moment, now)
  }

  private mutating func reckonRate(
    _ phase: TrialActivity.Phase, _ moment: PlayCounter.Moment, _ now: Double
  ) {
    guard phase != .writing else { return }
    let kind = phase == .updating ? .playing : phase
    if kind != rateStart.phase { rateStart = (kind, moment.decisions, now) }
    rate = Double(moment.decisions - rateStart.decisions) / max(1e-3, now - rateStart.seconds)
  }

  /// A line for whoever watches, with its line end.
  func line(_ status: TrialStatus) -> String {
    let mean = status.smoothedMean.map { csvText($0) } ?? "null"
    let kind = rateStart.phase == .evaluating ? "evaluating" : "training"
    return """
      {"episodes":\(status.episodes),"targetEpisodes":\(status.targetEpisodes),"decisions":\(status.decisions),\
      "smoothedMean":\(mean),"rate":\(Int(rate)),"phase":"\(kind)","evaluated":\(status.evaluated),\
      "activity":{"phase":"\(activity.phase.rawValue)","episode":\(activity.episode.map(String.init) ?? "null"),\
      "decisions":\(activity.decisions),"waitingSeconds":\(activity.waitingSeconds),"signs":\(activity.signs)}}

      """
  }
}
