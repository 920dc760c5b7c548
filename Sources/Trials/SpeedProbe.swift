// SPDX-License-Identifier: MIT

import Algorithms
package import Artifacts
package import Environments
import Glibc
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

/// The machine's clocks. Times are recorded in `timing.csv` and shown; nothing is decided by them.
enum Clock {
  /// Seconds of a clock that never goes back.
  static var monotonic: Double { seconds(CLOCK_MONOTONIC) }
  /// Seconds of CPU time of this process.
  static var cpu: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
