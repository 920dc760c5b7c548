// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import RunStore

/// The rows of a trial's CSV files that stand behind a checkpoint, whichever version wrote them.
/// Rows behind those are made again.
struct RecordedTraining {
  var episodes: [EpisodeRecord] = []
  var updates: [UpdateRecord] = []
  var timing: [TimingRecord] = []

  /// Nothing was recorded.
  init() {}

  /// - Parameter progress: what the checkpoint had done.
  /// - Throws: `.truncated` when a file ends before that; another error when its header or one of
  ///   those rows cannot be read, so that nobody cuts off what stands behind it.
  init(_ folder: TrialFolder, upTo progress: Training.Progress) throws(ArtifactError) {
    episodes = try Self.rows(folder.episodesPath, through: progress.episodes, by: \.episode)
    updates = try Self.rows(folder.updatesPath, through: progress.updates, by: \.update)
    timing = try Self.rows(folder.timingPath, through: progress.episodes, by: \.episode)
    for (path, found, wanted) in [
      (folder.episodesPath, episodes.count, progress.episodes),
      (folder.updatesPath, updates.count, progress.updates),
    ] where found < wanted {
      throw .init(.truncated, path: path, detail: "it has \(found) rows of \(wanted)")
    }
  }

  private static func rows<Record: CSVRecord>(
    _ path: String, through last: Int, by number: (Record) -> Int
  ) throws(ArtifactError) -> [Record] {
    guard Disk.isPresent(path) else { return [] }
    return try readCSV(Record.self, at: path, through: last, by: number)
  }

  /// What the files' lengths were after an episode.
  func lengths(after episode: Int) -> TrainingCheckpoint.FileLengths {
    func length<Record: CSVRecord>(_ rows: [Record], _ number: (Record) -> Int) -> Int {
      rows.prefix { number($0) <= episode }
        .reduce(Record.headerLine.utf8.count) { $0 + $1.line.utf8.count }
    }
    return .init(
      episodes: length(episodes, \.episode), updates: length(updates, \.episode))
  }
}
