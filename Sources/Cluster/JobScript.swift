// SPDX-License-Identifier: MIT

import ExperimentSpec

/// The batch script of a submission: what Slurm is asked for, and what a task runs.
///
/// It stands by itself: `cd FOLDER && sbatch job.sh` submits it again by hand.
struct JobScript: Sendable {
  /// Seconds before its time limit at which a task is asked to checkpoint.
  static let warningSeconds = 60

  var name: String
  var taskCount: Int
  /// Tasks of this submission that may run at once; nil for all.
  var concurrency: Int?
  var settings: ClusterSettings
  /// The folder in which the run was started, and where tasks run.
  var workingFolder: String
  var program: String
  var submission: Submission
  /// Words that every task is given.
  var taskArguments: [String] = []

  var text: String {
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
