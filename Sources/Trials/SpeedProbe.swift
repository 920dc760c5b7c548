// SPDX-License-Identifier: MIT

import Algorithms
package import Artifacts
package import Environments
package import ParameterSchema
import Randomness

/// What trials of a configuration take, found by training for a moment: at least one update, until
/// that many seconds have passed or the training is done. Nothing is stored.
package func trainingTime(
  of configuration: ConfigValue, rootSeed: Int, seconds: Double
) throws(EnvironmentError) -> TimingRecord {
  let streams = RandomStreams(root: UInt64(bitPattern: Int64(rootSeed)), seed: 0)
  let training = try Evaluator.training(configuration, streams)
  let start = Clock.monotonic
  while !training.isDone {
    _ = try training.advance()
    if Clock.monotonic - start >= seconds { break }
  }
  return TimingRecord(
    episode: training.progress.episodes, decisions: training.progress.decisions,
    wallSeconds: Clock.monotonic - start, cpuSeconds: 0)
}
