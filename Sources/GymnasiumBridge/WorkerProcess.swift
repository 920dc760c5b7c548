// SPDX-License-Identifier: MIT

import Glibc

/// The Python process, and the socket to it.
///
/// The script comes to Python's standard input; descriptor 3 is the socket, 4 the shared memory;
/// what the process prints goes to the log, or to our standard error. It is a process group of its
/// own, so that a Ctrl-C at the terminal does not reach it, and it ends when the socket closes.
final class WorkerProcess {
  let pid: pid_t
  private let socket: Int32
  private var status: Int32?

  /// - Parameters:
  ///   - python: words before the script, such as `/usr/bin/python3`.
  ///   - memory: descriptor of the shared memory.
  init(
    python: [String], arguments: [String], script: [UInt8], memory: Int32, logPath: String?
  ) throws(WorkerFault) {
    var ends: [Int32] = [-1, -1]
    func failure() -> WorkerFault {
      .notStarted(python: python.joined(separator: " "), reason: errnoSentence())
    }
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else { throw failure() }
    defer { close(ends[1]) }
    let source = Self.file(script)
    defer { if source >= 0 { close(source) } }
    let log =
      logPath.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) }
      ?? fcntl(2, F_DUPFD_CLOEXEC, 16)
    defer { if log >= 0 { close(log) } }
    guard source >= 0, log >= 0 else {
      let fault = failure()
      close(ends[0])
      throw fault
    }
    do throws(WorkerFault) {
      pid = try Self.spawn(
        python + ["-"] + arguments, descriptors: [source, log, log, ends[1], memory])
    } catch {
      close(ends[0])
      throw error
    }
    socket = ends[0]
  }

  deinit {
    close(socket)
    // It ends at once unless it hangs.
    _ = wait(milliseconds: 500)
    kill()
  }

  /// Ends the process, and waits until it is gone.
  func kill() {
    guard status == nil else { return }
    _ = Glibc.kill(pid, SIGKILL)
    _ = wait(milliseconds: 10_000)
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
    var waiting = pollfd(fd: socket, events: event, revents: 0)
    while true {
      let left = deadline.milliseconds
      if left <= 0 { throw .hung(seconds: deadline.seconds) }
      let ready = poll(&waiting, 1, left)
      if ready > 0 { return }
      if ready < 0 && errno != EINTR { throw closed() }
    }
  }

  /// The other end is closed: the process has ended, or will.
  private func closed() -> WorkerFault {
    .ended(ending(milliseconds: 2000) ?? "its connection, not itself,")
  }

  // MARK: Starting

  /// The descriptor of a file in memory that holds these bytes, at its start; −1 for an error.
  private static func file(_ bytes: [UInt8]) -> Int32 {
    let descriptor = NamelessFile.make()
    guard descriptor >= 0 else { return -1 }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 { return descriptor }
    close(descriptor)
    return -1
  }

  private static func spawn(
    _ words: [String], descriptors: [Int32]
  ) throws(WorkerFault) -> pid_t {
    // Copies far from 0...4, so that none overwrites another on the way.
    let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
    defer { for copy in copies where copy >= 0 { close(copy) } }
    guard copies.allSatisfy({ $0 >= 0 }) else {
      throw .notStarted(python: words[0], reason: errnoSentence())
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (place, copy) in copies.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, copy, Int32(place))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    var pointers = words.map { strdup($0) } + [nil]
    var variables = environment().map { strdup($0) } + [nil]
    defer { for pointer in pointers + variables { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawnp(&pid, words[0], &actions, &attributes, &pointers, &variables)
    guard status == 0 else {
      throw .notStarted(python: words[0], reason: String(cString: strerror(status)))
    }
    return pid
  }

  /// Ours, and one thread for numpy, whose threads would only wait for each other.
  private static func environment() -> [String] {
    var variables: [String] = []
    var pointer = environ
    while let entry = pointer.pointee {
      variables.append(String(cString: entry))
      pointer += 1
    }
    let ours = ["OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "PYTHONUNBUFFERED=1"]
    return variables.filter { variable in
      !ours.contains { variable.hasPrefix($0.prefix { $0 != "=" } + "=") }
    } + ours
  }
}
