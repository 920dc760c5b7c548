// SPDX-License-Identifier: MIT

import Environments
import Foundation
import GymnasiumBridge
import ParameterSchema
import Randomness
import Synchronization
import Testing

/// What becomes of a worker, of what it started, wrote and printed.
@Suite(
  "A worker's life")
struct LifetimeTests {
  private func start(
    _ name: String, log: String, isStopAsked: @escaping () -> Bool = { false }
  ) throws(EnvironmentError) -> GymnasiumEnvironment {
    try GymnasiumEnvironment.start(
      RealPython.configuration("odd_environments:\(name)-v0", kind: "raw"), count: 1, logPath: log,
      python: RealPython.python, isStopAsked: isStopAsked)[0]
  }

  /// What stands behind a word in a log.
  private func told(_ log: String, _ word: String) -> [Substring] {
    RealPython.text(log).split(separator: "\n").first { $0.hasPrefix(word) }?
      .split(separator: " ") ?? []
  }

  /// Whether a process is there and no zombie.
  private func lives(_ process: pid_t) -> Bool {
    let status = RealPython.text("/proc/\(process)/status")
    return !status.isEmpty && !status.contains("State:\tZ")
  }

  @Test(
    "Processes that an environment started end with the worker, however it ends",
    arguments: ["let go", "killed"])
  func family(how: String) throws {
    try RealPython.withLog { log in
      var parent: GymnasiumEnvironment? = try start("Parent", log: log)
      try parent?.reset(draws: Xoshiro256(seed: 1))
      _ = try parent?.step(0)
      if how == "killed", let process = parent?.worker.facts.process {
        kill(process, SIGKILL)
        #expect(throws: EnvironmentError.self) { try parent?.step(0) }
      }
      let children = told(log, "children").compactMap { pid_t($0) }
      #expect(children.count == 2)
      parent = nil
      // A signal is sent before its process ends.
      let end = ContinuousClock.now + .seconds(2)
      while children.contains(where: lives), ContinuousClock.now < end { usleep(10_000) }
      for child in children { #expect(!lives(child), "\(child)") }
    }
  }

  @Test("A worker works in a folder of its own, which is removed, and closes its environments")
  func scratch() throws {
    try RealPython.withLog { log in
      var writing: GymnasiumEnvironment? = try start("Writes", log: log)
      try writing?.reset(draws: Xoshiro256(seed: 1))
      writing = nil
      let folder = String(told(log, "worked in").last ?? "")
      #expect(folder.contains("rallybook-worker-"), "\(folder)")
      #expect(!FileManager.default.fileExists(atPath: folder))
      #expect(RealPython.text(log).contains("closed\n"))
      #expect(!FileManager.default.fileExists(atPath: "left-behind.txt"))
    }
  }

  @Test("Who waits for a worker gives up when asked to")
  func stop() throws {
    try RealPython.withLog { log in
      // Looks are counted from the step on; a start may take long.
      let looks = Mutex<Int?>(nil)
      let sleeper = try start("Sleeps", log: log) {
        looks.withLock { count in
          count = count.map { $0 + 1 }
          return count ?? 0 > 20
        }
      }
      let process = sleeper.worker.facts.process
      try sleeper.reset(draws: Xoshiro256(seed: 1))
      looks.withLock { $0 = 0 }
      let error = #expect(throws: EnvironmentError.self) { _ = try sleeper.step(0) }
      #expect(error?.kind == .stopped)
      #expect(looks.withLock { $0 } == 21)
      #expect(!lives(process))
    }
  }

  @Test("Of what is printed without measure the log has beginning and end, and says what it lacks")
  func chatty() throws {
    try RealPython.withLog { log in
      var chatty: GymnasiumEnvironment? = try start("Chatty", log: log)
      let episodes = 3
      for episode in 1...episodes {
        try chatty?.reset(draws: Xoshiro256(seed: UInt64(episode)))
        while try chatty?.step(0).isEnd == false {}
      }
      chatty = nil
      let text = RealPython.text(log)
      #expect(text.hasPrefix("start\n"))
      #expect(text.hasSuffix("xxx\n\nend of it\n"))
      // Eight lines of 100,001 bytes an episode, "start" and "end of it".
      let printed = episodes * (8 * 100_001 + 6 + 10)
      let left = printed - (1 << 20) - (1 << 18)
      let shown = left.formatted(.number.grouping(.automatic).locale(Locale(identifier: "en_US")))
      #expect(text.contains("\n… \(shown) bytes left out …\n"))
      #expect(text.utf8.count < 1_400_000)
    }
  }
}
