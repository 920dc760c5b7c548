// SPDX-License-Identifier: MIT

package import ExperimentSpec

/// The batch script of a submission: what Slurm is asked for, and what a task runs.
///
/// It stands by itself: `cd FOLDER && sbatch job.sh` submits it again by hand.
package struct JobScript: Sendable {
  /// Seconds before its time limit at which a task is asked to checkpoint.
  static let warningSeconds = 60

  package var name: String
  package var taskCount: Int
  /// Tasks of this submission that may run at once; nil for all.
  package var concurrency: Int?
  package var settings: ClusterSettings
  /// The folder in which the run was started, and where tasks run.
  package var workingFolder: String
  package var program: String
  package var submission: Submission
  /// Words that every task is given.
  package var taskArguments: [String] = []

  package init(
    name: String, taskCount: Int, concurrency: Int?, settings: ClusterSettings,
    workingFolder: String, program: String, submission: Submission, taskArguments: [String] = []
  ) {
    self.name = name
    self.taskCount = taskCount
    self.concurrency = concurrency
    self.settings = settings
    self.workingFolder = workingFolder
    self.program = program
    self.submission = submission
    self.taskArguments = taskArguments
  }

  package var text: String {
    let limit = concurrency.map { "%\($0)" } ?? ""
    var options = [
      "job-name=\(name)", "array=0-\(taskCount - 1)\(limit)", "output=log-%a.txt",
      "open-mode=append", "requeue", "nodes=1", "ntasks=1",
      "cpus-per-task=\(settings.cpusPerTask)", "mem=\(settings.memory)",
    ]
    if let limit = settings.timeLimit {
      options += ["time=\(limit)", "signal=B:TERM@\(Self.warningSeconds)"]
    }
    if let partition = settings.partition { options.append("partition=\(partition)") }
    if let account = settings.account { options.append("account=\(account)") }
    let lines =
      ["#!/bin/bash"] + options.map { "#SBATCH --\($0)" }
      + ["cd \(Self.quoted(workingFolder)) || exit 97"] + settings.setup
      + [
        "exec \(Self.quoted(program)) task \(Self.quoted(submission.folder)) "
          + "\"$SLURM_ARRAY_TASK_ID\" --jobs \(settings.cpusPerTask)"
          + taskArguments.map { " " + Self.quoted($0) }.joined()
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A word that the shell takes as it is.
  static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
