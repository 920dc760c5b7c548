// SPDX-License-Identifier: MIT

import RunStore

/// A task of a job array as `squeue` shows it.
package struct SlurmTask: Hashable, Sendable {
  /// What its state means for the trials in it.
  package enum Kind: Hashable, Sendable {
    /// It waits for its turn, or to be tried again.
    case pending
    case running
    /// It ended with status 0.
    case completed
    /// It ended otherwise, or was killed.
    case failed
    /// It was killed for taking more memory than it was given; with as much it would be again.
    case outOfMemory
    case timedOut
    /// Its node went away, or it was pushed off.
    case lostNode
    /// A person or the administrator ended it.
    case cancelled
  }

  /// Slurm's word, such as `NODE_FAIL`.
  package var state: String
  /// Slurm's reason, such as `NonZeroExitCode`; `None` where it gives none.
  package var reason = "None"
  /// What its log says of its end; empty where it says nothing.
  package var detail = ""

  /// Words that are not known, as of a later version, count as active: that is never wrong for long,
  /// for a task that has ended leaves the queue.
  package var kind: Kind {
    switch state {
    case "COMPLETED": .completed
    case "OUT_OF_MEMORY": .outOfMemory
    case "FAILED", "BOOT_FAIL", "LAUNCH_FAILED", "RECONFIG_FAIL": .failed
    case "TIMEOUT", "DEADLINE": .timedOut
    case "NODE_FAIL", "PREEMPTED", "REVOKED": .lostNode
    case "CANCELLED": .cancelled
    case "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
      "SPECIAL_EXIT":
      .pending
    default: .running
    }
  }

  /// Whether Slurm may still do something with it.
  package var isActive: Bool { kind == .pending || kind == .running }

  /// Whether it waits for what will never come.
  package var waitsForEver: Bool {
    kind == .pending && Self.hopelessReasons.contains(reason)
  }

  /// Whether it ran before and waits to be run again.
  package var isRequeued: Bool { kind == .pending && reason == "BeginTime" || state == "REQUEUED" }

  /// Why a trial is not done though its task is over; nil for a task that Slurm does not know.
  static func end(_ task: SlurmTask?) -> String {
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

  private static let hopelessReasons: Set<String> = [
    "PartitionConfig", "PartitionNodeLimit", "PartitionTimeLimit", "BadConstraints",
    "DependencyNeverSatisfied", "InvalidAccount", "InvalidQOS",
  ]
}

/// What `squeue` said about one job array.
package enum SlurmQueue: Hashable, Sendable {
  /// It could not be asked: nothing is known, least of all that a task failed.
  case unknown(String)
  /// Slurm knows no such job any more: it forgets ended ones after a while.
  case gone
  /// Tasks by their place in the array. One that is not named has ended and is forgotten, or was
  /// cancelled before it ran.
  case tasks([Int: SlurmTask])

  /// The output format that `init` reads.
  package static let format = "%K|%T|%r"

  /// Reads what `squeue -h -r -a -t all -j ID -o '%K|%T|%r'` printed.
  package init(status: Int32, output: String, error: String) {
    guard status == 0 else {
      self =
        error.contains("Invalid job id")
        ? .gone : .unknown(error.split(separator: "\n").last.map(String.init) ?? "no words")
      return
    }
    var tasks: [Int: SlurmTask] = [:]
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
      // A place that is no number is a whole array not yet split up: `-r` splits it.
      guard fields.count == 3, let index = Int(fields[0]) else { continue }
      tasks[index] = SlurmTask(state: String(fields[1]), reason: String(fields[2]))
    }
    self = .tasks(tasks)
  }
}

/// What a task's own log tells of its end, which Slurm's words for it do not: a task that was killed
/// for its memory is `FAILED (JobLaunchFailure)` to Slurm 22.05.
package enum TaskLog {
  /// What the kernel, Slurm and common programs write where memory ran out, in lower case.
  private static let signs = [
    "oom_kill", "oom-kill", "oom kill", "out of memory", "out-of-memory", "memory limit",
    "cannot allocate memory", "bad_alloc", "memoryerror",
  ]
  private static let longestLine = 300

  /// The task with what its log says.
  ///
  /// - Parameter log: path of the log; it need not be there.
  package static func read(_ task: SlurmTask, log: String) -> SlurmTask {
    guard task.kind == .failed || task.kind == .outOfMemory,
      let bytes = (try? Disk.readIfPresent(log)) ?? nil
    else { return task }
    let lines = String(decoding: bytes.suffix(65_536), as: UTF8.self)
      .split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    let evidence = lines.last { line in
      let line = line.lowercased()
      return signs.contains { line.contains($0) }
    }
    guard let line = evidence ?? lines.last else { return task }
    let isMemory = evidence != nil || task.kind == .outOfMemory
    return SlurmTask(
      state: isMemory ? "OUT_OF_MEMORY" : task.state, reason: task.reason,
      detail: "\(log) says: \(line.prefix(longestLine))")
  }
}

extension Submission {
  /// What Slurm says, with what the logs say of tasks that have ended without success.
  func completed(_ queue: SlurmQueue) -> SlurmQueue {
    switch queue {
    case .unknown: return queue
    case .gone:
      // Forgotten by Slurm; the logs are still there.
      let found = tasks.indices.compactMap { place -> (Int, SlurmTask)? in
        let task = TaskLog.read(SlurmTask(state: "FAILED"), log: logPath(task: place))
        return task.kind == .outOfMemory ? (place, task) : nil
      }
      return found.isEmpty ? .gone : .tasks(Dictionary(found, uniquingKeysWith: { $1 }))
    case .tasks(let tasks):
      let read = tasks.map { ($0.key, TaskLog.read($0.value, log: logPath(task: $0.key))) }
      return .tasks(Dictionary(read, uniquingKeysWith: { $1 }))
    }
  }
}
