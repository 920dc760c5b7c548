// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

extension BatchEvent {
  /// What people are told of it, in a line or two, and how it looks; nil for what is only drawn.
  ///
  /// - Parameter jobs: of the batch.
  func sentence(_ jobs: [Batch.Job]) -> (text: String, role: TerminalText.Role)? {
    switch self {
    case .began(let batch, let workers):
      return (Wording.began(batch, workers: workers), .plain)
    case .held(let index, let pid):
      let job = jobs[index]
      let trial = "trial \(job.trial.number) (\(Wording.name(job)))"
      return ("\(trial) is being trained by process \(pid); waiting for it", .caution)
    case .started(let index, _):
      let job = jobs[index]
      return ("started   trial \(job.trial.number): \(Wording.name(job))", .plain)
    case .continued(let index, let resumption):
      return (
        Wording.continued(jobs[index], resumption), resumption.skipped.isEmpty ? .plain : .caution
      )
    case .ended(let index, let end):
      return (Wording.ended(jobs[index], end), end.role == .bad ? .bad : .plain)
    case .stopping(_, let sentence): return (sentence, .caution)
    case .killing(let running): return ("ending \(Wording.trials(running)) at once", .caution)
    case .noted(let sentence): return (sentence, .faint)
    case .progressed, .remembered, .tick, .suspending, .resumed, .done: return nil
    }
  }
}

extension JobEnd {
  var role: TerminalText.Role {
    switch result {
    case .finished: .good
    case .stopped, .later: .caution
    case .failed, .again: .bad
    }
  }
}

/// The parts of such sentences.
enum Wording {
  static let noReason = "it gave no reason"
  static let killed = "its process ended without a message; its checkpoints are kept"

  static func began(_ batch: Batch, workers: Int) -> String {
    var parts: [String] = []
    if batch.alreadyComplete > 0 { parts.append("\(batch.alreadyComplete) already done") }
    if !batch.failedEarlier.isEmpty {
      parts.append("\(batch.failedEarlier.count) failed earlier, not tried again")
    }
    if !batch.unusable.isEmpty {
      parts.append("\(batch.unusable.count) with damaged records, not trained again")
    }
    if batch.triedAgain > 0 {
      parts.append("\(batch.triedAgain) could not start earlier, tried again")
    }
    if !batch.damaged.isEmpty {
      parts.append("\(batch.damaged.count) damaged, continued from what is intact")
    }
    let atOnce = min(workers, batch.jobs.count)
    let pace = workers > 0 ? "\(batch.jobs.count) to run, \(atOnce) at a time" : "watching"
    parts.append(batch.jobs.isEmpty ? "nothing to run" : pace)
    let name = DisplayText.escaped(batch.name)
    return "\(name): \(trials(batch.total)) · " + parts.joined(separator: " · ")
  }

  /// Where a trial goes on, and a line for each checkpoint that it could not go on from.
  static func continued(_ job: Batch.Job, _ resumption: Resumption) -> String {
    let place =
      resumption.fromEpisode > 0
      ? "from episode \(Numbers.whole(resumption.fromEpisode))"
      : "from the start: no checkpoint is left to go on from"
    let skipped = resumption.skipped.map { "\n          skipped \(DisplayText.escaped($0))" }
    return "continued trial \(job.trial.number): \(name(job)), \(place)" + skipped.joined()
  }

  /// Of a failure with the path of the trial's log, unless the reason names it.
  static func ended(_ job: Batch.Job, _ end: JobEnd) -> String {
    let head =
      switch end.result {
      case .finished: "finished "
      case .stopped: "stopped  "
      case .failed: end.status?.state == .stopped ? "stopped  " : "failed   "
      case .again: "crashed  "
      case .later: "put off  "
      }
    let text = "\(head) trial \(job.trial.number): \(name(job)): \(endedShort(end, isTold: true))"
    let path = job.folder.logPath
    guard case .failed(let reason) = end.result, !reason.contains(path) else { return text }
    return text + "\n          log: \(DisplayText.escaped(path))"
  }

  /// What follows the name of a trial that ended.
  ///
  /// - Parameters:
  ///   - isNarrow: leaves out what tells least.
  ///   - isTold: whether how it ended stands before the name.
  static func endedShort(
    _ end: JobEnd, isNarrow: Bool = false, isTold: Bool = false
  ) -> String {
    let isStopped = end.result == .stopped
    switch end.result {
    case .failed(let reason):
      let head =
        switch end.status?.state {
        case .couldNotStart: TrialState.couldNotStart.words + ": "
        case .stopped: ""
        default: isTold ? "" : "failed: "
        }
      return head + DisplayText.escaped(reason)
    case .again(let reason): return "starts again: \(DisplayText.escaped(reason))"
    case .later(let reason): return DisplayText.escaped(reason)
    case .finished, .stopped:
      var parts = isStopped && !isTold ? ["stopped"] : []
      if let status = end.status {
        if !isStopped { parts.append("smoothed mean \(Numbers.score(status.smoothedMean))") }
        if !isNarrow { parts.append(Numbers.count(status.episodes, "episode")) }
        if isStopped, let decisions = status.decisionsWithoutEnd {
          parts.append("no episode has ended yet after \(Numbers.whole(decisions)) decisions")
        }
      }
      return (parts + [Durations.text(end.seconds)]).joined(separator: "  ")
    }
  }

  static func endless(_ job: Batch.Job, decisions: Int) -> String {
    "trial \(job.trial.number) (\(name(job))): no episode has ended yet after "
      + "\(Numbers.whole(decisions)) decisions"
  }

  static func name(_ job: Batch.Job) -> String {
    "\(DisplayText.escaped(job.label)), seed \(job.trial.seed)"
  }

  static func trials(_ count: Int) -> String { Numbers.count(count, "trial") }
}
