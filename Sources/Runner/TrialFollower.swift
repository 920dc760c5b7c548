// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
package import RunStore

/// Tells what is new in what a running trial writes about itself.
package struct TrialFollower: Sendable {
  /// Episodes up to which `episodes.csv` is read again; about 1 MB.
  private static let readableEpisodes = 30_000
  /// Seconds after which a first episode is worth a word.
  private static let longEpisode = 20.0

  private let index: Int
  private let job: Batch.Job
  private let showsTrend: Bool
  private let beginSeconds: Double
  /// Whether it was said that no episode ends.
  private var isNoted = false
  private var last: TrialStatus?
  private var pace = Pace()

  /// - Parameters:
  ///   - index: the job's place in the batch.
  ///   - showsTrend: whether anybody wants to see how its mean went.
  ///   - seconds: when it began, by the clock of `news`.
  package init(_ index: Int, _ job: Batch.Job, showsTrend: Bool, at seconds: Double) {
    (self.index, self.job, self.showsTrend) = (index, job, showsTrend)
    beginSeconds = seconds
  }

  /// The news since the last look.
  ///
  /// - Parameter seconds: of a clock that never goes back; rates are reckoned by it.
  package mutating func news(_ status: TrialStatus, at seconds: Double) -> [BatchEvent] {
    guard status != last, status.state == .running else { return [] }
    let before = last?.episodes ?? job.startEpisodes
    last = status
    pace.note(status.decisions, at: seconds)
    let isEvaluating = job.isEvaluating(status)
    var events = [
      BatchEvent.progressed(job: index, status, rate: isEvaluating ? nil : pace.perSecond)
    ]
    // Between two looks a short trial passes over what the picture should show.
    let hasJumped = (status.episodes - before) * Trend.parts > job.target(status)
    if showsTrend, hasJumped, status.episodes <= Self.readableEpisodes,
      let trend = Trend(of: job.folder, target: job.target(status))
    {
      events.append(.remembered(job: index, trend))
    }
    // One that takes long may be one that never ends.
    if job.startEpisodes == 0, !isNoted, seconds - beginSeconds >= Self.longEpisode,
      let decisions = status.decisionsWithoutEnd
    {
      isNoted = true
      events.append(.noted(Wording.endless(job, decisions: decisions)))
    }
    return events
  }
}

extension Batch.Job {
  /// Training episodes in the end, as far as is known.
  func target(_ status: TrialStatus) -> Int { status.knownTarget ?? targetEpisodes }

  /// Whether it plays the episodes of its evaluation.
  package func isEvaluating(_ status: TrialStatus) -> Bool {
    target(status) > 0 && status.episodes >= target(status) && evaluationEpisodes > 0
  }
}

/// How fast something goes, over about its last half minute.
struct Pace: Sendable {
  private var samples: [(seconds: Double, done: Int)] = []

  /// Notes how much is done; only changes tell something, at most one a second.
  mutating func note(_ done: Int, at seconds: Double) {
    guard done != samples.last?.done else { return }
    if let last = samples.last, samples.count > 1, seconds - last.seconds < 1 {
      samples.removeLast()
    }
    samples.append((seconds, done))
    while samples.count > 2, seconds - samples[0].seconds > 30 { samples.removeFirst() }
  }

  /// How much a second; nil before there is anything to divide.
  var perSecond: Double? {
    guard let first = samples.first, let last = samples.last else { return nil }
    let (done, seconds) = (last.done - first.done, last.seconds - first.seconds)
    return done > 0 && seconds > 0 ? Double(done) / seconds : nil
  }
}

/// Why a running trial is not waited for any longer.
package enum Overdue: Hashable, Sendable {
  /// Its heartbeat stood still for so many seconds.
  case hung(seconds: Double)
  /// It ran for longer than it may, in seconds.
  case timeLimit(seconds: Double)

  var reason: String {
    switch self {
    case .hung(let seconds):
      "it hung: no heartbeat for \(Durations.text(seconds)); its process was ended"
    case .timeLimit(let seconds):
      "it was stopped after --timeout \(Durations.text(seconds)); its checkpoint is kept and the "
        + "next run goes on from there"
    }
  }
}

/// Watches over one running trial: a value that is told how time passes and what its heartbeat
/// shows. No clock of the wall has a part in it, so one that jumps changes nothing.
struct StallDetector: Sendable {
  /// What the heartbeat last showed; any change is a sign of life.
  private var mark: String?
  private var stillSeconds = 0.0
  private var ranSeconds = 0.0

  /// - Parameters:
  ///   - elapsed: seconds since the last look, those left out in which nobody could run.
  ///   - mark: what the heartbeat shows; nil for none yet.
  ///   - hungAfter: seconds without a sign of life; nil to wait for ever.
  ///   - timeLimit: seconds that it may run at a stretch; nil for as long as it takes.
  mutating func look(
    after elapsed: Double, mark now: String?, hungAfter: Double?, timeLimit: Double?
  ) -> Overdue? {
    ranSeconds += elapsed
    stillSeconds = now == mark ? stillSeconds + elapsed : 0
    mark = now
    if let timeLimit, ranSeconds >= timeLimit { return .timeLimit(seconds: timeLimit) }
    if let hungAfter, stillSeconds >= hungAfter { return .hung(seconds: hungAfter) }
    return nil
  }
}
