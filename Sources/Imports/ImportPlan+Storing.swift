// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import Glibc
package import RunStore

extension ImportPlan {
  /// What became of a trial.
  package enum Outcome: Hashable, Sendable {
    case new, unchanged
    /// What is not as it was imported before, in words each.
    case changed([String])
  }

  /// Writes the plan and the trials into a run's folder; what is there and the same stays as it is.
  ///
  /// - Returns: what became of each trial, in the plan's order.
  /// - Throws: `locked` where another process works there.
  package func store(in run: RunFolder) throws(RunStoreError) -> [Outcome] {
    try run.create()
    let lock = try FolderLock(run)
    var outcomes: [Outcome] = []
    for trial in trials { outcomes.append(try trial.store(in: run.trial(trial.id))) }
    try run.writePlan(plan)
    withExtendedLifetime(lock) {}
    return outcomes
  }
}

extension ImportedTrial {
  /// The trial's files, `status.json` aside.
  private func files(in folder: TrialFolder) -> [(path: String, bytes: [UInt8])] {
    func table<Record: CSVRecord>(_ rows: [Record]) -> [UInt8] {
      Array((Record.headerLine + rows.map(\.line).joined()).utf8)
    }
    var files = [
      (folder.configPath, Array(identity.utf8)), (folder.episodesPath, table(curve.episodes)),
    ]
    if !curve.evaluations.isEmpty {
      files.append((folder.evaluationsPath, table(curve.evaluations)))
    }
    if !curve.timing.isEmpty { files.append((folder.timingPath, table(curve.timing))) }
    return files
  }

  fileprivate func store(in folder: TrialFolder) throws(RunStoreError) -> ImportPlan.Outcome {
    let files = files(in: folder)
    let stored = try? folder.readImport()
    var changes: [String] = []
    if let stored {
      let known = Dictionary(stored.sources.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
      for source in record.sources {
        guard let earlier = known[source.path] else {
          changes.append("\(source.path) is new")
          continue
        }
        if earlier.sha256 != source.sha256 {
          changes.append(
            "\(source.path) has changed: \(Numbers.bytes(earlier.bytes)) before,"
              + " \(Numbers.bytes(source.bytes)) now")
        }
      }
      let paths = record.sources.map(\.path)
      changes += stored.sources.filter { !paths.contains($0.path) }
        .map { "\($0.path) is no longer found" }
      for (path, bytes) in files
      where changes.isEmpty && (try? Disk.readIfPresent(path)) != bytes {
        changes.append("\(path) is not what was imported, and is written anew")
      }
      if changes.isEmpty && stored == record { return .unchanged }
      if changes.isEmpty { changes.append("its files are read in another way than before") }
    }
    try Disk.makeFolder(folder.path)
    let optional = [folder.evaluationsPath, folder.timingPath]
    for path in optional where !files.contains(where: { $0.path == path }) {
      try Disk.remove(path)
    }
    for (path, bytes) in files { try AtomicFile.write(bytes, to: path) }
    try folder.writeImport(record)
    try folder.writeStatus(status)
    for remark in changes + record.remarks { folder.appendLog(remark) }
    return stored == nil ? .new : .changed(changes)
  }

  private var status: TrialStatus {
    var status = TrialStatus(.finished)
    let newest = curve.evaluations.last?.checkpoint
    status.episodes = curve.episodes.count
    status.targetEpisodes = curve.episodes.count
    status.decisions = curve.episodes.last?.decisions ?? 0
    status.evaluated = curve.evaluations.count { $0.checkpoint == newest }
    status.smoothedMean = curve.smoothedMean
    return status
  }
}
