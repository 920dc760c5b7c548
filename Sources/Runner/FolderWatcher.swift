// SPDX-License-Identifier: MIT

package import RunStore

/// Follows trials that others run, out of what lies in the run's folder. It starts, ends and writes
/// nothing.
package final class FolderWatcher: TrialScheduler {
  /// Why there is nothing more to see.
  package enum End: Error {
    /// All trials have ended.
    case over
    /// Nothing is being trained and no run holds the lock.
    case nothingRuns
  }

  private enum State: Hashable {
    case idle, atWork, over
    /// Failed when we came; a run may try it again.
    case failedBefore
  }

  package let lookSeconds = 0.5
  package let workers: Int? = 0
  package let takesTrials = false
  private let run: RunFolder
  private var jobs: [Batch.Job] = []
  private var states: [State] = []
  /// Names the session of each trial of which something was seen.
  private var sessions: [String] = []
  private var hasLooked = false
  /// A run that is just starting its next trial has none at work for a moment.
  private var quietLooks = 0

  package init(_ run: RunFolder) { self.run = run }

  package func begin(_ batch: Batch) -> [TrialReport] {
    jobs = batch.jobs
    states = jobs.map { _ in .idle }
    sessions = jobs.map { _ in "" }
    return jobs.indices.map { .adopted($0) }
  }

  package func look(
    _ statuses: [Int: TrialStatus], after elapsed: Double, at seconds: Double
  ) -> [TrialReport] {
    var reports = jobs.indices.filter { states[$0] != .over }.flatMap { job in
      statuses[job].map { take($0, of: job) } ?? []
    }
    hasLooked = true
    let isQuiet = !states.contains(.atWork) && FolderLock.holder(of: run) == nil
    quietLooks = isQuiet ? quietLooks + 1 : 0
    if states.allSatisfy({ $0 == .over || $0 == .failedBefore }) {
      reports.append(.broken(End.over))
    } else if quietLooks == 3 {
      reports.append(.broken(End.nothingRuns))
    }
    return reports
  }

  private func take(_ status: TrialStatus, of job: Int) -> [TrialReport] {
    let session = "\(status.process.pid) \(status.startedAt)"
    let isNew = session != sessions[job]
    let wasAtWork = states[job] == .atWork
    sessions[job] = session
    let start = TrialReport.started(job, pid: status.process.pid)
    if status.isAtWork() {
      states[job] = .atWork
      return wasAtWork && !isNew ? [] : [start]
    }
    let (result, isFinal) = result(status, of: jobs[job])
    // What had failed or stopped before we came is no news. What is finished now was not when the
    // batch was made, and a short trial may start and end between two looks.
    guard wasAtWork || (isNew && (hasLooked || result == .finished)) else {
      if status.saysWhyItFailed { states[job] = .failedBefore }
      return []
    }
    states[job] = isFinal ? .over : .idle
    return (wasAtWork ? [] : [start]) + [.told(job, result)]
  }

  /// How it ended, and whether that is final.
  private func result(_ status: TrialStatus, of job: Batch.Job) -> (JobEnd.Result, Bool) {
    switch status.state {
    case .finished where status.evaluated >= job.evaluationEpisodes: (.finished, true)
    case .failed, .couldNotStart:
      (.failed(reason: status.message ?? Wording.noReason), true)
    case .running:
      (.again(reason: Wording.killed), false)
    case .finished, .stopped: (.stopped, false)
    }
  }
}
