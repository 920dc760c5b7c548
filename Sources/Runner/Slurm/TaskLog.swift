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
