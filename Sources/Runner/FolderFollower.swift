// SPDX-License-Identifier: MIT

import RunStore

/// Tells a batch that others run, out of what lies in the run's folder: `watch`. It never writes.
package struct FolderFollower: Sendable {
  private enum Seen: Hashable, Sendable {
    case idle, atWork, over
    /// Failed when we came; a run may try it again.
    case failedBefore
  }

  /// Episodes up to which `episodes.csv` is read at every heartbeat; about 1 MB.
  private static let readableEpisodes = 30_000

  package let batch: Batch
  private var seen: [Seen]
  private var marks: [String]
  private var paces: [StatusPace]
  private var startSeconds: [Double]
  private var hasLooked = false

  package init(_ batch: Batch) {
    self.batch = batch
    seen = batch.jobs.map { _ in .idle }
    marks = batch.jobs.map { _ in "" }
    paces = batch.jobs.map { _ in StatusPace() }
    startSeconds = batch.jobs.map { _ in 0 }
  }

  /// Whether any trial is being trained.
  package var isAnyAtWork: Bool { seen.contains(.atWork) }

  /// Whether all trials have ended.
  package var isOver: Bool { seen.allSatisfy { $0 == .over || $0 == .failedBefore } }

  /// Looks at all trials that have not ended, and tells what changed.
  package mutating func look(at seconds: Double) -> [BatchEvent] {
    var events: [BatchEvent] = []
    for job in batch.jobs.indices where seen[job] != .over {
      let status = (try? batch.jobs[job].folder.readStatus()) ?? nil
      if let status { events += take(status, of: job, at: seconds) }
    }
    hasLooked = true
    return events
  }

  private mutating func take(
    _ status: TrialStatus, of index: Int, at seconds: Double
  ) -> [BatchEvent] {
    let job = batch.jobs[index]
    let mark = "\(status.process.pid) \(status.startedAt)"
    let isNew = mark != marks[index]
    marks[index] = mark
    var events: [BatchEvent] = []
    if status.isAtWork() {
      if seen[index] != .atWork || isNew {
        events.append(.started(job: index, pid: status.process.pid))
        events.append(.remembered(job: index, Trend(of: job)))
        startSeconds[index] = seconds
      }
      seen[index] = .atWork
      if let line = paces[index].news(status, of: job, at: seconds) {
        events.append(.progressed(job: index, line))
        // A heartbeat every two seconds is too coarse for a picture of short trials.
        if line.phase == .training, events.count == 1, status.episodes <= Self.readableEpisodes {
          events.append(.remembered(job: index, Trend(of: job)))
        }
      }
      return events
    }
    let result = result(status, of: job)
    // What had failed or stopped before we came is no news. What is finished now was not when the
    // batch was made, and a short trial may start and end between two looks.
    guard seen[index] == .atWork || (isNew && (hasLooked || result.0 == .finished)) else {
      if [.failed, .couldNotStart].contains(status.state) { seen[index] = .failedBefore }
      return []
    }
    if seen[index] != .atWork {
      events.append(.started(job: index, pid: status.process.pid))
      startSeconds[index] = seconds
    }
    seen[index] = result.1 ? .over : .idle
    events.append(
      .ended(
        job: index,
        JobEnd(result: result.0, status: status, seconds: seconds - startSeconds[index])))
    return events
  }

  /// How it ended, and whether that is final.
  private func result(_ status: TrialStatus, of job: Batch.Job) -> (JobEnd.Result, Bool) {
    switch status.state {
    case .finished where status.evaluated >= job.evaluationEpisodes: (.finished, true)
    case .failed, .couldNotStart:
      (.failed(reason: status.message ?? Wording.noReason), true)
    case .running: (.again(reason: Wording.processGone), false)
    case .finished, .stopped: (.stopped, false)
    }
  }
}
