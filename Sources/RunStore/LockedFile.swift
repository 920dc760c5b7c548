// SPDX-License-Identifier: MIT

import Glibc

/// An open file that is locked for this process alone, until the value or the process ends.
final class LockedFile: Sendable {
  /// Closed with the value, by it alone.
  let descriptor: Int32

  /// Opens the file, or makes it, and locks it; nil when another process has the lock.
  convenience init?(_ path: String) throws(RunStoreError) {
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw Disk.unwritable(path) }
    // From here on the value closes the file, also where this ends early.
    self.init(descriptor: opened)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard errno == EWOULDBLOCK else { throw Disk.unwritable(path) }
      return nil
    }
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    // Said outright: a process that was just forked shares the file until it has started its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
