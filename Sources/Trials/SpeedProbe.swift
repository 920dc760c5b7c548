// SPDX-License-Identifier: MIT

import Algorithms
package import Environments
package import ParameterSchema
import Randomness

/// How fast trials of a configuration train, found by training for a moment. Nothing is stored.
package struct TrainingSpeed: Hashable, Sendable {
  package let episodes: Int
  package let decisions: Int
  package let seconds: Double

  /// Trains, at least one update, until that many seconds have passed or the training is done.
  package static func measured(
    _ configuration: ConfigValue, rootSeed: Int, seconds: Double
  ) throws(EnvironmentError) -> TrainingSpeed {
    let streams = RandomStreams(root: UInt64(bitPattern: Int64(rootSeed)), seed: 0)
    let training = Training(
      configuration: configuration, streams: streams,
      environments: try makeEnvironments(
        configuration, rootSeed: streams.root, count: 1, logPath: nil))
    let start = Clock.monotonic
    while !training.isDone {
      _ = try training.advance()
      if Clock.monotonic - start >= seconds { break }
    }
    return TrainingSpeed(
      episodes: training.progress.episodes, decisions: training.progress.decisions,
      seconds: Clock.monotonic - start)
  }
}
