// SPDX-License-Identifier: MIT

import Artifacts
import Glibc
import RunStore

/// The checkpoints of a trial: the first, the newest two whole, and in between a few with weights
/// only, spread over the training.
struct CheckpointShelf {
  let folder: TrialFolder
  let keep: Int

  /// Writes a checkpoint, then lightens the third newest and thins the rest.
  func put(_ checkpoint: Checkpoint, episodes: Int) throws {
    try AtomicFile.write(
      checkpoint.encoded(), to: folder.checkpointPath(episodes: episodes))
    let shelf = try folder.checkpoints()
    if shelf.count >= 3 { try lighten(shelf[shelf.count - 3].path) }
    try thin(shelf)
  }

  /// Brings the shelf to what it was after the checkpoint from which training goes on: a process
  /// that was killed while it put one may have left older ones heavy or too many, and after a power
  /// cut newer ones may lie there damaged. What is left then never depends on when it was killed.
  ///
  /// - Parameter episodes: those done; checkpoints of later ones are made again.
  func tidy(upTo episodes: Int) throws {
    var shelf = try folder.checkpoints()
    for newer in shelf where newer.episodes > episodes { try remove(newer.path) }
    shelf.removeAll { $0.episodes > episodes }
    for old in shelf.dropLast(2) { try lighten(old.path) }
    try thin(shelf)
  }

  /// Takes away what only continuing needs; a damaged file is left as it is.
  private func lighten(_ path: String) throws {
    guard let stored = try? Checkpoint(contentsOf: path),
      stored.tensors.contains(where: { $0.name.hasPrefix("optimizer.") })
    else { return }
    try AtomicFile.write(TrainingCheckpoint.weightsOnly(stored).encoded(), to: path)
  }

  private func thin(_ shelf: [(episodes: Int, path: String)]) throws {
    let episodesKept = Set(CheckpointThinning.kept(shelf.map(\.episodes), keep: keep))
    for entry in shelf where !episodesKept.contains(entry.episodes) { try remove(entry.path) }
  }

  private func remove(_ path: String) throws {
    guard unlink(path) == 0 else {
      throw ArtifactError(.unwritable, path: path, detail: errnoText())
    }
  }
}
