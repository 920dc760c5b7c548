// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Glibc
import RunStore

/// A line of JSON on standard output for whoever started the trial, five times a second.
struct ProgressLine {
  private var lastLine = 0.0
  /// Where the rate is reckoned from.
  private var rateStart = (
    phase: TrialActivity.Phase.starting, decisions: 0, seconds: Clock.monotonic
  )
  private var rate = 0.0

  mutating func tell(_ state: TrialMonitor.State, _ moment: PlayCounter.Moment, now: Double) {
    let (status, activity) = (state.status, state.activity)
    if activity.phase != .writing {
      let kind = activity.phase == .updating ? .playing : activity.phase
      if kind != rateStart.phase { rateStart = (kind, moment.decisions, now) }
      rate = Double(moment.decisions - rateStart.decisions) / max(1e-3, now - rateStart.seconds)
    }
    guard now - lastLine >= 0.2 else { return }
    lastLine = now
    let kind = rateStart.phase == .evaluating ? "evaluating" : "training"
    let line = """
      {"episodes":\(status.episodes),"targetEpisodes":\(status.targetEpisodes),"decisions":\(status.decisions),\
      "smoothedMean":\(status.smoothedMean.map { csvText($0) } ?? "null"),"rate":\(Int(rate)),"phase":"\(kind)","evaluated":\(status.evaluated),\
      "activity":{"phase":"\(activity.phase.rawValue)","episode":\(activity.episode.map(String.init) ?? "null"),\
      "decisions":\(activity.decisions),"waitingSeconds":\(activity.waitingSeconds),"signs":\(activity.signs)}}

      """
    // Said unless that would mean to wait for them.
    var output = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
    guard poll(&output, 1, 0) > 0, output.revents & Int16(POLLOUT) != 0 else { return }
    _ = line.withCString { Glibc.write(1, $0, strlen($0)) }
  }
}
