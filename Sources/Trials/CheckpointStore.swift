// SPDX-License-Identifier: MIT

import Artifacts
import Glibc
import RunStore

/// The checkpoints of a trial: the first, the newest two whole, and in between a few with weights
/// only, spread over the training; and that of a stop between two of them.
struct CheckpointStore {
  let folder: TrialFolder
  /// How many stay.
  let keep: Int

  /// Writes a checkpoint, then lightens the third newest and thins the rest.
  func put(_ checkpoint: Checkpoint, episodes: Int) throws {
    try AtomicFile.write(checkpoint.encoded(), to: folder.checkpointPath(episodes: episodes))
    let stored = try folder.checkpoints()
    if stored.count >= 3 { try lighten(stored[stored.count - 3].path) }
    try thin(stored)
  }

  /// Brings the checkpoints to what they were after that from which training goes on: a process
  /// that was killed while it put one may have left older ones heavy or too many, and after a power
  /// cut newer ones may lie there damaged. What is left then never depends on when it was killed.
  ///
  /// - Parameter episodes: those done; checkpoints of later ones are made again.
  func tidy(upTo episodes: Int) throws {
    var stored = try folder.checkpoints()
    for newer in stored where newer.episodes > episodes { try Disk.remove(newer.path) }
    stored.removeAll { $0.episodes > episodes }
    for old in stored.dropLast(2) { try lighten(old.path) }
    try thin(stored)
  }

  /// Paths of what may be gone on from, that with the most episodes first.
  func resumable() throws -> [String] {
    var candidates = try folder.checkpoints()
    if Disk.isPresent(folder.resumePath) {
      // The stop may have been an earlier one than the newest checkpoint.
      let stored = try? TrainingCheckpoint.read(folder.resumePath)
      let episodes = stored?.metadata["episode"].flatMap { Int($0) } ?? Int.max
      candidates.append((episodes, folder.resumePath))
      candidates.sort { $0.episodes < $1.episodes }
    }
    return candidates.reversed().map(\.path)
  }

  /// Takes away what only continuing needs; a damaged file is left as it is.
  private func lighten(_ path: String) throws {
    guard let stored = try? Checkpoint(contentsOf: path),
      stored.tensors.contains(where: { !$0.name.hasPrefix("policy.") })
    else { return }
    try AtomicFile.write(TrainingCheckpoint.weightsOnly(stored).encoded(), to: path)
  }

  private func thin(_ stored: [(episodes: Int, path: String)]) throws {
    let kept = Set(TrialFolder.keptCheckpoints(stored.map(\.episodes), keep: keep))
    for entry in stored where !kept.contains(entry.episodes) { try Disk.remove(entry.path) }
  }
}
