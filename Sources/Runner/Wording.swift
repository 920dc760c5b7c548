// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

/// The sentences that the runner says to people, in one place.
enum Wording {
  static let noReason = "it gave no reason"

  static func began(_ batch: Batch, workers: Int) -> String {
    var parts: [String] = []
    if batch.alreadyComplete > 0 { parts.append("\(batch.alreadyComplete) already done") }
    if !batch.failedEarlier.isEmpty {
      parts.append("\(batch.failedEarlier.count) failed earlier, not tried again")
    }
    if batch.triedAgain > 0 {
      parts.append("\(batch.triedAgain) could not start earlier, tried again")
    }
    if batch.damaged > 0 {
      parts.append("\(batch.damaged) damaged, continued from what is intact")
    }
    let atOnce = min(workers, batch.jobs.count)
    let pace = workers > 0 ? "\(batch.jobs.count) to run, \(atOnce) at a time" : "watching"
    parts.append(batch.jobs.isEmpty ? "nothing to run" : pace)
    let title = batch.title.map { ", \($0)" } ?? ""
    let name = DisplayText.escaped(batch.run.name + title)
    return "\(name): \(trials(batch.total)) · " + parts.joined(separator: " · ")
  }

  static func held(_ job: Batch.Job, pid: Int32) -> String {
    "trial \(job.trial.number) (\(name(job))) is being trained by process \(pid); waiting for it"
  }

  static func started(_ job: Batch.Job) -> String {
    let from = job.startEpisodes > 0 ? ", from episode \(Numbers.whole(job.startEpisodes))" : ""
    return "started   trial \(job.trial.number): \(name(job))\(from)"
  }

  static func ended(_ job: Batch.Job, _ end: JobEnd) -> String {
    let head =
      switch end.result {
      case .finished: "finished "
      case .stopped: "stopped  "
      case .failed: end.status?.state == .stopped ? "stopped  " : "failed   "
      case .again: "crashed  "
      case .later: "put off  "
      }
    let text = "\(head) trial \(job.trial.number): \(name(job)): \(endedShort(end))"
    guard case .failed(let reason) = end.result else { return text }
    return text + log(job, besides: reason)
  }

  /// A line with the path of a trial's log, unless the reason names it.
  static func log(_ job: Batch.Job, besides reason: String) -> String {
    let path = job.folder.logPath
    return reason.contains(path) ? "" : "\n          log: \(DisplayText.escaped(path))"
  }

  /// What follows the name of a trial that ended.
  ///
  /// - Parameter isNarrow: leaves out what tells least.
  static func endedShort(_ end: JobEnd, isNarrow: Bool = false) -> String {
    switch end.result {
    case .failed(let reason): return end.failureWords + DisplayText.escaped(reason)
    case .again(let reason): return "starts again: \(DisplayText.escaped(reason))"
    case .later(let reason): return DisplayText.escaped(reason)
    case .finished, .stopped:
      var parts: [String] = []
      if let status = end.status {
        parts.append(
          end.result == .stopped ? "stopped" : "smoothed mean \(Numbers.score(status.smoothedMean))"
        )
        if !isNarrow { parts.append("\(Numbers.whole(status.episodes)) episodes") }
        if end.result == .stopped, let decisions = status.decisionsWithoutEnd {
          parts.append("no episode has ended yet after \(Numbers.whole(decisions)) decisions")
        }
      } else if end.result == .stopped {
        parts.append("stopped")
      }
      parts.append(Durations.text(end.seconds))
      return parts.joined(separator: "  ")
    }
  }

  static func endless(_ job: Batch.Job, decisions: Int) -> String {
    "trial \(job.trial.number) (\(name(job))): no episode has ended yet after "
      + "\(Numbers.whole(decisions)) decisions"
  }

  static func stoppingShort(_ running: Int) -> String {
    running > 0 ? "stopping \(running)" : "stopping"
  }

  static func killing(running: Int) -> String { "ending \(trials(running)) at once" }

  private static func name(_ job: Batch.Job) -> String {
    "\(DisplayText.escaped(job.label)), seed \(job.trial.seed)"
  }

  static func trials(_ count: Int) -> String { count == 1 ? "1 trial" : "\(count) trials" }
}
