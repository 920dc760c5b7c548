// SPDX-License-Identifier: MIT

import Diagnostics
import Environments
import FoundationEssentials
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

  /// Where it is, for what may go wrong.
  var place: WorkerPlace
  /// What went wrong: the process has ended, and every later call throws this.
  private(set) var broken: EnvironmentError?
  /// Of the next request.
  var nextNumber: UInt32 = 0
  /// What it prints; nil where that is our standard error.
  let output: WorkerOutput?
  let memory: SharedMemory
  private let id: String
  private let logPath: String?
  private let pid: pid_t
  /// Asked at least every `pause` while something is awaited; true gives up.
  private let isStopAsked: () -> Bool
  private let socket: Int32
  private let tree: ProcessTree
  private var status: Int32?
  private var hasEnded = false
  private var nextLook = SuspendingClock.now
  private var polled: [pollfd]
  private var turns: TurnTaking?
  /// What came, of which the first `taken` bytes are used up, and where it comes to.
  private var inbox: [UInt8] = []
  private var taken = 0
  private var block = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameters:
  ///   - id: Gymnasium's, for messages and for whoever looks at the processes.
  ///   - python: words before the script, such as `/usr/bin/python3`.
  ///   - place: where it is at its start.
  init(
    id: String, python: [String], script: [UInt8], place: WorkerPlace, logPath: String?,
    isStopAsked: @escaping () -> Bool
  ) throws(EnvironmentError) {
    func failure(_ number: Int32 = errno) -> EnvironmentError {
      let name = python.joined(separator: " ")
      let reason = String(cString: strerror(number))
      return WorkerFault(.notStarted, "\(name) cannot be started: \(reason);")
        .error(at: place, id: id, lastLine: nil, logPath: logPath)
    }
    guard let tree = ProcessTree(), let memory = SharedMemory() else { throw failure() }
    let source = SharedMemory.file(script)
    defer { close(source) }
    let output = logPath.flatMap { WorkerOutput(path: $0) }
    guard source >= 0, output != nil || logPath == nil else { throw failure() }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else { throw failure() }
    defer { close(ends[1]) }
    let sink = output?.sink ?? 2
    let started = Self.spawn(
      python + ["-", "rallybook-worker", id, tree.scratch],
      descriptors: [source, sink, sink, ends[1], memory.descriptor], mark: tree.mark)
    guard started.error == 0 else {
      close(ends[0])
      throw failure(started.error)
    }
    output?.closeSink()
    (self.id, self.logPath, self.place, self.isStopAsked) = (id, logPath, place, isStopAsked)
    (self.output, self.memory, self.tree) = (output, memory, tree)
    (pid, socket, turns) = (started.pid, ends[0], TurnTaking(worker: started.pid))
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

  /// Ends the process; nothing works from now on.
  func fail(_ fault: WorkerFault) -> EnvironmentError {
    kill()
    let error = fault.error(at: place, id: id, lastLine: output?.lastLine, logPath: logPath)
    broken = error
    return error
  }

  /// Ends the process and all that it started, and waits until it is gone.
  private func kill() {
    guard !hasEnded else { return }
    hasEnded = true
    if status == nil {
      _ = Glibc.kill(pid, SIGKILL)
      _ = wait(milliseconds: 10_000)
    }
    tree.end(leader: pid)
    output?.finish()
  }

  private func wait(milliseconds: Int32) -> Int32? {
    if let status { return status }
    let start = SuspendingClock.now
    var found: Int32 = 0
    while true {
      let result = waitpid(pid, &found, WNOHANG)
      if result == pid || (result < 0 && errno != EINTR) {
        status = found
        return found
      }
      if .now - start >= .milliseconds(milliseconds) { return nil }
      output?.drain()
      _ = poll(nil, 0, 2)
    }
  }

  // MARK: Bytes

  func send(_ bytes: [UInt8], until deadline: Deadline) throws(EnvironmentError) {
    var done = 0
    while done < bytes.count {
      done += try move(Int16(POLLOUT), until: deadline) {
        bytes[done...].withUnsafeBytes {
          Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
      }
    }
  }

  /// The next `count` bytes. What comes with them is kept for the next time.
  func receive(
    _ count: Int, until deadline: Deadline
  ) throws(EnvironmentError) -> ArraySlice<UInt8> {
    // Also where every reply is there at once.
    try lookUp()
    inbox.removeFirst(taken)
    taken = 0
    while inbox.count < count {
      let came = try move(Int16(POLLIN), until: deadline) {
        block.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
      }
      inbox += block[..<came]
    }
    taken = count
    return inbox[..<count]
  }

  /// Moves some bytes, waiting for the socket where it is not ready; returns how many.
  private func move(
    _ event: Int16, until deadline: Deadline, _ transfer: () -> Int
  ) throws(EnvironmentError) -> Int {
    if let broken { throw broken }
    while true {
      let moved = transfer()
      if moved > 0 { return moved }
      if moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
        try waitFor(event, until: deadline)
      } else if moved == 0 || errno != EINTR {
        throw closed()
      }
    }
  }

  private func waitFor(_ event: Int16, until deadline: Deadline) throws(EnvironmentError) {
    polled[0].events = event
    while true {
      let left = deadline.milliseconds
      turns?.begin()
      let ready = poll(&polled, 2, max(0, min(left, Self.pause)))
      turns?.end()
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
      if left <= 0 {
        let time = Durations.text(deadline.seconds)
        throw fail(
          WorkerFault(.lost, "the Python worker gave no reply within \(time) and was ended"))
      }
      try lookUp()
    }
  }

  /// At most every `pause`: takes what was printed, and asks whether to go on.
  private func lookUp() throws(EnvironmentError) {
    let now = SuspendingClock.now
    guard now >= nextLook else { return }
    nextLook = now + .milliseconds(Self.pause)
    output?.drain()
    turns?.release()
    if isStopAsked() { throw fail(WorkerFault(.stopped, "the trial was asked to stop")) }
  }

  /// The other end is closed: the process has ended, or will.
  private func closed() -> EnvironmentError {
    var how = "its connection, not itself,"
    if let status = wait(milliseconds: 2000) {
      let signal = status & 0x7F
      how = signal == 0 ? "with status \(status >> 8 & 0xFF)" : "by signal \(signal)"
    }
    return fail(WorkerFault(.lost, "the Python worker ended \(how)"))
  }

  // MARK: Start

  private static func spawn(
    _ words: [String], descriptors: [Int32], mark: String
  ) -> (pid: pid_t, error: Int32) {
    // Copies far from 0...4, so that none overwrites another on the way.
    let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
    defer { for copy in copies where copy >= 0 { close(copy) } }
    guard copies.allSatisfy({ $0 >= 0 }) else { return (0, errno) }
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
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | newSession)
    var pointers = words.map { strdup($0) } + [nil]
    // One thread for numpy, whose threads would only wait for each other. Hashes that are the same in
    // each process, as the order of a set follows from them.
    let ours = [
      "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1",
      "PYTHONHASHSEED": "0", ProcessTree.variable: mark,
    ]
    let environment = ProcessInfo.processInfo.environment.merging(ours) { $1 }
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in pointers + variables { free(pointer) } }
    var pid: pid_t = 0
    let error = posix_spawnp(&pid, words[0], &actions, &attributes, &pointers, &variables)
    return (pid, error)
  }

  /// glibc's `POSIX_SPAWN_SETSID`, which Swift does not import.
  private static let newSession: Int16 = 0x80
}

/// A moment after which waiting ends.
struct Deadline {
  /// From its making.
  let seconds: Double
  private let moment: SuspendingClock.Instant

  init(seconds: Double) {
    self.seconds = seconds
    moment = .now + .seconds(seconds)
  }

  /// Milliseconds left.
  var milliseconds: Int32 { Int32(clamping: Int((moment - .now) / .milliseconds(1))) }
}
