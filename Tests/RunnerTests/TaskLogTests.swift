// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import Testing

@testable import Runner

@Suite struct TaskLogTests {
  private func read(_ log: String, _ task: SlurmTask) throws -> SlurmTask {
    let file = FileManager.default.temporaryDirectory.appending(path: "rallybook-\(UUID()).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(log.utf8).write(to: file)
    return TaskLog.read(task, log: file.path)
  }

  @Test(
    "A task killed for its memory is told from its log, whatever Slurm calls it",
    arguments: [
      "slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch. Some of the step tasks have been OOM Killed.",
      "slurmstepd: error: Job 7 exceeded memory limit (70000 > 65536), being killed",
      "terminate called after throwing an instance of 'std::bad_alloc'",
      "failed trial 1: MemoryError: Unable to allocate 2.00 GiB",
    ])
  func outOfMemory(line: String) throws {
    let task = try read(
      "small: 1 trial\n\(line)\n", SlurmTask(state: "FAILED", reason: "JobLaunchFailure"))
    #expect(task.kind == .outOfMemory)
    #expect(task.detail.contains(line))
  }

  @Test("Other failures keep their kind and give the last line of their log")
  func others() throws {
    let failed = try read(
      "module: command not found\n\n", SlurmTask(state: "FAILED", reason: "NonZeroExitCode"))
    #expect(failed.kind == .failed && failed.detail.contains("module: command not found"))
    let done = try read("out of memory\n", SlurmTask(state: "COMPLETED"))
    #expect(done.kind == .completed && done.detail.isEmpty)
  }

  @Test("Out of memory is not tried again with as much; a crash is")
  func attempts() {
    for (state, isFinal) in [("OUT_OF_MEMORY", true), ("FAILED", false)] {
      var slurm = SlurmState(["a"], graceSeconds: 0)
      slurm.add(submission: 1, tasks: [[.init(trial: "a", progress: 0, mark: "")]])
      let events = slurm.look(
        at: 1, trials: [.init()],
        queues: [1: .tasks([0: SlurmTask(state: state, detail: "it says: killed")])])
      if case .ended(0, .failed(let reason))? = events.first {
        #expect(isFinal && reason.contains("memory") && reason.contains("it says: killed"))
      } else if case .ended(0, .interrupted)? = events.first {
        #expect(!isFinal)
      } else {
        Issue.record("\(events)")
      }
    }
  }
}
