// SPDX-License-Identifier: MIT

package import RunStore

/// What happens in a batch, for those who show it. Jobs are places in `Batch.jobs`.
package enum BatchEvent: Sendable {
  /// - Parameter workers: trials at the same time; 0 where someone else runs them.
  case began(Batch, workers: Int)
  /// Another process trains the job; it will be looked at when that ends.
  case held(job: Int, pid: Int32)
  case started(job: Int, pid: Int32)
  /// How the running mean went before, as the files tell.
  case remembered(job: Int, Trend)
  /// Something that is worth a line and belongs to no trial.
  case noted(String)
  case progressed(job: Int, ProgressLine)
  case ended(job: Int, JobEnd)
  /// The running trials were asked to checkpoint; nil when an error or the time and not a signal
  /// stopped us.
  case stopping(running: Int, signal: Int32?, ranOutOfTime: Bool)
  /// The running trials are killed.
  case killing(running: Int)
  /// About four times a second, for observers that move.
  case tick
  /// Ctrl-Z: the terminal goes to the shell, and comes back.
  case suspending
  case resumed
  case done(BatchOutcome)
}

/// How a job ended, with what is worth telling about it.
package struct JobEnd: Sendable, Hashable {
  package enum Result: Sendable, Hashable {
    case finished, stopped
    case failed(reason: String)
    /// It crashed and is tried again.
    case again(reason: String)
    /// It was asked to end, or put back, and goes on by itself.
    case later(reason: String)
  }

  package let result: Result
  /// What the trial's process last wrote of itself.
  package let status: TrialStatus?
  /// From its start to its end here.
  package let seconds: Double
  /// The last lines on its stderr; empty when it wrote none.
  package let errorTail: String

  package init(result: Result, status: TrialStatus?, seconds: Double, errorTail: String = "") {
    self.result = result
    self.status = status
    self.seconds = seconds
    self.errorTail = errorTail
  }
}

extension JobEnd {
  /// What stands before the reason of a failure, by how the trial's folder stands.
  var failureWords: String {
    switch status?.state {
    case .couldNotStart: TrialState.couldNotStart.words + ": "
    case .stopped: ""
    default: "failed: "
    }
  }
}

/// Shows what happens in a batch. Called in order, one event at a time.
package protocol BatchObserver: Sendable {
  /// Whether it wants `tick`.
  var isMoving: Bool { get }

  /// - Parameter seconds: since the batch began.
  mutating func receive(_ event: BatchEvent, at seconds: Double)
}
