// SPDX-License-Identifier: MIT

package import RunStore

/// How a trial's process ended, as far as the operating system tells.
package enum ChildTermination: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)
  /// It could not be started; the operating system's words.
  case notStarted(String)
}

/// How an attempt at a trial ended, read from its exit status and its own `status.json`.
package enum ChildEnd: Hashable, Sendable {
  case finished
  /// Checkpointed by itself; resumable.
  case stopped
  /// The trial says why; trying again would give the same.
  case failed(String)
  /// The process ended otherwise; resumable from its last checkpoint.
  case crashed(signal: Int32?, String)
  /// No process came to be.
  case notStarted(String)

  /// The files are the truth: an exit status of 0 counts only when `status.json` says finished.
  ///
  /// - Parameters:
  ///   - status: `status.json` after the end; nil when there is none or it is damaged.
  ///   - errorTail: the last lines on the process's stderr.
  package init(_ termination: ChildTermination, status: TrialStatus?, errorTail: String) {
    let said = errorTail.split(separator: "\n").last.map(String.init)
    switch termination {
    case .notStarted(let reason):
      self = .notStarted(reason)
    case .exited(0) where status?.state == .finished:
      self = .finished
    case .exited(0):
      self = .crashed(signal: nil, Wording.finishedWithoutRecord(status?.state))
    case .exited(5):
      self = .stopped
    case .exited(1):
      // When the disk is full even the reason cannot be stored; then stderr has it.
      let stored = status?.state == .running ? nil : status?.message
      self = .failed(stored ?? said ?? Wording.noReason)
    case .exited(let code) where code == 2 || code == 4:
      self = .failed(said ?? Wording.exited(code, lastLine: nil))
    case .exited(let code):
      self = .crashed(signal: nil, Wording.exited(code, lastLine: said))
    case .signalled(let signal):
      self = .crashed(signal: signal, Wording.signalled(signal, lastLine: said))
    }
  }
}
