// SPDX-License-Identifier: MIT

import Glibc
import RunStore

/// Shows a batch that another process runs, until it is over or a signal ends the watching.
package actor BatchWatcher {
  package enum End: Hashable, Sendable {
    /// All trials have ended.
    case over
    /// Nothing is being trained and no run holds the lock.
    case nothingRuns
    /// Ctrl-C, or another signal.
    case left
  }

  private enum Input: Sendable { case look, tick, signal(Int32) }

  private var follower: FolderFollower
  private var audience: Audience
  private let signals: AsyncStream<Int32>

  package init(
    _ batch: Batch, observers: [any BatchObserver],
    signals: AsyncStream<Int32> = RunnerSignals.stream()
  ) {
    audience = Audience(observers)
    follower = FolderFollower(batch, showsTrend: audience.isMoving)
    self.signals = signals
  }

  /// Watches; call it once.
  package func run() async -> End {
    let (inputs, source) = AsyncStream.makeStream(of: Input.self)
    audience.tell(.began(follower.batch, workers: 0))
    let end = await withTaskGroup(of: Void.self) { group in
      let signals = signals
      group.addTask { for await number in signals { source.yield(.signal(number)) } }
      for (input, milliseconds) in [(Input.look, 500), (.tick, 250)] {
        group.addTask {
          repeat {
            source.yield(input)
          } while (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil
        }
      }
      var end: End?
      // A run that is just starting its next trial has none at work for a moment.
      var quietLooks = 0
      for await input in inputs {
        switch input {
        case .look:
          audience.tell(follower.look(at: audience.seconds))
          let isQuiet = !follower.isAnyAtWork && FolderLock.holder(of: follower.batch.run) == nil
          quietLooks = isQuiet ? quietLooks + 1 : 0
          end = follower.isOver ? .over : quietLooks == 3 ? .nothingRuns : nil
        case .tick:
          if audience.isMoving { audience.tell(.tick) }
        case .signal(SIGTSTP):
          audience.tell(.suspending)
          RunnerSignals.pause()
          audience.tell(.resumed)
        case .signal:
          end = .left
        }
        if end != nil { break }
      }
      group.cancelAll()
      return end ?? .left
    }
    audience.tell(.suspending)
    return end
  }
}

/// Tells a batch that others run, out of what lies in the run's folder. It never writes.
package struct FolderFollower: Sendable {
  private enum State: Hashable, Sendable {
    case idle, atWork, over
    /// Failed when we came; a run may try it again.
    case failedBefore
  }

  private struct Trial {
    var state = State.idle
    /// Names the session of which something was seen.
    var session = ""
    var follower: TrialFollower
    var startSeconds = 0.0
  }

  package let batch: Batch
  private let showsTrend: Bool
  private var trials: [Trial]
  private var hasLooked = false

  package init(_ batch: Batch, showsTrend: Bool = true) {
    self.batch = batch
    self.showsTrend = showsTrend
    trials = batch.jobs.enumerated().map {
      Trial(follower: TrialFollower($0, $1, showsTrend: showsTrend, at: 0))
    }
  }

  /// Whether any trial is being trained.
  package var isAnyAtWork: Bool { trials.contains { $0.state == .atWork } }

  /// Whether all trials have ended.
  package var isOver: Bool { trials.allSatisfy { $0.state == .over || $0.state == .failedBefore } }

  /// Looks at all trials that have not ended, and tells what changed.
  package mutating func look(at seconds: Double) -> [BatchEvent] {
    var events: [BatchEvent] = []
    for index in batch.jobs.indices where trials[index].state != .over {
      let status = (try? batch.jobs[index].folder.readStatus()) ?? nil
      if let status { events += take(status, of: index, at: seconds) }
    }
    hasLooked = true
    return events
  }

  private mutating func take(
    _ status: TrialStatus, of index: Int, at seconds: Double
  ) -> [BatchEvent] {
    let job = batch.jobs[index]
    let session = "\(status.process.pid) \(status.startedAt)"
    let isNew = session != trials[index].session
    let wasAtWork = trials[index].state == .atWork
    trials[index].session = session
    var events: [BatchEvent] = []
    func begin() {
      events.append(.started(job: index, pid: status.process.pid))
      trials[index].startSeconds = seconds
      trials[index].follower = TrialFollower(index, job, showsTrend: showsTrend, at: seconds)
    }
    if status.isAtWork() {
      if !wasAtWork || isNew {
        begin()
        if showsTrend, let trend = Trend(of: job.startFolder, target: job.targetEpisodes) {
          events.append(.remembered(job: index, trend))
        }
      }
      trials[index].state = .atWork
      return events + trials[index].follower.news(status, at: seconds)
    }
    let (result, isFinal) = result(status, of: job)
    // What had failed or stopped before we came is no news. What is finished now was not when the
    // batch was made, and a short trial may start and end between two looks.
    guard wasAtWork || (isNew && (hasLooked || result == .finished)) else {
      if status.saysWhyItFailed { trials[index].state = .failedBefore }
      return []
    }
    if !wasAtWork { begin() }
    trials[index].state = isFinal ? .over : .idle
    let spent = seconds - trials[index].startSeconds
    return events + [.ended(job: index, JobEnd(result: result, status: status, seconds: spent))]
  }

  /// How it ended, and whether that is final.
  private func result(_ status: TrialStatus, of job: Batch.Job) -> (JobEnd.Result, Bool) {
    switch status.state {
    case .finished where status.evaluated >= job.evaluationEpisodes: (.finished, true)
    case .failed, .couldNotStart:
      (.failed(reason: status.message ?? Wording.noReason), true)
    case .running:
      (.again(reason: "its process ended without a message; its checkpoints are kept"), false)
    case .finished, .stopped: (.stopped, false)
    }
  }
}
