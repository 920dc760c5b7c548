// SPDX-License-Identifier: MIT

import Glibc

/// The Python process, and the socket to it.
///
/// The script comes to Python's standard input; descriptor 3 is the socket, 4 the shared memory;
/// what the process prints goes to the log, or to our standard error. It is the head of a session of
/// its own, so that a Ctrl-C at the terminal does not reach it, and works in a folder of its own; it
/// ends, with all processes that it started, when the socket closes.
final class WorkerProcess {
  /// Milliseconds within which whoever waits looks up.
  private static let pause: Int32 = 100

  let pid: pid_t
  /// What it prints; nil where that is our standard error.
  let output: WorkerOutput?
  /// Asked at least every `pause` while something is awaited; true gives up.
  private let isStopAsked: () -> Bool
  private let socket: Int32
  private let family: WorkerFamily
  private var status: Int32?
  private var hasEnded = false
  private var nextLook = 0
  private var polled: [pollfd]

  /// - Parameters:
  ///   - python: words before the script, such as `/usr/bin/python3`.
  ///   - memory: descriptor of the shared memory.
  init(
    python: [String], arguments: [String], script: [UInt8], memory: Int32, logPath: String?,
    isStopAsked: @escaping () -> Bool
  ) throws(WorkerFault) {
    var ends: [Int32] = [-1, -1]
    func failure() -> WorkerFault {
      .notStarted(python: python.joined(separator: " "), reason: errnoSentence())
    }
    guard let family = WorkerFamily() else { throw failure() }
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else {
      let fault = failure()
      rmdir(family.scratch)
      throw fault
    }
    defer { close(ends[1]) }
    let source = Self.file(script)
    defer { if source >= 0 { close(source) } }
    let output = logPath.flatMap { WorkerOutput(path: $0) }
    guard source >= 0, output != nil || logPath == nil else {
      let fault = failure()
      close(ends[0])
      rmdir(family.scratch)
      throw fault
    }
    let sink = output?.sink ?? 2
    do throws(WorkerFault) {
      pid = try Self.spawn(
        python + ["-"] + arguments + [family.scratch],
        descriptors: [source, sink, sink, ends[1], memory], mark: family.mark)
    } catch {
      close(ends[0])
      rmdir(family.scratch)
      throw error
    }
    output?.closeSink()
    self.output = output
    self.family = family
    self.isStopAsked = isStopAsked
    socket = ends[0]
    polled = [
      pollfd(fd: ends[0], events: 0, revents: 0),
      pollfd(fd: output?.source ?? -1, events: Int16(POLLIN), revents: 0),
    ]
  }

  deinit {
    close(socket)
    // It closes its environments and ends, unless it hangs.
    if !hasEnded { _ = wait(milliseconds: 1500) }
    kill()
  }

  /// Ends the process and all that it started, and waits until it is gone.
  func kill() {
    guard !hasEnded else { return }
    hasEnded = true
    if status == nil {
      _ = Glibc.kill(pid, SIGKILL)
      _ = wait(milliseconds: 10_000)
    }
    family.end(leader: pid)
    output?.finish()
  }

  /// How the process ended, in words, or nil where it lives after that time.
  func ending(milliseconds: Int32) -> String? {
    guard let status = wait(milliseconds: milliseconds) else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? "with status \(status >> 8 & 0xFF)" : "by signal \(signal)"
  }

  private func wait(milliseconds: Int32) -> Int32? {
    if let status { return status }
    let start = Deadline.now
    var found: Int32 = 0
    while true {
      let result = waitpid(pid, &found, WNOHANG)
      if result == pid || (result < 0 && errno != EINTR) {
        status = found
        return found
      }
      if Deadline.now - start >= Int(milliseconds) { return nil }
      output?.drain()
      _ = poll(nil, 0, 2)
    }
  }

  // MARK: Bytes

  /// - Throws: `ended` where the other end is closed, `hung` at the deadline.
  func send(_ bytes: [UInt8], until deadline: Deadline) throws(WorkerFault) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent,
          Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try waitFor(Int16(POLLOUT), until: deadline)
      } else if errno != EINTR {
        throw closed()
      }
    }
  }

  /// Exactly `count` bytes.
  func receive(_ count: Int, until deadline: Deadline) throws(WorkerFault) -> [UInt8] {
    // Also where every reply is there at once.
    try lookUp()
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        recv(
          socket, buffer.baseAddress.map { $0 + filled }, count - filled,
          Int32(MSG_DONTWAIT))
      }
      if got > 0 {
        filled += got
      } else if got == 0 {
        throw closed()
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try waitFor(Int16(POLLIN), until: deadline)
      } else if errno != EINTR {
        throw closed()
      }
    }
    return bytes
  }

  private func waitFor(_ event: Int16, until deadline: Deadline) throws(WorkerFault) {
    polled[0].events = event
    while true {
      let left = deadline.milliseconds
      let ready = poll(&polled, 2, max(0, min(left, Self.pause)))
      if ready < 0 {
        if errno != EINTR { throw closed() }
        continue
      }
      if ready > 0, polled[1].revents & Int16(POLLIN) != 0 { output?.drain() }
      // Nobody holds the other end any more.
      if ready > 0, polled[1].revents & Int16(POLLHUP | POLLIN) == Int16(POLLHUP) {
        polled[1].fd = -1
      }
      if ready > 0, polled[0].revents != 0 { return }
      if left <= 0 { throw .hung(seconds: deadline.seconds) }
      try lookUp()
    }
  }

  /// At most every `pause`: takes what was printed, and asks whether to go on.
  private func lookUp() throws(WorkerFault) {
    let now = Deadline.now
    guard now >= nextLook else { return }
    nextLook = now + Int(Self.pause)
    output?.drain()
    if isStopAsked() { throw .stopped }
  }

  /// The other end is closed: the process has ended, or will.
  private func closed() -> WorkerFault {
    .ended(ending(milliseconds: 2000) ?? "its connection, not itself,")
  }
}
