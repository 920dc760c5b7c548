// SPDX-License-Identifier: MIT

package import ExperimentSpec

extension Submission {
  /// Seconds before its time limit at which a task is asked to checkpoint.
  private static let warningSeconds = 60

  /// The batch script: what Slurm is asked for, and what a task runs.
  ///
  /// It stands by itself: `cd FOLDER && sbatch job.sh` submits it again by hand.
  ///
  /// - Parameters:
  ///   - name: by which Slurm knows the job.
  ///   - concurrency: tasks of this submission that may run at once; nil for all.
  package func script(
    name: String, concurrency: Int?, _ settings: ClusterSettings, _ command: SlurmScheduler.Command
  ) -> String {
    let limit = concurrency.map { "%\($0)" } ?? ""
    var options = [
      "job-name=\(name)", "array=0-\(tasks.count - 1)\(limit)", "output=log-%a.txt",
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
      + ["cd \(quoted(command.workingFolder)) || exit 97"] + settings.setup
      + [
        "exec \(quoted(command.program)) task \(quoted(folder)) "
          + "\"$SLURM_ARRAY_TASK_ID\" --jobs \(settings.cpusPerTask)"
          + command.arguments.map { " " + quoted($0) }.joined()
      ]
    return lines.joined(separator: "\n") + "\n"
  }

}

/// A word that the shell takes as it is.
private func quoted(_ word: String) -> String {
  "'" + word.replacing("'", with: "'\\''") + "'"
}
