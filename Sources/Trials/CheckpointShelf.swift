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
    if shelf.count >= 3 {
      let old = shelf[shelf.count - 3]
      if let stored = try? Checkpoint(contentsOf: old.path),
        stored.tensors.contains(where: { $0.name.hasPrefix("optimizer.") })
      {
        try AtomicFile.write(
          TrainingCheckpoint.weightsOnly(stored).encoded(), to: old.path)
      }
    }
    let episodesKept = Set(CheckpointThinning.kept(shelf.map(\.episodes), keep: keep))
    for entry in shelf where !episodesKept.contains(entry.episodes) {
      guard unlink(entry.path) == 0 else {
        throw ArtifactError(.unwritable, path: entry.path, detail: errnoText())
      }
    }
  }
}
