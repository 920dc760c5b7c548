// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// Whatever asks a run to end, it ends, also in the middle of an episode or of a step that never
/// returns.
@Suite("Stops at once", .serialized, .timeLimit(.minutes(10)))
struct StopTests {
  /// The seconds that a person is asked to wait, with as many again for a machine under load.
  private static let patience = 4.0

  private func program(_ environment: String) throws -> Program {
    let program = try Program()
    try program.writeWaiting("wait", environment: environment)
    return program
  }

  private func start(_ program: Program, _ options: [String] = []) throws -> Program.Child {
    try program.start(["run", "experiments/wait.json", "--no-report"] + options)
  }

  private func wait(for child: Program.Child) -> Program.Result? {
    comesTrue(within: Self.patience) { processState(child.pid) == "Z" } ? child.wait() : nil
  }

  @Test(
    "A signal ends an episode that never ends, and what never returns",
    arguments: ["Endless", "Stuck"], [SIGINT, SIGTERM, SIGHUP])
  func signals(environment: String, signal: Int32) throws {
    let program = try program(environment)
    defer { program.remove() }
    let child = try start(program)
    #expect(comesTrue { program.decisionsUnderWay("wait") >= 20 })
    let trial = try #require(program.trialProcess("wait"))
    kill(child.pid, signal)
    let run = wait(for: child)
    if run == nil { kill(child.pid, SIGKILL) }
    let end = try #require(run, "it did not end")
    #expect(end.status == 5, "\(end.error)")
    #expect(processState(trial) == nil)
    #expect(program.status("wait")["state"] as? String == "stopped")
    #expect(end.error.contains("no episode has ended yet after"), "\(end.error)")
  }

  @Test(
    "--stop-after and --timeout end it too; run and status call it stopped", .timeLimit(.minutes(2))
  )
  func limits() throws {
    let program = try program("Endless")
    defer { program.remove() }
    for (option, status) in [("--stop-after", Int32(5)), ("--timeout", 1)] {
      let run = try start(program, [option, "3s"]).wait()
      #expect(run.status == status, "\(run.error)")
      #expect(run.error.contains("stopped   trial 1"), "\(run.error)")
      let told = try program.run("status", "wait")
      #expect(told.output.contains("1 stopped"), "\(told.output)")
      #expect(told.output.contains("no episode has ended yet"), "\(told.output)")
    }
  }

  @Test("The trial of a runner that was killed ends", arguments: ["Endless", "Stuck"])
  func parent(environment: String) throws {
    let program = try program(environment)
    defer { program.remove() }
    let child = try start(program)
    #expect(comesTrue { program.decisionsUnderWay("wait") >= 20 })
    let trial = try #require(program.trialProcess("wait"))
    kill(child.pid, SIGKILL)
    _ = child.wait()
    #expect(comesTrue(within: Self.patience) { processState(trial) == nil })
    #expect(program.status("wait")["state"] as? String == "stopped")
  }

  @Test("A slow environment is not taken for one that hangs; one that hangs is")
  func slowAndHung() throws {
    let slow = try program("Slow")
    defer { slow.remove() }
    let run = try start(slow, ["--hung-after", "5s"]).wait()
    #expect(run.status == 0, "\(run.error)")
    let stuck = try program("Stuck")
    defer { stuck.remove() }
    let hung = try start(stuck, ["--hung-after", "5s"]).wait()
    #expect(hung.status == 1 && hung.error.contains("it hung"), "\(hung.error)")
    #expect(stuck.status("wait")["state"] as? String == "failed")
    let told = try stuck.run("status", "wait")
    #expect(told.output.contains("1 failed") && told.output.contains("it hung"))
    let again = try start(stuck).wait()
    #expect(again.error.contains("1 failed earlier, not tried again"), "\(again.error)")
  }

  @Test("Ctrl-Z pauses the trials with the program, fg goes on, and no number changes")
  func suspended() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 240, seeds: 1)
    let child = try program.start(["run", "experiments/small.json", "--no-report"])
    #expect(comesTrue { Torture.trials(of: program, "small").count == 2 })
    let trials = Torture.trials(of: program, "small")
    kill(child.pid, SIGTSTP)
    #expect(comesTrue(within: Self.patience) { processState(child.pid) == "T" })
    for trial in trials {
      #expect(comesTrue(within: Self.patience) { processState(trial) == "T" })
    }
    kill(child.pid, SIGCONT)
    let run = child.wait()
    #expect(run.status == 0, "\(run.error)")
    try program.run("run", "experiments/small.json", "--no-report", "--runs", "whole")
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }

  @Test("Stopped in the middle of batches that take long, it comes to the same bytes")
  func resumed() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 60, seeds: 1)
    let options = [
      "run", "experiments/small.json", "--no-report", "--set", "algorithm.episodesPerUpdate=20",
    ]
    var torture = Torture(seed: 7)
    var stops = 0
    while stops < 12 {
      let child = try program.start(options)
      usleep(UInt32(torture.draw(150_000..<1_500_000)))
      kill(child.pid, [SIGTERM, SIGINT, SIGHUP][stops % 3])
      let run = child.wait()
      // Before the program has begun to listen a signal has its usual effect.
      #expect([0, 5, 129, 130, 143].contains(run.status), "\(run.error)")
      stops += 1
      if run.status == 0 { break }
    }
    #expect(try program.start(options).wait().status == 0)
    #expect(try program.start(options + ["--runs", "whole"]).wait().status == 0)
    #expect(try program.records("small") == program.records("small", runs: "whole"))
  }
}
