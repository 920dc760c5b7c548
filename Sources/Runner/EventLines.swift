// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import FoundationEssentials
import ParameterSchema
import RunStore

/// Tells a batch to programs: one JSON object a line, on stdout by default.
package struct EventLines: BatchObserver {
  package let isMoving = false

  private let put: @Sendable (String) -> Void
  private let clock: @Sendable () -> Double
  private var jobs: [Batch.Job] = []
  private var run = ""
  private var told: [Int: Double] = [:]

  /// - Parameters:
  ///   - put: takes each line with its line end.
  ///   - clock: seconds since 1970.
  package init(
    put: @escaping @Sendable (String) -> Void = { StandardStream.output.write($0) },
    clock: @escaping @Sendable () -> Double = { Date.now.timeIntervalSince1970 }
  ) {
    self.put = put
    self.clock = clock
  }

  package mutating func receive(_ event: BatchEvent, at seconds: Double) {
    if case .began(let batch, _) = event { (jobs, run) = (batch.jobs, batch.run.name) }
    if case .progressed(let job, _, _) = event {
      // Once a second for each trial is plenty for a program that watches.
      if let last = told[job], seconds - last < 1 { return }
      told[job] = seconds
    }
    guard var members = members(event) else { return }
    members["run"] = .string(run)
    members["time"] = .string(Timestamp.text(secondsSince1970: clock()))
    let line = canonicalJSON(.object(members.compactMapValues { $0 }))
    put(DisplayText.escapedJSON(line) + "\n")
  }

  private func members(_ event: BatchEvent) -> [String: ConfigValue?]? {
    switch event {
    case .began(let batch, let workers):
      return [
        "event": "began", "workers": workers > 0 ? number(workers) : nil,
        "total": number(batch.total), "complete": number(batch.alreadyComplete),
        "failed": number(batch.failedEarlier.count + batch.unusable.count),
        "left": number(batch.jobs.count),
      ]
    case .held(let job, let pid):
      return of(job, "waiting", ["pid": number(Int(pid))])
    case .started(let job, let pid):
      return of(job, "started", ["pid": number(Int(pid))])
    case .continued(let job, let resumption):
      return of(
        job, "continued",
        [
          "episodes": number(resumption.fromEpisode),
          "skipped": .array(resumption.skipped.map { .string($0) }),
        ])
    case .progressed(let job, let status, let rate):
      var members = of(
        job, jobs[job].isEvaluating(status) ? "evaluating" : "training", progress(status))
      members["targetEpisodes"] = number(jobs[job].target(status))
      members["rate"] = number(rate)
      return members
    case .ended(let job, let end):
      let (name, reason): (String, String?) =
        switch end.result {
        case .finished: ("finished", nil)
        case .stopped: ("stopped", nil)
        case .failed(let reason): ("failed", reason)
        case .again(let reason): ("crashed", reason)
        case .later(let reason): ("putOff", reason)
        }
      var members = of(job, name, end.status.map(progress) ?? [:])
      members["reason"] = reason.map { .string($0) }
      members["seconds"] = number(end.seconds)
      return members
    case .noted(let sentence):
      return ["event": "note", "reason": .string(sentence)]
    case .stopping(let running, _):
      return ["event": "stopping", "running": number(running)]
    case .killing(let running):
      return ["event": "killing", "running": number(running)]
    case .done(let outcome):
      return [
        "event": "done", "seconds": number(outcome.wallSeconds), "total": number(outcome.total),
        "complete": number(outcome.alreadyComplete), "finished": number(outcome.finished),
        "failed": number(outcome.failures.count + outcome.failedEarlier + outcome.unusable),
        "stopped": number(outcome.stopped), "left": number(outcome.left),
        "exitStatus": number(Int(outcome.exitStatus)),
      ]
    case .remembered, .tick, .suspending, .resumed:
      return nil
    }
  }

  private func of(
    _ index: Int, _ event: String, _ more: [String: ConfigValue?]
  ) -> [String: ConfigValue?] {
    let job = jobs[index]
    return more.merging([
      "event": .string(event), "number": number(job.trial.number), "trial": .string(job.trial.id),
      "label": .string(job.label), "seed": number(job.trial.seed),
    ]) { $1 }
  }

  private func progress(_ status: TrialStatus) -> [String: ConfigValue?] {
    [
      "episodes": number(status.episodes), "targetEpisodes": number(status.targetEpisodes),
      "evaluated": number(status.evaluated), "decisions": number(status.decisions),
      "smoothedMean": number(status.smoothedMean),
    ]
  }

  private func number(_ value: Int) -> ConfigValue { .number(Double(value)) }

  private func number(_ value: Double?) -> ConfigValue? {
    value.flatMap { $0.isFinite ? .number($0) : nil }
  }
}
