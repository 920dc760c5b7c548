// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import Runner
import Testing

@testable import RunStore

/// What the runner tells of a trial stands in the trial's folder, for every other verb.
@Suite(.timeLimit(.minutes(10))) struct RecordedEndTests {
  private func status(_ run: FakeRun) throws -> TrialStatus? {
    try run.folder.trial(run.plan.trials[0].id).readStatus()
  }

  @Test("A process that crashes without a word has failed, and a plain run leaves it")
  func crashed() async throws {
    let run = try FakeRun(seeds: 1, script: "status running 20; kill -9 $$")
    let outcome = try await run.run(.init(jobs: 1, attempts: 2))
    #expect(outcome.failures.map(\.state) == [.failed] && outcome.exitStatus == 1)
    #expect(try run.states() == [.failed])
    let record = try status(run)
    #expect(record?.episodes == 20 && record?.message == outcome.failures[0].reason)
    let again = try await run.run(.init(jobs: 1))
    #expect(again.failedEarlier == 1 && again.finished == 0 && again.exitStatus == 1)
  }

  @Test("One out of time is stopped, with the reason, and the next run goes on")
  func outOfTime() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        [ -e "$DIR/tried" ] && { status finished 2000; exit 0; }
        touch "$DIR/tried"
        status running 20
        trap '' TERM
        while read line; do :; done
        """)
    let outcome = try await run.run(
      .init(jobs: 1), graceSeconds: 0.1, watch: .init(timeLimit: 0.3, pause: 0.05))
    #expect(outcome.failures.map(\.state) == [.stopped])
    #expect(outcome.exitStatus == 1 && outcome.isResumable)
    #expect(try run.states() == [.stopped])
    #expect(try status(run)?.message?.contains("--timeout") == true)
    #expect(try await run.run(.init(jobs: 1)).finished == 1)
  }

  @Test("One that could not start is tried again by the next run, which says so")
  func couldNotStart() async throws {
    let run = try FakeRun(
      seeds: 1,
      script: """
        [ -e "$DIR/tried" ] && { status finished 2000; exit 0; }
        touch "$DIR/tried"
        status couldNotStart 0 "no module named x"
        exit 1
        """)
    let outcome = try await run.run(.init(jobs: 1, attempts: 3))
    #expect(outcome.failures.map(\.reason) == ["no module named x"])
    #expect(outcome.failures.map(\.state) == [.couldNotStart] && outcome.exitStatus == 1)
    let batch = try Batch(RunSnapshot(run.folder, plan: run.plan))
    #expect(batch.triedAgain == 1 && batch.failedEarlier.isEmpty)
    #expect(try await run.run(.init(jobs: 1)).finished == 1)
  }

  @Test("Signs of life come from what a trial does, not from the time of its heartbeat")
  func signs() {
    var status = TrialStatus(
      state: .running, episodes: 1, targetEpisodes: 2, decisions: 3, smoothedMean: nil,
      evaluated: 0,
      activity: .init(phase: .playing, episode: 2, decisions: 7, signs: 5), process: .current,
      startedAt: "a", updatedAt: "a")
    let before = status.signOfLife
    status.updatedAt = "b"
    #expect(status.signOfLife == before)
    status.activity?.signs = 6
    #expect(status.signOfLife != before)
  }
}
