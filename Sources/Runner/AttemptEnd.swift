// SPDX-License-Identifier: MIT

import Glibc
package import RunStore

/// How an attempt at a trial ended.
package enum AttemptEnd: Hashable, Sendable {
  case finished
  /// Checkpointed by itself, or ended by someone's wish; resumable.
  case stopped
  /// The trial or the scheduler says why; trying again would give the same.
  case failed(String)
  /// The process ended otherwise; resumable from its last checkpoint.
  case crashed(signal: Int32?, String)
  /// A scheduler ended it; resumable. An attempt that got on does not count as one.
  ///
  /// - Parameter wasAsked: whether it was asked to end and checkpointed.
  case interrupted(String, hasProgress: Bool, wasAsked: Bool)
  /// No process came to be.
  case notStarted(String)

  /// What the operating system tells of a process.
  package enum Termination: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// It could not be started; the operating system's words.
    case notStarted(String)
  }

  /// The files are the truth: an exit status of 0 counts only when `status.json` says finished.
  ///
  /// - Parameters:
  ///   - status: `status.json` after the end; nil when there is none or it is damaged.
  ///   - errorTail: the last lines on the process's stderr.
  package init(_ termination: Termination, status: TrialStatus?, errorTail: String) {
    let said = errorTail.split(separator: "\n").last.map(String.init)
    let lastLine = said.map { "; last line on stderr: \($0)" } ?? ""
    switch termination {
    case .notStarted(let reason):
      self = .notStarted(reason)
    case .exited(0) where status?.state == .finished:
      self = .finished
    case .exited(0):
      let state = status.map { "\"\($0.state.rawValue)\"" } ?? "nothing"
      self = .crashed(
        signal: nil, "its process ended with status 0, but status.json says \(state)")
    case .exited(5):
      self = .stopped
    case .exited(1):
      // When the disk is full even the reason cannot be stored; then stderr has it.
      let stored = status?.state == .running ? nil : status?.message
      self = .failed(stored ?? said ?? Wording.noReason)
    case .exited(let code) where code == 2 || code == 4:
      self = .failed(said ?? "its process ended with status \(code)")
    case .exited(let code):
      self = .crashed(signal: nil, "its process ended with status \(code)" + lastLine)
    case .signalled(let signal):
      let name = String(cString: strsignal(signal)).lowercased()
      self = .crashed(
        signal: signal, "its process was ended by signal \(signal) (\(name))" + lastLine)
    }
  }
}
