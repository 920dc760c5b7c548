// SPDX-License-Identifier: MIT

import Glibc

/// Hides the cursor and sees to it that it comes back, also when the process dies of a trap.
enum CursorGuard {
  private static let fatal = [SIGQUIT, SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE]

  /// Hides the cursor of the terminal `descriptor`, until `show`.
  static func hide(on descriptor: Int32) {
    _ = write(descriptor, "\u{1B}[?25l", 6)
    guard guardedDescriptor < 0 else { return }
    guardedDescriptor = descriptor
    previousHandlers = fatal.map { signal($0, restoreCursor) }
  }

  /// Shows the cursor again.
  static func show() {
    guard guardedDescriptor >= 0 else { return }
    _ = write(guardedDescriptor, "\u{1B}[?25h", 6)
    guardedDescriptor = -1
    for (number, handler) in zip(fatal, previousHandlers) { signal(number, handler) }
  }
}

// A signal's handler can reach nothing but globals. One display at a time writes them, before the
// handlers are set and after they are gone.
nonisolated(unsafe) private var guardedDescriptor: Int32 = -1
nonisolated(unsafe) private var previousHandlers: [(@convention(c) (Int32) -> Void)?] = []

private let restoreCursor: @convention(c) (Int32) -> Void = { number in
  _ = write(guardedDescriptor, "\u{1B}[?25h", 6)
  signal(number, SIG_DFL)
  raise(number)
}
