// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

/// What a viewer of a batch knows at one moment: a value, built from events.
package struct BatchProgress: Sendable {
  /// A trial whose process runs.
  struct Row: Sendable {
    let index: Int
    let job: Batch.Job
    /// What it last wrote of itself; nil before the first news.
    private var status: TrialStatus?
    /// Decisions a second.
    private(set) var rate: Double?
    /// How the smoothed mean went.
    var trend: Trend
    private var pace = Pace()

    init(_ index: Int, _ job: Batch.Job) {
      (self.index, self.job) = (index, job)
      trend = Trend(total: job.targetEpisodes)
    }

    var isEvaluating: Bool { status.map(job.isEvaluating) ?? false }
    var mean: Double? { status?.smoothedMean }

    /// Done and asked for, in episodes of the phase.
    var done: Int {
      status.map { isEvaluating ? $0.evaluated : $0.episodes } ?? job.startEpisodes
    }
    var target: Int {
      isEvaluating ? job.evaluationEpisodes : status.map(job.target) ?? job.targetEpisodes
    }

    /// Such as `4,120/8,000`, or `eval 40/100`.
    var shownEpisodes: String {
      let target = target > 0 ? "/" + Numbers.whole(target) : ""
      return (isEvaluating ? "eval " : "") + Numbers.whole(done) + target
    }

    /// Between 0 and 1; 0 when nothing tells how much there is to do.
    var fraction: Double { BatchProgress.part(done, of: target) }

    /// Seconds until the phase is done; nil when nobody can tell yet.
    var secondsLeft: Double? { pace.perSecond.map { Double(max(0, target - done)) / $0 } }

    mutating func take(_ news: TrialStatus, _ rate: Double?, at seconds: Double) {
      let wasEvaluating = isEvaluating
      (status, self.rate) = (news, rate)
      if isEvaluating != wasEvaluating { pace = Pace() }
      if !isEvaluating { trend.note(mean, at: news.episodes) }
      pace.note(done, at: seconds)
    }
  }

  private(set) var rows: [Row] = []
  /// Trials asked for, those that are done with the earlier ones, and those that failed.
  private(set) var total = 0
  private(set) var done = 0
  private(set) var failed = 0
  /// The running trials were asked to stop, or are killed.
  private(set) var isStopping = false
  private(set) var seconds = 0.0
  /// What the rows may come to hold, so that columns do not wander: taken over all jobs.
  private(set) var widestLabel = 0
  private(set) var widestSeed = 0
  private(set) var largestTarget = 0
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
      failed = batch.failedEarlier.count + batch.unusable.count
      widestLabel = jobs.map { TerminalText.width(DisplayText.escaped($0.label)) }.max() ?? 0
      widestSeed = jobs.map { String($0.trial.seed).count }.max() ?? 0
      largestTarget = jobs.map(\.targetEpisodes).max() ?? 0
      startParts = jobs.map { Self.part($0.startEpisodes, of: $0.targetEpisodes) }
      parts = startParts
    case .started(let job, _):
      rows.removeAll { $0.index == job }
      rows.append(Row(job, jobs[job]))
    case .remembered(let job, let trend):
      guard let row = rows.firstIndex(where: { $0.index == job }) else { return }
      rows[row].trend.fill(from: trend)
    case .progressed(let job, let status, let rate):
      guard let row = rows.firstIndex(where: { $0.index == job }) else { return }
      rows[row].take(status, rate, at: seconds)
      let target = jobs[job].target(status)
      largestTarget = max(largestTarget, target)
      parts[job] = max(startParts[job], Self.part(status.episodes, of: target))
    case .ended(let job, let end):
      rows.removeAll { $0.index == job }
      switch end.result {
      case .finished: (done, parts[job]) = (done + 1, 1)
      case .failed: (failed, parts[job]) = (failed + 1, nil)
      case .stopped: parts[job] = nil
      case .again, .later: break
      }
    case .stopping, .killing:
      isStopping = true
    case .held, .continued, .noted, .tick, .suspending, .resumed, .done:
      break
    }
  }

  /// The part of all trials asked for that is done, between 0 and 1.
  var fraction: Double {
    guard total > 0 else { return 1 }
    let earlier = Double(total - jobs.count)
    return min(1, (earlier + parts.reduce(0) { $0 + ($1 ?? 1) }) / Double(total))
  }

  /// Seconds until all is done, should it go on as it did; nil when nobody can tell yet.
  var secondsLeft: Double? {
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

  fileprivate static func part(_ episodes: Int, of target: Int) -> Double {
    target > 0 ? min(1, Double(episodes) / Double(target)) : 0
  }
}
