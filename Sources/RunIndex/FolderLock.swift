// SPDX-License-Identifier: MIT

import Glibc

/// The right to use a run's index, held on the folder itself by the kernel: it needs no file of its
/// own, and ends with the value or the process, however that ends.
final class FolderLock {
  private let descriptor: Int32

  /// Waits for whoever has it.
  ///
  /// - Returns: nil when it is not to be had within some seconds, or not at all on this file
  ///   system; the index is then left alone.
  init?(folder: String, attempts: Int = 500) {
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    for _ in 0..<attempts {
      if flock(opened, LOCK_EX | LOCK_NB) == 0 {
        descriptor = opened
        return
      }
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      usleep(10_000)
    }
    close(opened)
    return nil
  }

  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
