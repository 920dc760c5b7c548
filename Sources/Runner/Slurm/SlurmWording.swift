// SPDX-License-Identifier: MIT

import Diagnostics

/// The sentences about a cluster that people read, in one place.
enum SlurmWording {
  /// Why a trial is not done though its task is over; nil for a task that Slurm does not know.
  static func ended(_ task: SlurmTask?) -> String {
    guard let task else {
      return "its task vanished: Slurm does not know it, and it left no result"
    }
    let words =
      (task.reason == "None" || task.reason.isEmpty ? "" : " (\(task.reason))")
      + (task.detail.isEmpty ? "" : "; \(task.detail)")
    switch task.kind {
    case .completed: return "its task ended without an error but left no result"
    case .timedOut: return "its task ran into its time limit" + words
    case .lostNode: return "its task lost its node: \(task.state)" + words
    case .cancelled: return "its task was cancelled" + words
    case .failed: return "its task failed: \(task.state)" + words
    case .outOfMemory:
      return "its task ran out of memory" + words
        + "; it is not tried again with as much: give it more (cluster.memory) and use "
        + "--retry failed"
    case .pending, .running: return "its task is \(task.state)" + words
    }
  }

  static let askedToEnd =
    "its task was asked to end, and it checkpointed; it is submitted again"
  static let requeued = "Slurm put its task back into the queue"

  static func waitsForEver(_ task: SlurmTask) -> String {
    "Slurm will never run its task: \(task.reason); see the file's cluster block and `sinfo`"
  }

  static func submitted(_ submission: Submission, job: String) -> String {
    let trials = submission.tasks.reduce(0) { $0 + $1.count }
    return
      "submitted \(count(trials, "trial")) in \(count(submission.tasks.count, "task")) as Slurm "
      + "job \(job); logs in \(submission.folder)"
  }

  static func adopted(_ submission: Submission, job: String?) -> String {
    let name = job.map { "Slurm job \($0)" } ?? "a submission without a number"
    return "follows \(name), which an earlier run submitted"
  }

  static func unknown(_ reason: String) -> String {
    "Slurm cannot be asked just now (\(reason)); nothing is known, so nothing is done"
  }

  static let knownAgain = "Slurm answers again"

  static func cancelling(_ trials: Int) -> String {
    "asked Slurm to end \(count(trials, "trial")); they checkpoint and end; Ctrl-C again leaves at "
      + "once, and they end all the same"
  }

  static func leaving(_ trials: Int) -> String {
    "left \(count(trials, "trial")) with Slurm; the next run follows them"
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    Numbers.count(number, noun)
  }
}
