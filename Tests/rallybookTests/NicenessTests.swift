// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Niceness") struct NicenessTests {
  @Test("What is started by nice trains with that niceness, whatever the runner's threads have")
  func inherited() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 4_000, seeds: 1)
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    let child = try program.start(
      ["run", "experiments/small.json", "--jobs", "1", "--no-report"],
      wrapper: ["nice", "-n", "3"])
    // A trial takes it as the first thing it does.
    var niceness: Set<Int32> = []
    while !niceness.contains(own + 3), kill(child.pid, 0) == 0 {
      usleep(10_000)
      niceness = Set(Torture.trials(of: program, "small").flatMap(Self.niceness))
    }
    kill(child.pid, SIGINT)
    _ = child.wait()
    #expect(niceness.contains(own + 3) && niceness.allSatisfy { $0 >= own }, "\(niceness)")
  }

  /// Of each thread of a process that has used the CPU.
  private static func niceness(of pid: pid_t) -> [Int32] {
    let threads = "/proc/\(pid)/task"
    return ((try? FileManager.default.contentsOfDirectory(atPath: threads)) ?? []).compactMap {
      let line = try? String(contentsOfFile: "\(threads)/\($0)/stat", encoding: .utf8)
      // After the name in parentheses: state …, user time and niceness are the 12th and 17th.
      let fields = line?.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 16, let ticks = Int(fields[11]), ticks > 0 else { return nil }
      return Int32(fields[16])
    }
  }
}
