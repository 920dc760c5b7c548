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
    var niceness: [Int32] = []
    while niceness.isEmpty, kill(child.pid, 0) == 0 {
      usleep(20_000)
      // The record says who trains from the moment on that it trains.
      niceness = Torture.trials(of: program, "small").map {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t($0))
      }
    }
    kill(child.pid, SIGINT)
    _ = child.wait()
    #expect(niceness == [own + 3])
  }
}
