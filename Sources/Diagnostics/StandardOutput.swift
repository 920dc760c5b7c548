// SPDX-License-Identifier: MIT

import Dispatch
import Glibc
import Synchronization

/// Where results go. What cannot be written there is remembered, so that no command takes lost
/// output for success.
package enum StandardOutput {
  /// `errno` of the first write that failed; 0 while none has.
  private static let failure = Mutex<Int32>(0)
  /// Bytes that wait for whoever reads.
  private static let waiting = Mutex(0)
  /// More than this is kept for nobody.
  private static let limit = 64 << 20
  private static let queue = DispatchQueue(label: "standard output")

  /// Sees to it that a write to a pipe that nobody reads fails instead of ending the process, and
  /// that no file is opened in the place of a stream that was closed.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
      // Reading ends at once; writing to standard output goes on to fail.
      _ = open("/dev/null", descriptor == 2 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of a text; after a failure, nothing more.
  package static func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes all bytes; after a failure, nothing more.
  package static func write(_ bytes: [UInt8]) { queue.sync { put(bytes) } }

  /// The same without waiting: for whoever must go on while nobody reads.
  package static func writeLater(_ bytes: [UInt8]) {
    let ahead = waiting.withLock { waiting in
      waiting += bytes.count
      return waiting
    }
    guard ahead <= limit else { return failure.withLock { $0 = $0 == 0 ? EAGAIN : $0 } }
    queue.async {
      put(bytes)
      waiting.withLock { $0 -= bytes.count }
    }
  }

  /// Waits until all is written: for a terminal, which may be stopped with Ctrl-S, a second.
  package static func settle() {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    guard isatty(1) == 1 else { return done.wait() }
    if done.wait(timeout: .now() + 1) == .timedOut {
      failure.withLock { $0 = $0 == 0 ? EAGAIN : $0 }
    }
  }

  /// Why something could not be written, in the system's words; nil when all was.
  package static var problem: String? {
    let number = failure.withLock { $0 }
    return number == 0 ? nil : String(cString: strerror(number))
  }

  private static func put(_ bytes: [UInt8]) {
    guard failure.withLock({ $0 == 0 }) else { return }
    let number = written(bytes[...])
    if number != 0 { failure.withLock { $0 = number } }
  }

  /// - Returns: 0, or `errno` where not all could be written.
  private static func written(_ bytes: ArraySlice<UInt8>) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var place = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
        _ = poll(&place, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
