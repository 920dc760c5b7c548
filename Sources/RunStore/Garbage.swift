// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema

/// Something in a folder of runs that nothing refers to any more.
package struct Garbage: Codable, Hashable, Sendable {
  package enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
    /// A stored trial that no plan names.
    case unplannedTrial
    /// A checkpoint beyond those that the plan keeps.
    case oldCheckpoint
    /// The checkpoint of a stop, of a trial that has finished since.
    case usedResumePoint
    /// What an interrupted write left.
    case interruptedWrite
    /// A copy of a trial under another name, with nothing that the trial does not have.
    case copy
    /// A trial that `run --fresh` trains anew.
    case replaced
  }

  /// Below the folder of the runs, such as `demo/trials/1a2b3c4d5e6f`.
  package let path: String
  package let reason: Reason
  package let bytes: Int

  /// What can go from one run.
  ///
  /// - Parameters:
  ///   - planned: trials, by id, that some experiment's plan names.
  ///   - keepCheckpoints: how many each finished trial keeps; nil for what its plan says.
  ///   - copies: folders that are known to hold nothing of their own.
  package static func found(
    in snapshot: RunSnapshot, planned: Set<String>, keepCheckpoints: Int?,
    copies: [TrialFolder] = []
  ) throws(RunStoreError) -> [Garbage] {
    let run = snapshot.folder
    func item(_ path: String, _ reason: Reason) -> Garbage { Garbage(path, in: run, reason) }
    var found: [Garbage] = []
    for id in snapshot.unplanned where !planned.contains(id) {
      let folder = run.trial(id)
      // One that trains just now, for whatever plan, is never touched.
      if TrialState((try? folder.readStatus()) ?? nil) == .running { continue }
      found.append(item(folder.path, .unplannedTrial))
    }
    for trial in snapshot.trials where trial.state != .running && trial.state != .pending {
      for folder in [trial.folder.path, trial.folder.checkpointsPath, trial.folder.replaysPath]
      where Disk.isFolder(folder) {
        for name in try Disk.names(in: folder) where AtomicFile.isTemporary(name) {
          found.append(item("\(folder)/\(name)", .interruptedWrite))
        }
      }
      guard trial.state == .finished, trial.problem == nil else { continue }
      if Disk.isPresent(trial.folder.resumePath) {
        found.append(item(trial.folder.resumePath, .usedResumePoint))
      }
      let checkpoints = try trial.folder.checkpoints()
      let configuration = snapshot.plan.configuration(of: trial.planned)
      var keep = keepCheckpoints
      if keep == nil, case .number(let number)? = configuration[path: "training.keepCheckpoints"] {
        keep = Int(exactly: number)
      }
      let kept = Set(
        TrialFolder.keptCheckpoints(
          checkpoints.map(\.episodes), keep: keep ?? checkpoints.count))
      for checkpoint in checkpoints where !kept.contains(checkpoint.episodes) {
        found.append(item(checkpoint.path, .oldCheckpoint))
      }
    }
    found += copies.map { item($0.path, .copy) }
    return found
  }

  /// What lies at `path` within a run's folder.
  package init(_ path: String, in run: RunFolder, _ reason: Reason) {
    self.path = run.name + String(path.dropFirst(run.path.count))
    self.reason = reason
    bytes = DiskSpace.taken(by: path)
  }
}
