// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import RunStore
import Runner

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
    // A crash is the coordinator's to count.
    let outcome = try await batchOptions.run(
      batch, color: .never, attempts: 1, planPath: submission.planPath)
    if outcome.exitStatus != 0 { throw ExitCode(outcome.exitStatus) }
  }
}
