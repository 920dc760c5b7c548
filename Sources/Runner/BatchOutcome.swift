// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import RunStore

/// How a batch ended, for the sentence at the end and for the exit status.
package struct BatchOutcome: Hashable, Sendable {
  /// A trial that failed and why.
  package struct Failure: Hashable, Sendable {
    package var trial: Plan.PlannedTrial
    package var reason: String
    /// How its folder stands: failed, could not start, or stopped for being out of time.
    package var state: TrialState
  }

  /// Trials that the batch was asked to see done.
  package var total = 0
  /// Those that were complete before.
  package var alreadyComplete = 0
  /// Those that became complete.
  package var finished = 0
  /// Those that failed now, in the plan's order.
  package var failures: [Failure] = []
  /// Those that had failed before and were not to be tried again.
  package var failedEarlier = 0
  /// Finished ones whose records cannot be used.
  package var unusable = 0
  /// Those that checkpointed, or were killed, on the way.
  package var stopped = 0
  /// Those that were not started: stopped before, or beyond the limit.
  package var left = 0
  /// The first signal that stopped the batch.
  package var firstSignal: Int32?
  /// The second, which killed it.
  package var secondSignal: Int32?
  /// Whether it was stopped because its time was up.
  package var ranOutOfTime = false
  /// From beginning to end.
  package var wallSeconds = 0.0

  package init() {}

  init(_ batch: Batch, _ queue: QueueState, wallSeconds: Double) {
    func count(_ states: QueueState.Job...) -> Int { queue.jobs.count { states.contains($0) } }
    total = batch.total
    alreadyComplete = batch.alreadyComplete
    finished = count(.finished)
    failures = zip(batch.jobs, queue.jobs).compactMap { job, state in
      guard case .failed(let reason) = state else { return nil }
      return Failure(
        trial: job.trial, reason: reason,
        state: TrialState((try? job.folder.readStatus()) ?? nil))
    }
    failedEarlier = batch.failedEarlier.count
    unusable = batch.unusable.count
    stopped = count(.stopped)
    left = count(.waiting, .held, .running)
    firstSignal = queue.signals.first
    secondSignal = queue.signals.dropFirst().first
    ranOutOfTime = queue.ranOutOfTime
    self.wallSeconds = wallSeconds
  }

  /// 128 + signal for a second signal; 5 stopped; 1 a trial failed, now or earlier; else 0.
  package var exitStatus: Int32 {
    if let secondSignal { return 128 + (secondSignal == 2 ? 2 : 15) }
    if firstSignal != nil { return stopped + left > 0 ? 5 : failures.isEmpty ? 0 : 1 }
    if !failures.isEmpty || failedEarlier + unusable > 0 { return 1 }
    if ranOutOfTime && left > 0 { return 5 }
    return stopped > 0 ? 5 : 0
  }

  /// Whether running again would go on with something.
  package var isResumable: Bool {
    stopped + left > 0 || failures.contains { $0.state != .failed }
  }
}
