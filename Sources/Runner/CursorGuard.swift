// SPDX-License-Identifier: MIT

import Glibc

/// Sees to it that a hidden cursor comes back, also when the process dies of a trap.
enum CursorGuard {
  static let hiding = "\u{1B}[?25l"
  static let showing = "\u{1B}[?25h"
  private static let fatal = [SIGQUIT, SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE]

  /// Called when the cursor of the terminal `descriptor` was hidden.
  static func begin(on descriptor: Int32) {
    guard guardedDescriptor < 0 else { return }
    guardedDescriptor = descriptor
    previousHandlers = fatal.map { signal($0, restoreCursor) }
  }

  /// Called when it is shown again.
  static func end() {
    guard guardedDescriptor >= 0 else { return }
    guardedDescriptor = -1
    for (number, handler) in zip(fatal, previousHandlers) { signal(number, handler) }
  }
}

// A signal's handler can reach nothing but globals. One display at a time writes them, before the
// handlers are set and after they are gone.
nonisolated(unsafe) private var guardedDescriptor: Int32 = -1
nonisolated(unsafe) private var previousHandlers: [(@convention(c) (Int32) -> Void)?] = []

private let restoreCursor: @convention(c) (Int32) -> Void = { number in
  var output = pollfd(fd: guardedDescriptor, events: Int16(POLLOUT), revents: 0)
  // One that takes nothing would be waited for.
  if poll(&output, 1, 0) > 0 { _ = write(guardedDescriptor, "\u{1B}[?25h", 6) }
  signal(number, SIG_DFL)
  raise(number)
}
