// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import RunStore
import Runner
import Testing

@Suite(.timeLimit(.minutes(10))) struct ParentDeathTests {
  @Test("When the runner is killed, its trials see the end of their stdin and checkpoint")
  func parentKilled() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: BatchRunnerTests.waiting.replacing("exit 5\n", with: "")
        .replacing("status stopped 30", with: "status stopped 30; echo over > \"$HERE/over\""))
    #expect(mkfifo("\(run.path)/over", 0o600) == 0)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = run.path as String] in
      try await runForeignBatch(path) { event in
        if case .progressed = event { kill(getpid(), SIGKILL) }
      }
    }
    // Opening the pipe waits for the child, which opens it when it has written its status.
    let over = try Disk.read("\(run.path)/over")
    #expect(over == Array("over\n".utf8))
    let status = try run.folder.trial(run.plan.trials[0].id).readStatus()
    #expect(status?.state == .stopped)
    #expect(status?.episodes == 30)
  }

  @Test("A real Ctrl-C reaches the runner, which asks; its exit status is 5")
  func realSignal() async throws {
    let run = try FakeRun(seeds: 1, script: BatchRunnerTests.waiting)
    await #expect(processExitsWith: .exitCode(5)) { [path = run.path as String] in
      let outcome = try await runForeignBatch(path) { event in
        if case .progressed = event { kill(getpid(), SIGINT) }
      }
      exit(outcome.exitStatus)
    }
    #expect(try run.states() == [.stopped])
  }
}

/// Runs, in another process, the batch of a `FakeRun` made by the test.
@discardableResult
private func runForeignBatch(
  _ path: String, react: @escaping @Sendable (BatchEvent) -> Void
) async throws -> BatchOutcome {
  let batch = try Batch(RunSnapshot(RunFolder(runs: path, name: "fake")))
  let program = try FakeRun.programPath()
  return try await BatchRunner(
    batch, rules: .init(jobs: 1), scheduler: LocalScheduler(program: program),
    observers: [Recorder(Log(), react: react)]
  ).run()
}
