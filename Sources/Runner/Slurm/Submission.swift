// SPDX-License-Identifier: MIT

package import ExperimentSpec
import FoundationEssentials
import Glibc
package import RunStore

/// One job array, in its folder `runs/NAME/cluster/S`: which trials each task takes, the frozen
/// plan, the script, Slurm's number, and a log for each task.
package struct Submission: Hashable, Sendable {
  /// A trial in a task, and how it stood when it was submitted.
  package struct Item: Codable, Hashable, Sendable {
    package var trial: String
    /// Training and evaluation episodes done.
    package var progress: Int
    /// What its status last said; another text means that a process was at work since.
    package var mark: String
  }

  /// From 1.
  package let number: Int
  package let folder: String
  /// By the task's place in the array.
  package let tasks: [[Item]]

  package var tasksPath: String { "\(folder)/tasks.json" }
  package var planPath: String { "\(folder)/plan.json" }
  package var scriptPath: String { "\(folder)/job.sh" }
  package var jobPath: String { "\(folder)/jobid" }
  package var closedPath: String { "\(folder)/closed" }

  /// Where the log of a task lies.
  package func logPath(task: Int) -> String { "\(folder)/log-\(task).txt" }

  /// Slurm's number of the array, or nil when it was not yet written down.
  package var job: String? {
    let bytes = (try? Disk.readIfPresent(jobPath)) ?? nil
    let text = bytes.map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether all of it is decided, so that Slurm need not be asked about it any more.
  package var isClosed: Bool { Disk.isPresent(closedPath) }

  /// Writes down Slurm's number.
  package func write(job: String) throws(RunStoreError) {
    try AtomicFile.write(Array("\(job)\n".utf8), to: jobPath)
  }

  /// Notes that all of it is decided, and why.
  package func close(_ reason: String) throws(RunStoreError) {
    try AtomicFile.write(Array("\(reason)\n".utf8), to: closedPath)
  }
}

extension Submission {
  /// Reads the submission in a folder.
  package init(folder: String) throws(RunStoreError) {
    let name = folder.split(separator: "/").last.map(String.init) ?? ""
    let path = "\(folder)/tasks.json"
    let bytes = try Disk.read(path)
    guard let number = Int(name),
      let tasks = try? JSONDecoder().decode([[Item]].self, from: Data(bytes))
    else {
      throw RunStoreError(
        .damagedRecord, path: path, found: "\(bytes.count) bytes",
        allowed: "what `run --backend slurm` writes")
    }
    self.init(number: number, folder: folder, tasks: tasks)
  }

  /// Writes a new submission's folder; the script follows with `writeScript`.
  package static func create(
    number: Int, in parent: String, tasks: [[Item]], plan: Plan
  ) throws(RunStoreError) -> Submission {
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    let submission = Submission(number: number, folder: "\(parent)/\(name)", tasks: tasks)
    try Disk.makeFolder(submission.folder)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A line for each task, so that people find theirs.
    var lines: [String] = []
    for task in tasks {
      guard let line = try? encoder.encode(task) else { continue }
      lines.append("  " + String(decoding: line, as: UTF8.self))
    }
    let text = "[\n\(lines.joined(separator: ",\n"))\n]\n"
    try AtomicFile.write(Array(text.utf8), to: submission.tasksPath)
    try AtomicFile.write(plan.encoded(), to: submission.planPath)
    return submission
  }
}

/// The folder `runs/NAME/cluster`: all submissions of a run.
package struct ClusterFolder: Hashable, Sendable {
  package let path: String

  /// - Parameter run: the run's folder, by an absolute path: tasks start elsewhere.
  package init(_ run: RunFolder) { path = "\(run.path)/cluster" }

  /// All submissions that can be read, oldest first. One whose `tasks.json` was not yet written was
  /// never submitted.
  package func submissions() throws(RunStoreError) -> [Submission] {
    guard Disk.isPresent(path) else { return [] }
    return try Disk.names(in: path).compactMap { name in
      Int(name) == nil ? nil : try? Submission(folder: "\(path)/\(name)")
    }.sorted { $0.number < $1.number }
  }

  /// One more than the greatest number of what lies there, be it readable or not.
  package func nextNumber() throws(RunStoreError) -> Int {
    guard Disk.isPresent(path) else { return 1 }
    return try Disk.names(in: path).compactMap { Int($0) }.reduce(0, max) + 1
  }

  /// Eight digits that tell this folder's jobs from all others of the cluster; made once.
  package func runID() throws(RunStoreError) -> String {
    let file = "\(path)/run-id"
    if let bytes = try Disk.readIfPresent(file), bytes.count >= 8 {
      return String(decoding: bytes.prefix(8), as: UTF8.self)
    }
    try Disk.makeFolder(path)
    var number: UInt32 = 0
    guard getentropy(&number, 4) == 0 else { throw RunStoreError(.unreadable, path: "getentropy") }
    let digits = String(number, radix: 16)
    let text = String(repeating: "0", count: 8 - digits.count) + digits
    try AtomicFile.write(Array("\(text)\n".utf8), to: file)
    return text
  }
}

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
  ///   - words: the executable that tasks run, and the words that each is given.
  ///   - workingFolder: the folder in which they do.
  package func script(
    name: String, concurrency: Int?, _ settings: ClusterSettings, running words: [String],
    in workingFolder: String
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
      + ["cd \(quoted(workingFolder)) || exit 97"] + settings.setup
      + [
        "exec \(quoted(words[0])) task \(quoted(folder)) "
          + "\"$SLURM_ARRAY_TASK_ID\" --jobs \(settings.jobsInTask)"
          + words.dropFirst().map { " " + quoted($0) }.joined()
      ]
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A word that the shell takes as it is.
private func quoted(_ word: String) -> String {
  "'" + word.replacing("'", with: "'\\''") + "'"
}
