// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Whether this process was asked to end: by SIGINT, SIGTERM or SIGHUP, or because its parent is
/// gone. Whatever waits for a worker then gives up within 100 ms, throws `EnvironmentError.stopped`,
/// and ends the worker with all that it started.
package enum StopRequest {
  private static let wasAsked = Atomic<Bool>(false)

  package static var isAsked: Bool { wasAsked.load(ordering: .relaxed) }

  /// Takes over SIGINT, SIGTERM and SIGHUP of this process.
  package static func takeSignals() {
    // Made before a handler can ask for it.
    _ = isAsked
    // SIGHUP: a stopped process whose parent dies is sent it by the kernel.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in StopRequest.wasAsked.store(true, ordering: .relaxed) }
    }
    signal(SIGPIPE, SIG_IGN)
    // A file at its size limit is an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Waits for the parent's end, but no longer than that many milliseconds.
  ///
  /// - Parameter watchesInput: whether the end of standard input means that the parent has died.
  package static func wait(milliseconds: Int32, watchesInput: Bool) {
    guard watchesInput, !isAsked else {
      _ = poll(nil, 0, milliseconds)
      return
    }
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard poll(&input, 1, milliseconds) > 0 else { return }
    var isOver = input.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    if input.revents & Int16(POLLIN) != 0 {
      var byte: UInt8 = 0
      isOver = read(0, &byte, 1) == 0
    }
    if isOver { wasAsked.store(true, ordering: .relaxed) }
  }
}
