// SPDX-License-Identifier: MIT

import Testing

@testable import Runner

@Suite("What squeue says") struct SlurmTaskTests {
  /// Recorded from Slurm 22.05.8: `squeue -h -r -a -t all -j 12 -o '%K|%T|%r'`.
  static let recorded = """
    3|PENDING|JobArrayTaskLimit
    4|PENDING|BeginTime
    2|RUNNING|None
    1|COMPLETED|None
    0|FAILED|NonZeroExitCode
    6|TIMEOUT|TimeLimit
    5|NODE_FAIL|NodeDown
    7|CANCELLED|None
    8|FAILED|JobLaunchFailure
    9|PENDING|PartitionConfig

    """

  @Test("Each task by its place, told apart by what is to be done")
  func recorded() throws {
    guard case .tasks(let tasks) = SlurmQueue(status: 0, output: Self.recorded, error: "") else {
      Issue.record("no tasks")
      return
    }
    let kinds = (0...9).map { tasks[$0]?.kind }
    #expect(
      kinds == [
        .failed, .completed, .running, .pending, .pending, .lostNode, .timedOut, .cancelled,
        .failed, .pending,
      ])
    #expect((0...9).filter { tasks[$0]?.isRequeued == true } == [4])
    #expect((0...9).filter { tasks[$0]?.waitsForEver == true } == [9])
    #expect((0...9).filter { tasks[$0]?.isActive == true } == [2, 3, 4, 9])
  }

  @Test("A forgotten job is gone, and a controller that does not answer tells nothing")
  func silence() {
    #expect(
      SlurmQueue(status: 1, output: "", error: "slurm_load_jobs error: Invalid job id specified\n")
        == .gone)
    let words = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)"
    #expect(SlurmQueue(status: 1, output: "", error: words + "\n") == .unknown(words))
    #expect(SlurmQueue(status: 137, output: "", error: "") == .unknown("no words"))
    #expect(SlurmQueue(status: 0, output: "", error: "") == .tasks([:]))
  }

  @Test("Lines of another form are passed over, states of later versions count as active")
  func strange() {
    let text = "N/A|RUNNING|None\n[0-3%2]|PENDING|None\nrubbish\n1|HIBERNATING|Some|thing\n"
    #expect(
      SlurmQueue(status: 0, output: text, error: "")
        == .tasks([1: SlurmTask(state: "HIBERNATING", reason: "Some|thing")]))
    #expect(SlurmTask(state: "HIBERNATING").isActive)
  }
}
