// SPDX-License-Identifier: MIT

/// The right to be the one process that writes a trial's folder, held by the kernel.
///
/// It ends with the value or with the process, however that ends. A runner looks at `status.json`
/// before it starts a trial; the lock is for what it cannot see there: a process that has not yet
/// written its status, and one on another machine that shares the folder.
package final class TrialLock: Sendable {
  private let lock: LockedFile

  /// Takes the lock; the trial's folder must be there.
  ///
  /// - Throws: `locked` when another process has it.
  package init(_ folder: TrialFolder) throws(RunStoreError) {
    guard let lock = try LockedFile(folder.lockPath) else {
      let writer = ((try? folder.readStatus()) ?? nil).map { status in
        "process \(status.process.pid)" + (status.host.map { " on \($0)" } ?? "")
      }
      throw RunStoreError(
        .locked, path: folder.path,
        found: writer ?? "a process that has not yet written its number",
        allowed: "one process for each trial", remedy: "wait for it to end; it checkpoints")
    }
    self.lock = lock
  }
}
