// SPDX-License-Identifier: MIT

import Artifacts
import RunStore

extension Trend {
  /// How the running mean of a trial went so far, from the `episodes.csv` that it goes on from:
  /// empty when there is none. Mean ← 0.99·mean + 0.01·return, as the trial itself has it.
  package init(of job: Batch.Job) {
    self.init(total: job.targetEpisodes)
    var mean: Double?
    var trend = self
    // A damaged row ends the picture, nothing else.
    try? readCSV(EpisodeRecord.self, at: job.startFolder.episodesPath) { row in
      mean = mean.map { 0.99 * $0 + 0.01 * row.return } ?? row.return
      trend.note(mean, at: row.episode)
    }
    self = trend
  }
}
