// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import FoundationEssentials
import Glibc
import RunStore

/// Tells a batch to programs: one JSON object a line, on stdout by default.
package struct EventLines: BatchObserver {
  package let isMoving = false

  private struct Record: Encodable {
    var event: String
    var time: String
    var run: String
    var number: Int?
    var trial: String?
    var label: String?
    var seed: Int?
    var pid: Int32?
    var episodes: Int?
    var targetEpisodes: Int?
    var evaluated: Int?
    var decisions: Int?
    var smoothedMean: Double?
    var rate: Double?
    var seconds: Double?
    var reason: String?
    var workers: Int?
    var total: Int?
    var complete: Int?
    var running: Int?
    var finished: Int?
    var failed: Int?
    var stopped: Int?
    var left: Int?
    var exitStatus: Int32?
  }

  private let put: @Sendable ([UInt8]) -> Void
  private let clock: @Sendable () -> Double
  private var jobs: [Batch.Job] = []
  private var run = ""
  private var told: [Int: Double] = [:]

  /// - Parameters:
  ///   - put: takes each line with its line end.
  ///   - clock: seconds since 1970.
  package init(
    put: @escaping @Sendable ([UInt8]) -> Void = { StandardOutput.writeLater($0) },
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
    guard var record = record(event) else { return }
    record.time = Timestamp.text(secondsSince1970: clock())
    record.run = run
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let line = try? encoder.encode(record) else { return }
    put(Array((DisplayText.escapedJSON(String(decoding: line, as: UTF8.self)) + "\n").utf8))
  }

  private func record(_ event: BatchEvent) -> Record? {
    switch event {
    case .began(let batch, let workers):
      var record = Record(event: "began", time: "", run: "")
      record.workers = workers > 0 ? workers : nil
      record.total = batch.total
      record.complete = batch.alreadyComplete
      record.failed = batch.failedEarlier.count
      record.left = batch.jobs.count
      return record
    case .held(let job, let pid), .started(let job, let pid):
      var record = of(job, event: "started")
      if case .held = event { record.event = "waiting" }
      record.pid = pid
      return record
    case .progressed(let job, let status, let rate):
      var record = of(job, event: jobs[job].isEvaluating(status) ? "evaluating" : "training")
      record.episodes = status.episodes
      record.targetEpisodes = jobs[job].target(status)
      record.evaluated = status.evaluated
      record.decisions = status.decisions
      record.smoothedMean = status.smoothedMean
      record.rate = rate
      return record
    case .ended(let job, let end):
      return ended(job, end)
    case .noted(let sentence):
      return Record(event: "note", time: "", run: "", reason: sentence)
    case .stopping(let running, _):
      return Record(event: "stopping", time: "", run: "", running: running)
    case .killing(let running):
      return Record(event: "killing", time: "", run: "", running: running)
    case .done(let outcome):
      var record = Record(event: "done", time: "", run: "", seconds: outcome.wallSeconds)
      record.total = outcome.total
      record.complete = outcome.alreadyComplete
      record.finished = outcome.finished
      record.failed = outcome.failures.count + outcome.failedEarlier
      record.stopped = outcome.stopped
      record.left = outcome.left
      record.exitStatus = outcome.exitStatus
      return record
    case .remembered, .tick, .suspending, .resumed:
      return nil
    }
  }

  private func ended(_ job: Int, _ end: JobEnd) -> Record {
    var record = of(job, event: "")
    switch end.result {
    case .finished: record.event = "finished"
    case .stopped: record.event = "stopped"
    case .failed(let reason): (record.event, record.reason) = ("failed", reason)
    case .again(let reason): (record.event, record.reason) = ("crashed", reason)
    case .later(let reason): (record.event, record.reason) = ("putOff", reason)
    }
    record.seconds = end.seconds
    record.episodes = end.status?.episodes
    record.targetEpisodes = end.status?.targetEpisodes
    record.evaluated = end.status?.evaluated
    record.decisions = end.status?.decisions
    record.smoothedMean = end.status?.smoothedMean
    return record
  }

  private func of(_ job: Int, event: String) -> Record {
    let job = jobs[job]
    return Record(
      event: event, time: "", run: "", number: job.trial.number, trial: job.trial.id,
      label: job.label, seed: job.trial.seed)
  }
}
