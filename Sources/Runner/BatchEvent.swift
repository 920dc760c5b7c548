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
  /// Its files show that it got on.
  ///
  /// - Parameter rate: decisions of the training a second; nil where nobody can tell, and while it
  ///   evaluates.
  case progressed(job: Int, TrialStatus, rate: Double?)
  case ended(job: Int, JobEnd)
  /// The running trials were asked to checkpoint, in words.
  case stopping(running: Int, String)
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
}

extension TrialStatus {
  /// Whether the trial has itself said why it did not come to its end.
  var saysWhyItFailed: Bool { state == .failed || state == .couldNotStart }
}
