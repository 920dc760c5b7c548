// SPDX-License-Identifier: MIT

import Glibc

/// The right to be the one process that writes a trial's folder, held by the kernel.
///
/// It ends with the value or with the process, however that ends. A runner looks at `status.json`
/// before it starts a trial; the lock is for what it cannot see there: a process that has not yet
/// written its status, and one on another machine that shares the folder.
package final class TrialLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock; the trial's folder must be there.
  ///
  /// - Throws: `locked` when another process has it.
  package init(_ folder: TrialFolder) throws(RunStoreError) {
    let path = folder.lockPath
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Disk.unwritable(path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let isTaken = errno == EWOULDBLOCK
      let error = Disk.unwritable(path)
      close(descriptor)
      guard isTaken else { throw error }
      let writer = ((try? folder.readStatus()) ?? nil).map { status in
        "process \(status.process.pid)" + (status.host.map { " on \($0)" } ?? "")
      }
      throw RunStoreError(
        .locked, path: folder.path,
        found: writer ?? "a process that has not yet written its number",
        allowed: "one process for each trial", remedy: "wait for it to end; it checkpoints")
    }
  }

  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
