// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import Runner
import Trials

/// `rallybook trial RUNDIR ID`: one trial in a process of its own; `run` starts these.
struct TrialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial", abstract: "Train one trial of a run's frozen plan.",
    shouldDisplay: false)

  @Argument(help: "The run's folder, with its plan.json.") var runFolder: String
  @Argument(help: "The trial's id.") var id: String

  @Flag(help: "Checkpoint and stop when standard input ends, as it does when the parent dies.")
  var watchStdin = false

  @Option(help: "Checkpoint and stop after so many training episodes, between two updates.")
  var until: Int?

  @Option(help: "Threads that train; what is learned does not depend on how many.")
  var threads = 1

  @Option(
    help: "The plan to follow, where it is not the folder's own; - for one on standard input.")
  var plan: String?

  func run() throws {
    if watchStdin {
      // On Linux libdispatch gives its threads a niceness of their own, which what they start would
      // keep (findings/dispatch-thread-niceness.sh): a trial is as nice as its runner was started.
      let process = __priority_which_t(PRIO_PROCESS.rawValue)
      let niceness = getpriority(process, id_t(getppid()))
      // This thread, which trains, and the main thread, whose niceness is shown.
      for thread in [0, id_t(getpid())] { setpriority(process, thread, niceness) }
    }
    let run = RunFolder(path: runFolder)
    let planPath = plan ?? run.planPath
    let plan = try planPath == "-" ? planFromInput() : RunFolder.readPlan(at: planPath)
    guard let trial = plan.trial(id: id) else {
      throw end(2, "error: \(planPath) has no trial \(id)")
    }
    let ending = TrialSession.run(
      trial, of: plan, in: run, catalogue: .standard, watchesInput: watchStdin, until: until,
      threads: threads)
    switch ending {
    case .failed(let reason), .refused(let reason): printError(reason)
    case .finished, .stopped: break
    }
    if ending.exitStatus != 0 { throw ExitCode(ending.exitStatus) }
  }

  /// Reads a plan from standard input, which stays open behind it: a line with the count of its bytes,
  /// then those.
  private func planFromInput() throws -> Plan {
    var bytes: [UInt8] = []
    func take(_ count: Int) throws {
      var block = [UInt8](repeating: 0, count: count)
      let taken = read(0, &block, count)
      guard taken > 0 else { throw end(5, "stopped: standard input ended before the plan came") }
      bytes += block[..<taken]
    }
    repeat { try take(1) } while bytes.last != UInt8(ascii: "\n")
    guard let count = Int(String(decoding: bytes.dropLast(), as: UTF8.self)), count > 0 else {
      throw end(2, "error: standard input does not begin with the count of the plan's bytes")
    }
    bytes = []
    while bytes.count < count { try take(min(count - bytes.count, 65_536)) }
    return try RunFolder.plan(decoding: bytes, path: "standard input")
  }
}

/// `rallybook task SUBMISSION PLACE`: the trials of one task of a job array; its script runs this.
struct TaskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Run the trials of one task of a cluster's job array.",
    shouldDisplay: false)

  @Argument(help: "The submission's folder, runs/NAME/cluster/S.") var submission: String
  @Argument(help: "The task's place in the array.") var place: Int
  @OptionGroup var batchOptions: BatchOptions

  func run() async throws {
    let submission = try Submission(folder: self.submission)
    guard submission.tasks.indices.contains(place) else {
      throw end(2, "error: \(submission.tasksPath) has no task \(place)")
    }
    let run = RunFolder(path: Disk.parent(of: Disk.parent(of: submission.folder) ?? ".") ?? ".")
    let plan = try RunFolder.readPlan(at: submission.planPath)
    let batch = try Batch(
      RunSnapshot(run, plan: plan), only: Set(submission.tasks[place].map(\.trial)),
      retriesFailed: true)
    let outcome = try await batchOptions.run(batch, color: .never, isTask: true)
    if outcome.exitStatus != 0 { throw ExitCode(outcome.exitStatus) }
  }
}
