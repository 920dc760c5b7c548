// SPDX-License-Identifier: MIT

@preconcurrency import Dispatch
import Glibc

/// The signals that a runner takes into its own hands, as a stream.
package enum RunnerSignals {
  /// Ask to stop: Ctrl-C, `kill`, the closed terminal.
  package static let stop: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// Catches the signals `stop` and SIGTSTP until the stream is dropped, and ignores SIGPIPE: a
  /// reader of our output that goes away must not end the trials.
  ///
  /// One stream at a time: handlers belong to the process.
  package static func stream() -> AsyncStream<Int32> {
    AsyncStream { continuation in
      guard let ends = openPipe() else { return continuation.finish() }
      let queue = DispatchQueue(label: "rallybook.signals")
      let source = DispatchSource.makeReadSource(fileDescriptor: ends.read, queue: queue)
      source.setEventHandler {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = read(ends.read, &numbers, numbers.count)
        for number in numbers.prefix(max(0, count)) { continuation.yield(Int32(number)) }
      }
      source.setCancelHandler {
        close(ends.read)
        close(ends.write)
      }
      signalPipe = ends.write
      let caught = stop + [SIGTSTP]
      let previous = caught.map { signal($0, handler) }
      let previousPipe = signal(SIGPIPE, SIG_IGN)
      source.resume()
      continuation.onTermination = { _ in
        for (number, handler) in zip(caught, previous) { signal(number, handler) }
        signal(SIGPIPE, previousPipe)
        source.cancel()
      }
    }
  }

  /// Pauses this process until it is told to go on. When this returns it has been paused: a signal to
  /// the process may reach another of its threads, while ours still runs on.
  package static func pause() { raise(SIGSTOP) }

  private static func openPipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends[0], ends[1])
  }
}

// A signal's handler can reach nothing but globals; set before the handler is, and a plain number.
nonisolated(unsafe) private var signalPipe: Int32 = -1

/// Passes the signal's number on; `write` is among the few calls that a handler may make.
private let handler: @convention(c) (Int32) -> Void = { number in
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(signalPipe, &byte, 1)
  errno = saved
}
