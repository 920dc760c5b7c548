// SPDX-License-Identifier: MIT

import Glibc
import Synchronization

/// Writes to a terminal or a pipe without ever waiting for whoever reads: a terminal may be stopped
/// with Ctrl-S, its line may be dead, a pager may have enough.
package final class UnblockedOutput: Sendable {
  /// Standard error of this process.
  package static let standardError = UnblockedOutput(2)
  /// Seconds that a terminal is waited for at the end, once; then what it lacks is dropped.
  private static let patience = 1.0
  /// Bytes that are kept for a reader who is behind.
  private static let limit = 1 << 20

  private struct State {
    var waiting: [UInt8] = []
    /// Nobody reads any more, or not in time.
    var isDead = false
  }

  private let descriptor: Int32
  private let isOwned: Bool
  private let isTerminal: Bool
  private let state = Mutex(State())

  /// - Parameter descriptor: stays open as long as this is used.
  package init(_ descriptor: Int32) {
    isTerminal = isatty(descriptor) == 1
    var information = stat()
    let isPipe =
      fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO
    // Opened once more, since not to wait is a property of the opening, which the shell shares.
    let reopened =
      isTerminal || isPipe
      ? open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1
    isOwned = reopened >= 0
    self.descriptor = isOwned ? reopened : descriptor
  }

  deinit { if isOwned { close(descriptor) } }

  /// Whether something is still to be written that the reader has not taken.
  package var isBehind: Bool {
    state.withLock { state in
      flush(&state)
      return !state.waiting.isEmpty
    }
  }

  /// Writes as much as can be at once, and keeps the rest for the next call.
  package func write(_ text: String) {
    state.withLock { state in
      guard !state.isDead, state.waiting.count < Self.limit else { return }
      state.waiting += Array(text.utf8)
      flush(&state)
    }
  }

  /// Waits until all is written: a terminal not for long, a pipe or a file as long as it takes.
  package func settle() {
    var last = Self.now + Self.patience
    while isBehind {
      let left = last - Self.now
      if isTerminal && left <= 0 {
        state.withLock { ($0.waiting, $0.isDead) = ([], true) }
        return
      }
      var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&output, 1, 100)
      if !isTerminal { last = Self.now }
    }
  }

  private func flush(_ state: inout State) {
    var sent = 0
    while sent < state.waiting.count {
      // An opening that is not ours may wait: it is asked before, and given little.
      let size = isOwned ? state.waiting.count - sent : min(256, state.waiting.count - sent)
      if !isOwned {
        var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&output, 1, 0) > 0 else { break }
      }
      let count = state.waiting.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, size)
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        // A closed terminal ends the display, not the trials.
        (state.waiting, state.isDead) = ([], true)
        return
      }
    }
    state.waiting.removeFirst(sent)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
