// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import Runner
import Testing

@Suite(.timeLimit(.minutes(10))) struct StallTests {
  private func queue(_ count: Int, attempts: Int = 3) -> QueueState {
    var state = QueueState(count: count, rules: .init(jobs: count, attempts: attempts))
    _ = state.handle(.begin)
    return state
  }

  @Test("A hung trial is killed and tried again, as often as a crash is")
  func hung() {
    var state = queue(1)
    for attempt in 1...3 {
      #expect(state.handle(.overdue(0, .hung(seconds: 60))) == [.kill(0)])
      #expect(state.handle(.overdue(0, .hung(seconds: 60))) == [])
      let actions = state.end(0, .crashed(signal: 9, "killed")).actions
      #expect(actions == (attempt < 3 ? [.start(0)] : []))
    }
    #expect(state.isDone)
    #expect(
      state.jobs == [.failed("it hung: no heartbeat for 60 s; its process was ended")])
  }

  @Test("A trial out of time is asked, then killed, and has failed; it is not tried again")
  func timeLimit() {
    var state = queue(2)
    #expect(
      state.handle(.overdue(0, .timeLimit(seconds: 60))) == [.ask(0), .startJobGrace(0)])
    #expect(state.handle(.jobGraceExpired(0)) == [.kill(0)])
    #expect(state.end(0, .crashed(signal: 9, "killed")).actions == [])
    #expect(state.handle(.overdue(1, .timeLimit(seconds: 60))) == [.ask(1), .startJobGrace(1)])
    #expect(state.end(1, .stopped).actions == [])
    #expect(state.handle(.jobGraceExpired(1)) == [])
    #expect(state.isDone)
    for job in state.jobs {
      guard case .failed(let reason) = job else { Issue.record("\(job)"); continue }
      #expect(reason.contains("--timeout 60 s"))
    }
  }

  @Test("A trial that finishes just when its time is up has finished")
  func justInTime() {
    var state = queue(1)
    _ = state.handle(.overdue(0, .timeLimit(seconds: 1)))
    _ = state.end(0, .finished)
    #expect(state.jobs == [.finished])
  }

  @Test("When the batch's time is up all checkpoint, and the next run goes on")
  func timeIsUp() {
    var state = QueueState(count: 3, rules: .init(jobs: 2))
    _ = state.handle(.begin)
    #expect(state.handle(.timeIsUp) == [.ask(0), .ask(1), .startGrace])
    #expect(state.handle(.timeIsUp) == [])
    _ = state.end(0, .stopped)
    _ = state.end(1, .stopped)
    #expect(state.isDone && state.ranOutOfTime)
  }

  @Test("A configuration that cannot be run is not tried again, a crash is")
  func configuration() {
    let refused = AttemptEnd(.exited(2), status: nil, errorTail: "error: no trial x\n")
    #expect(refused == .failed("error: no trial x"))
    let locked = AttemptEnd(.exited(4), status: nil, errorTail: "error[locked]: a\n  found: b\n")
    #expect(locked == .failed("  found: b"))
    let full = AttemptEnd(.exited(1), status: nil, errorTail: "No space left on device\n")
    #expect(full == .failed("No space left on device"))
    guard case .crashed = AttemptEnd(.exited(70), status: nil, errorTail: "") else {
      Issue.record("an unknown status is a crash")
      return
    }
  }

  // MARK: - With processes

  /// Says that it lives once, then stands still.
  private static let standingStill = """
    [ -e "$DIR/tried" ] && { status finished 2000; exit 0; }
    touch "$DIR/tried"
    status running 20
    trap '' TERM
    while read line; do :; done
    """

  @Test("A process without a heartbeat is ended and its trial tried again")
  func hungProcess() async throws {
    let run = try FakeRun(seeds: 1, script: Self.standingStill)
    let log = Log()
    let outcome = try await run.run(
      .init(jobs: 1, attempts: 2), watch: .init(hungAfter: 0.3, pause: 0.05),
      observer: Recorder(log))
    #expect(outcome.finished == 1 && outcome.exitStatus == 0)
    let reasons = log.events.compactMap { event -> String? in
      guard case .ended(_, let end) = event, case .again(let reason) = end.result else {
        return nil
      }
      return reason
    }
    #expect(reasons.count == 1 && reasons[0].hasPrefix("it hung"), "\(reasons)")
  }

  @Test("A heartbeat keeps a slow trial alive")
  func slow() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        n=0
        while [ $n -lt 12 ]; do n=$((n + 1)); status running $n; sleep 0.1; done
        status finished 2000
        """)
    let outcome = try await run.run(
      .init(jobs: 1), watch: .init(hungAfter: 0.6, pause: 0.05))
    #expect(outcome.finished == 1, "\(outcome.failures)")
  }

  @Test("--timeout stops a trial that can checkpoint, and the run has failed")
  func timeoutProcess() async throws {
    let run = try FakeRun(seeds: 1, script: BatchRunnerTests.waiting)
    let outcome = try await run.run(
      .init(jobs: 1, attempts: 3), watch: .init(timeLimit: 0.2, pause: 0.05))
    #expect(outcome.failures.count == 1 && outcome.exitStatus == 1)
    #expect(try run.states() == [.stopped])
  }

  @Test("--stop-after stops the batch with status 5")
  func stopAfter() async throws {
    let run = try FakeRun(seeds: 3, script: BatchRunnerTests.waiting)
    let outcome = try await run.run(.init(jobs: 2), watch: .init(stopAfter: 0.3))
    #expect(outcome.ranOutOfTime && outcome.stopped == 2 && outcome.left == 1)
    #expect(outcome.exitStatus == 5 && outcome.isResumable)
  }
}
