// SPDX-License-Identifier: MIT

import ExperimentSpec
import Foundation
import ParameterSchema
import RunStore
import Statistics
import TestSupport
import Testing

@testable import Runner

@Suite("Submissions on disk") struct SubmissionTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "rallybook it's a \"test\" \(UUID())").path

  private func plan() -> Plan {
    Plan(
      name: "x", experimentFile: "x", experimentHash: "y", seeds: [0],
      score: .init(metric: .return, goal: .maximize), axes: [],
      variants: [.init(index: 0, label: "all", configuration: [:])],
      trials: [.init(number: 1, id: "0123456789ab", variant: 0, seed: 0)], arithmetic: "")
  }

  @Test("What was submitted is read again, with the plan it follows")
  func roundTrip() throws {
    let folder = ClusterFolder(RunFolder(path: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try folder.submissions() == [])
    #expect(try folder.nextNumber() == 1)
    let tasks: [[Submission.Item]] = [
      [.init(trial: "0123456789ab", progress: 3, mark: "1 2 3")], [],
    ]
    for number in 1...2 {
      let made = try Submission.create(number: number, in: folder.path, tasks: tasks, plan: plan())
      #expect(try Submission(folder: made.folder) == made)
      #expect(try RunFolder.readPlan(at: made.planPath) == plan())
      #expect(made.job == nil && !made.isClosed)
      try made.write(job: "77")
      try made.close("decided")
      #expect(made.job == "77" && made.isClosed)
    }
    #expect(try folder.submissions().map(\.number) == [1, 2])
    // One that was being written when its coordinator died takes its number with it.
    try Disk.makeFolder("\(folder.path)/003")
    #expect(try folder.submissions().count == 2)
    #expect(try folder.nextNumber() == 4)
  }

  @Test("The folder's name on the cluster is drawn once")
  func runID() throws {
    let folder = ClusterFolder(RunFolder(path: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let id = try folder.runID()
    #expect(id.count == 8 && id.allSatisfy(\.isHexDigit))
    #expect(try folder.runID() == id)
  }

  @Test("The script is shell, whatever the folder is called, and asks for what the file says")
  func script() throws {
    let folder = ClusterFolder(RunFolder(path: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let submission = try Submission.create(
      number: 1, in: folder.path, tasks: [[], []], plan: plan())
    var settings = ClusterSettings()
    settings.cpusPerTask = 3
    settings.memory = "2G"
    settings.timeLimit = "01:00:00"
    settings.partition = "main"
    settings.setup = ["export GREETING='hello there'"]
    let script = submission.script(
      name: "rallybook-1", concurrency: 1, settings,
      running: ["/bin/echo", "--timeout", "60.0"], in: "/")
    let lines = script.split(separator: "\n").map(String.init)
    #expect(lines.first == "#!/bin/bash")
    for option in [
      "array=0-1%1", "cpus-per-task=3", "mem=2G", "time=01:00:00", "signal=B:TERM@60",
      "partition=main", "requeue", "output=log-%a.txt",
    ] {
      #expect(lines.contains("#SBATCH --\(option)"), "\(option)")
    }
    try Data(script.utf8).write(to: URL(fileURLWithPath: submission.scriptPath))
    let said = try shell("SLURM_ARRAY_TASK_ID=1 bash \"$1\"", submission.scriptPath)
    #expect(said == "task \(submission.folder) 1 --jobs 3 --timeout 60.0\n")
  }

  private func shell(_ command: String, _ argument: String) throws -> String {
    try ChildProcess.output(["bash", "-c", command, "bash", argument])
  }
}
