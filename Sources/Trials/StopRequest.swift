// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Whether this trial was asked to end: by SIGINT or SIGTERM, or because its parent is gone.
///
/// Asked for between updates only; the trial then writes a checkpoint and ends.
struct StopRequest {
  private static let wasSignalled = Atomic<Bool>(false)
  /// Whether the end of standard input means that the parent has died.
  let watchesInput: Bool

  /// Takes over SIGINT and SIGTERM of this process.
  init(watchesInput: Bool) {
    self.watchesInput = watchesInput
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in StopRequest.wasSignalled.store(true, ordering: .relaxed) }
    }
    signal(SIGPIPE, SIG_IGN)
    // A file at its size limit is an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
  }

  var isAsked: Bool {
    if Self.wasSignalled.load(ordering: .relaxed) { return true }
    guard watchesInput else { return false }
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard poll(&input, 1, 0) > 0 else { return false }
    if input.revents & Int16(POLLIN) != 0 {
      var byte: UInt8 = 0
      return read(0, &byte, 1) == 0
    }
    return input.revents & Int16(POLLHUP | POLLERR) != 0
  }
}
