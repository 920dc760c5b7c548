// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import ParameterSchema
import Randomness
import RunStore

/// The games of a trial: evaluation episode 1, played by the policy of every stored checkpoint, so
/// that a reader sees what each point of the learning curve looks like.
struct ReplayShelf {
  let folder: TrialFolder
  let configuration: ConfigValue
  let streams: RandomStreams
  let choice: ActionChoice
  let monitor: TrialMonitor
  let log: TrialLog

  /// Records the games that are missing.
  ///
  /// - Returns: false when asked to stop on the way; the next session goes on.
  func fill() throws -> Bool {
    let checkpoints = try folder.checkpoints()
    for (episodes, path) in checkpoints {
      if monitor.stop.isAsked { return false }
      let place = folder.replayPath(episodes: episodes)
      if Disk.isPresent(place) { continue }
      let checkpoint: Checkpoint
      do throws(ArtifactError) {
        // A game needs no optimizer, whose state is as large as the weights.
        checkpoint = TrainingCheckpoint.weightsOnly(try TrainingCheckpoint.read(path))
      } catch {
        log.write("no game of a damaged checkpoint: \(error)")
        continue
      }
      let replay = try monitor.compute(.recording) {
        try Evaluator(
          checkpoint: checkpoint, path: path, configuration: configuration, streams: streams,
          choice: choice, counter: monitor.counter
        ).record(1)
      }
      guard let replay else { return true }
      try AtomicFile.write(replay.encoded(), to: place)
    }
    return true
  }
}
