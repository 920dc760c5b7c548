// SPDX-License-Identifier: MIT

import Glibc
import Runner
import Synchronization

/// A trial's process that a verb starts and waits for.
///
/// It shares our terminal's process group, so that Ctrl-C reaches it too; and its standard input is
/// a pipe of ours, whose end tells it to stop when we are asked to, or die.
enum ChildTrial {
  private static let wasSignalled = Atomic<Bool>(false)

  struct End {
    /// As a shell would give it: 128 and the signal's number after a signal.
    var status: Int32
    /// Whether we were asked to stop.
    var wasInterrupted: Bool
    /// The last lines of its standard error.
    var errorTail: String
  }

  /// Runs `PROGRAM trial RUNDIR ID --watch-stdin …` to its end.
  ///
  /// - Parameter progressed: told of what it says, about five times a second.
  static func run(_ arguments: [String], progressed: (ProgressLine) -> Void) -> End {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in ChildTrial.wasSignalled.store(true, ordering: .relaxed) }
    }
    var pipes = [[Int32]](repeating: [0, 0], count: 3)
    for index in pipes.indices {
      guard pipe(&pipes[index]) == 0 else { return failure(String(cString: strerror(errno))) }
      for end in pipes[index] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2)
    var words: [UnsafeMutablePointer<CChar>?] = ([executablePath()] + arguments).map { strdup($0) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var pid: pid_t = 0
    let problem = posix_spawn(&pid, executablePath(), &actions, nil, words, environ)
    for descriptor in [pipes[0][0], pipes[1][1], pipes[2][1]] { close(descriptor) }
    guard problem == 0 else { return failure(String(cString: strerror(problem))) }
    let tail = follow(pipes, progressed)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return End(
      status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F,
      wasInterrupted: wasSignalled.load(ordering: .relaxed), errorTail: tail)
  }

  /// Reads both outputs until they end.
  private static func follow(_ pipes: [[Int32]], _ progressed: (ProgressLine) -> Void) -> String {
    var splitter = LineSplitter()
    var tail = OutputTail()
    var isInputOpen = true
    var open = [pipes[1][0], pipes[2][0]]
    var block = [UInt8](repeating: 0, count: 16_384)
    while !open.isEmpty {
      if isInputOpen && wasSignalled.load(ordering: .relaxed) {
        close(pipes[0][1])
        isInputOpen = false
      }
      var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), 200) > 0 else { continue }
      for entry in polled where entry.revents != 0 {
        let count = read(entry.fd, &block, block.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          close(entry.fd)
          open.removeAll { $0 == entry.fd }
        } else if entry.fd == pipes[1][0] {
          let lines = splitter.lines(adding: block[..<count])
          if let newest = lines.lazy.reversed().compactMap({ ProgressLine(line: $0) }).first {
            progressed(newest)
          }
        } else {
          tail.add(block[..<count])
        }
      }
    }
    if isInputOpen { close(pipes[0][1]) }
    return tail.text()
  }

  private static func failure(_ reason: String) -> End {
    End(status: 1, wasInterrupted: false, errorTail: "the trial's process: \(reason)")
  }
}
