// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import ExperimentSpec
import RunStore

/// Where a session goes on.
extension TrialSession {
  /// Takes over what a shorter trial has trained; without it, the training begins at the start.
  func extend() {
    guard let extended else { return }
    do {
      let extending = TrainingExtension(
        source: extended, target: folder, configuration: configuration)
      for sentence in try extending.adopt() { log.write(sentence) }
    } catch {
      log.write("does not continue trial \(extended.id): \(error)")
    }
  }

  /// Continues from the newest checkpoint that is whole, if there is one.
  ///
  /// A checkpoint that is damaged, or newer than its records, is skipped: what it held is
  /// trained again to the same bits.
  ///
  /// - Returns: the records that belong to it.
  /// - Throws: where a later version wrote a checkpoint, or the records cannot be read: to go on
  ///   would overwrite them.
  func resume() throws -> RecordedTraining {
    let candidates = try resumable()
    for path in candidates {
      do throws(ArtifactError) {
        if let recorded = try resume(from: path) { return recorded }
      } catch {
        let isSkipped = [.damaged, .truncated, .notThisFormat].contains(error.code)
        guard isSkipped else { throw error }
        log.write("skipped \(path == error.path ? "a damaged checkpoint" : path): \(error)")
      }
    }
    training.restart()
    if !candidates.isEmpty {
      log.write("trains again from the start: no checkpoint is left to go on from")
    }
    log.write("starts: trial \(planned.id), seed \(planned.seed)")
    return RecordedTraining()
  }

  /// Paths of what may be gone on from, that with the most episodes first.
  private func resumable() throws -> [String] {
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

  /// - Returns: nil where the checkpoint is not one to go on from, which the log tells.
  private func resume(from path: String) throws(ArtifactError) -> RecordedTraining? {
    let checkpoint = try TrainingCheckpoint.read(path)
    guard TrainingCheckpoint.isComplete(checkpoint, for: training) else {
      log.write("skipped \(path): it holds weights only")
      return nil
    }
    guard checkpoint.metadata["trial"] == planned.id else {
      log.write("skipped \(path): it belongs to trial \(checkpoint.metadata["trial"] ?? "?")")
      return nil
    }
    try TrainingCheckpoint.restore(checkpoint, into: training, path: path)
    let recorded: RecordedTraining
    do throws(ArtifactError) {
      recorded = try RecordedTraining(folder, upTo: training.progress)
    } catch {
      guard error.code != .truncated else { throw error }
      throw .init(
        error.code, path: error.path,
        detail: error.detail + "; nothing was changed; put the file right or train the trial "
          + "anew with `run --fresh`")
    }
    if training.progress.episodes > 0 {
      log.write("resumes at episode \(training.progress.episodes) from \(path)")
    }
    if recorded.timing.last?.episode ?? 0 < training.progress.episodes {
      log.write("\(folder.timingPath) is incomplete: not all time of earlier sessions is known")
    }
    return recorded
  }
}
