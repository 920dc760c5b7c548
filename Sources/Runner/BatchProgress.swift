// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

/// What a viewer of a batch knows at one moment: a value, built from events.
package struct BatchProgress: Sendable {
  /// A trial whose process runs.
  package struct Row: Sendable {
    package let job: Int
    package let label: String
    package let seed: Int
    package var isEvaluating = false
    /// Done and asked for, in episodes of the phase.
    package var done: Int
    package var target: Int
    package var mean: Double?
    /// Decisions a second.
    package var rate: Double?
    /// How the running mean went.
    package var trend: Trend
    var pace = Pace()

    /// Between 0 and 1; 0 when nothing tells how much there is to do.
    package var fraction: Double {
      target > 0 ? min(1, Double(done) / Double(target)) : 0
    }

    /// Seconds until the phase is done; nil when nobody can tell yet.
    package var secondsLeft: Double? {
      pace.perSecond.map { Double(max(0, target - done)) / $0 }
    }
  }

  package private(set) var rows: [Row] = []
  /// Trials asked for, those that are done with the earlier ones, and those that failed.
  package private(set) var total = 0
  package private(set) var done = 0
  package private(set) var failed = 0
  package private(set) var stopped = 0
  /// The running trials were asked to stop, or are killed.
  package private(set) var isStopping = false
  package private(set) var seconds = 0.0
  /// What the rows may come to hold, so that columns do not wander: taken over all jobs.
  package private(set) var widestLabel = 0
  package private(set) var widestSeed = 0
  package private(set) var largestTarget = 0
  private var jobs: [Batch.Job] = []
  /// The part of each job that is done, between 0 and 1; nil for jobs that ended without success.
  private var parts: [Double?] = []
  private var startParts: [Double] = []

  package init() {}

  /// Takes in what happened.
  package mutating func apply(_ event: BatchEvent, at seconds: Double) {
    self.seconds = seconds
    switch event {
    case .began(let batch, _):
      jobs = batch.jobs
      total = batch.total
      done = batch.alreadyComplete
      failed = batch.failedEarlier.count
      widestLabel = jobs.map { TerminalText.width(DisplayText.escaped($0.label)) }.max() ?? 0
      widestSeed = jobs.map { String($0.trial.seed).count }.max() ?? 0
      largestTarget = jobs.map(\.targetEpisodes).max() ?? 0
      startParts = jobs.map { Self.part($0.startEpisodes, of: $0.targetEpisodes) }
      parts = startParts
    case .started(let job, _):
      rows.removeAll { $0.job == job }
      rows.append(
        Row(
          job: job, label: jobs[job].label, seed: jobs[job].trial.seed,
          done: jobs[job].startEpisodes, target: jobs[job].targetEpisodes,
          trend: Trend(total: jobs[job].targetEpisodes)))
    case .remembered(let job, let trend):
      guard let index = rows.firstIndex(where: { $0.job == job }) else { return }
      rows[index].trend.fill(from: trend)
    case .progressed(let job, let status, let rate):
      guard let index = rows.firstIndex(where: { $0.job == job }) else { return }
      progress(index, status, rate)
    case .ended(let job, let end):
      rows.removeAll { $0.job == job }
      switch end.result {
      case .finished: (done, parts[job]) = (done + 1, 1)
      case .failed: (failed, parts[job]) = (failed + 1, nil)
      case .stopped: (stopped, parts[job]) = (stopped + 1, nil)
      case .again, .later: break
      }
    case .stopping, .killing:
      isStopping = true
    case .held, .noted, .tick, .suspending, .resumed, .done:
      break
    }
  }

  /// The part of all trials asked for that is done, between 0 and 1.
  package var fraction: Double {
    guard total > 0 else { return 1 }
    let earlier = Double(total - jobs.count)
    return min(1, (earlier + parts.reduce(0) { $0 + ($1 ?? 1) }) / Double(total))
  }

  /// Seconds until all is done, should it go on as it did; nil when nobody can tell yet.
  package var secondsLeft: Double? {
    var (gone, open) = (0.0, 0.0)
    for (part, start) in zip(parts, startParts) {
      guard let part else { continue }
      gone += part - start
      open += 1 - part
    }
    guard !isStopping, gone > 0, seconds >= 2 else { return nil }
    // The last trials do not share their work, so the slowest of them is a lower bound.
    return max(seconds * open / gone, rows.compactMap(\.secondsLeft).max() ?? 0)
  }

  private mutating func progress(_ index: Int, _ status: TrialStatus, _ rate: Double?) {
    let job = jobs[rows[index].job]
    let isEvaluating = job.isEvaluating(status)
    let target = job.target(status)
    largestTarget = max(largestTarget, target)
    if isEvaluating != rows[index].isEvaluating { rows[index].pace = Pace() }
    rows[index].isEvaluating = isEvaluating
    rows[index].done = isEvaluating ? status.evaluated : status.episodes
    rows[index].target = isEvaluating ? job.evaluationEpisodes : target
    rows[index].mean = status.smoothedMean
    if !isEvaluating { rows[index].trend.note(status.smoothedMean, at: status.episodes) }
    rows[index].rate = rate
    rows[index].pace.note(rows[index].done, at: seconds)
    let place = rows[index].job
    parts[place] = max(startParts[place], Self.part(status.episodes, of: target))
  }

  private static func part(_ episodes: Int, of target: Int) -> Double {
    target > 0 ? min(1, Double(episodes) / Double(target)) : 0
  }
}
