// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// A terminal that nobody reads: Ctrl-S, or a line that is dead.
@Suite("Terminals that take nothing", .serialized, .timeLimit(.minutes(5)))
struct TerminalTests {
  /// Both ends of a terminal that is full to the brim.
  private func fullTerminal() throws -> (reader: Int32, writer: Int32) {
    let reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(reader >= 0)
    // TIOCSPTLCK unlocks it, TIOCGPTN gives its number; C has both as macros only.
    var (lock, number): (Int32, Int32) = (0, 0)
    try #require(ioctl(reader, 0x4004_5431, &lock) == 0)
    try #require(ioctl(reader, 0x8004_5430, &number) == 0)
    let name = "/dev/pts/\(number)"
    let writer = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK)
    try #require(writer >= 0)
    let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1024)
    while write(writer, block, block.count) > 0 {}
    _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) & ~O_NONBLOCK)
    return (reader, writer)
  }

  @Test("The run goes on, hears signals and ends", arguments: [0, SIGTERM])
  func unread(signal: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: signal == 0 ? 20 : 20_000, seeds: 1)
    let (reader, writer) = try fullTerminal()
    defer {
      close(reader)
      close(writer)
    }
    let child = try program.start(
      ["run", "experiments/small.json", "--no-report"],
      wrapper: [
        "TERM=xterm", "sh", "-c", "exec \"$0\" \"$@\" 2> /proc/\(getpid())/fd/\(writer)",
      ])
    if signal != 0 {
      #expect(comesTrue { Torture.trials(of: program, "small").count == 2 })
      kill(child.pid, signal)
    }
    let hasEnded = comesTrue { processState(child.pid) == "Z" }
    if !hasEnded { kill(child.pid, SIGKILL) }
    let run = child.wait()
    #expect(hasEnded && run.status == (signal == 0 ? 0 : 5))
    let states = try program.trialFolders("small").map { folder in
      (try? String(contentsOf: folder.appendingPathComponent("status.json"), encoding: .utf8)) ?? ""
    }
    let state = signal == 0 ? "\"finished\"" : "\"stopped\""
    #expect(states.allSatisfy { $0.contains(state) }, "\(states)")
  }
}
