// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import RunStore

/// How a batch ended, for the sentence at the end and for the exit status.
package struct BatchOutcome: Hashable, Sendable {
  /// A trial that failed and why.
  package struct Failure: Hashable, Sendable {
    package var trial: Plan.PlannedTrial
    package var label: String
    package var reason: String
    /// The trial's own log.
    package var logPath: String
    /// How its folder stands: failed, could not start, or stopped for being out of time.
    package var state: TrialState

    package init(
      trial: Plan.PlannedTrial, label: String, reason: String, logPath: String,
      state: TrialState = .failed
    ) {
      self.state = state
      self.trial = trial
      self.label = label
      self.reason = reason
      self.logPath = logPath
    }
  }

  /// Trials that the batch was asked to see done.
  package var total: Int
  /// Those that were complete before.
  package var alreadyComplete: Int
  /// Those that became complete.
  package var finished: Int
  /// Those that failed now, in the plan's order.
  package var failures: [Failure]
  /// Those that had failed before and were not to be tried again.
  package var failedEarlier: Int
  /// Those that checkpointed, or were killed, on the way.
  package var stopped: Int
  /// Those that were not started: stopped before, or beyond the limit.
  package var left: Int
  /// The first signal that stopped the batch.
  package var firstSignal: Int32?
  /// The second, which killed it.
  package var secondSignal: Int32?
  /// Whether it was stopped because its time was up.
  package var ranOutOfTime: Bool
  /// From beginning to end.
  package var wallSeconds: Double

  package init(
    total: Int, alreadyComplete: Int, finished: Int, failures: [Failure], failedEarlier: Int,
    stopped: Int, left: Int, firstSignal: Int32?, secondSignal: Int32?,
    ranOutOfTime: Bool = false, wallSeconds: Double
  ) {
    self.total = total
    self.alreadyComplete = alreadyComplete
    self.finished = finished
    self.failures = failures
    self.failedEarlier = failedEarlier
    self.stopped = stopped
    self.left = left
    self.firstSignal = firstSignal
    self.secondSignal = secondSignal
    self.ranOutOfTime = ranOutOfTime
    self.wallSeconds = wallSeconds
  }

  /// 128 + signal for a second signal; 5 stopped; 1 a trial failed, now or earlier; else 0.
  package var exitStatus: Int32 {
    if let secondSignal { return 128 + (secondSignal == 2 ? 2 : 15) }
    if firstSignal != nil { return stopped + left > 0 ? 5 : failures.isEmpty ? 0 : 1 }
    if !failures.isEmpty || failedEarlier > 0 { return 1 }
    if ranOutOfTime && left > 0 { return 5 }
    return stopped > 0 ? 5 : 0
  }

  /// Whether running again would go on with something.
  package var isResumable: Bool {
    stopped + left > 0 || failures.contains { $0.state != .failed }
  }
}
