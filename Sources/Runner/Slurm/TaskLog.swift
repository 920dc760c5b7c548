// SPDX-License-Identifier: MIT

import RunStore

/// What a task's own log tells of its end, which Slurm's words for it do not: a task that was killed
/// for its memory is `FAILED (JobLaunchFailure)` to Slurm 22.05.
package enum TaskLog {
  /// What the kernel, Slurm and common programs write where memory ran out, in lower case.
  private static let signs = [
    "oom_kill", "oom-kill", "oom kill", "out of memory", "out-of-memory", "memory limit",
    "cannot allocate memory", "bad_alloc", "memoryerror",
  ]
  private static let longestLine = 300

  /// The sight with what the logs say of tasks that have ended without success.
  static func completed(_ sight: QueueSight, _ submission: Submission) -> QueueSight {
    switch sight {
    case .unknown: return sight
    case .gone:
      // Forgotten by Slurm; the logs are still there.
      let found = submission.tasks.indices.compactMap { place -> (Int, SlurmTask)? in
        let task = read(SlurmTask(state: "FAILED"), log: submission.logPath(task: place))
        return task.kind == .outOfMemory ? (place, task) : nil
      }
      return found.isEmpty ? .gone : .tasks(Dictionary(found, uniquingKeysWith: { $1 }))
    case .tasks(let tasks):
      return .tasks(
        Dictionary(
          tasks.map { ($0.key, read($0.value, log: submission.logPath(task: $0.key))) },
          uniquingKeysWith: { $1 }))
    }
  }

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
