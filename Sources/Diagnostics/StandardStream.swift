// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Writes without waiting for whoever reads: a terminal may be stopped with Ctrl-S, its line may be
/// dead, a pager may have enough. What cannot be written is remembered, so that no command takes
/// lost output for success.
package final class StandardStream: Sendable {
  /// Where results go.
  package static let output = StandardStream(1)
  /// Where progress, warnings and errors go.
  package static let error = StandardStream(2)

  /// Bytes that are kept for a reader who is behind.
  private static let limit = 64 << 20

  private struct State {
    var bytes: [UInt8] = []
    /// How many of them are written.
    var sent = 0
    /// `errno` of the first write that failed; 0 while none has. Then nothing more is written.
    var failure: Int32 = 0
  }

  private let descriptor: Int32
  private let isOwned: Bool
  private let isTerminal: Bool
  /// Whether a write can wait: then it is asked before, and given little.
  private let canWait: Bool
  private let state: Mutex<State>

  /// - Parameter descriptor: stays open as long as this is used.
  package init(_ descriptor: Int32) {
    isTerminal = isatty(descriptor) == 1
    var information = stat()
    let kind = fstat(descriptor, &information) == 0 ? information.st_mode & S_IFMT : 0
    // Where a stream was closed before the program began, a queue of the system may have its number.
    state = Mutex(State(failure: kind == 0 ? EBADF : 0))
    // Opened once more, since not to wait is a property of the opening, which the shell shares.
    let reopened =
      isTerminal || kind == S_IFIFO
      ? open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1
    isOwned = reopened >= 0
    canWait = reopened < 0 && kind != S_IFREG
    self.descriptor = isOwned ? reopened : descriptor
  }

  deinit { if isOwned { close(descriptor) } }

  /// Sees to it that a write to a pipe that nobody reads fails instead of ending the process, and
  /// that no file is opened in the place of a stream that was closed. To be called first.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
      // Reading ends at once; writing to standard output goes on to fail.
      _ = open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Columns and rows, or nil where it is no terminal or does not tell.
  package var size: (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Whether what is written here is coloured.
  package func isColored(_ choice: ColorChoice) -> Bool {
    var environment: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] {
      environment[name] = getenv(name).map { String(cString: $0) }
    }
    return choice.isOn(isTerminal: isTerminal, environment: environment)
  }

  /// Whether something is still to be written that the reader has not taken.
  package var isBehind: Bool {
    state.withLock { state in
      flush(&state)
      return !state.bytes.isEmpty
    }
  }

  /// Why something could not be written, in the system's words; nil when all was.
  package var problem: String? {
    let number = state.withLock { $0.failure }
    return number == 0 ? nil : String(cString: strerror(number))
  }

  /// Writes as much as can be at once, and keeps the rest for the next call.
  package func write(_ text: String) { write(text.utf8) }

  /// Writes all, and waits for that as long as it takes.
  package func writeAll(_ text: String) { writeAll(text.utf8) }

  package func writeAll(_ bytes: some Sequence<UInt8>) {
    write(bytes)
    settle(patience: nil)
  }

  private func write(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      guard state.failure == 0 else { return }
      guard state.bytes.count - state.sent < Self.limit else { return fail(&state, EAGAIN) }
      state.bytes += bytes
      flush(&state)
    }
  }

  /// Waits until all is written, a file or a pipe as long as it takes.
  ///
  /// - Parameter patience: seconds that a terminal is waited for; nil for as long as it takes.
  package func settle(patience: Double? = 1) {
    let begin = ContinuousClock.now
    while isBehind {
      if isTerminal, let patience, ContinuousClock.now - begin > .seconds(patience) {
        return state.withLock { fail(&$0, EAGAIN) }
      }
      var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&output, 1, 100)
    }
  }

  private func flush(_ state: inout State) {
    while state.sent < state.bytes.count {
      var size = state.bytes.count - state.sent
      if canWait {
        var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&output, 1, 0) > 0 else { return }
        size = min(256, size)
      }
      let count = state.bytes[state.sent...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, size)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno == EAGAIN ? () : fail(&state, errno)
      }
      state.sent += count
      if state.sent > 1 << 20 {
        state.bytes.removeFirst(state.sent)
        state.sent = 0
      }
    }
    (state.bytes, state.sent) = ([], 0)
  }

  private func fail(_ state: inout State, _ number: Int32) {
    state = State(failure: number)
  }
}

/// `--color`; `auto` colours a terminal that is not dumb, unless `NO_COLOR` says no.
package enum ColorChoice: String, Hashable, Sendable, CaseIterable {
  case auto, always, never

  package func isOn(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
  }
}
