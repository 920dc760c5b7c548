// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Glibc
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

  /// The files as this version writes them, up to an episode.
  func files(through last: Int = .max) -> (episodes: [UInt8], updates: [UInt8], timing: [UInt8]) {
    (
      csvFile(episodes.prefix { $0.episode <= last }),
      csvFile(updates.prefix { $0.episode <= last }), csvFile(timing.prefix { $0.episode <= last })
    )
  }
}

/// A CSV file in this version's columns.
private func csvFile<Record: CSVRecord>(_ rows: some Sequence<Record>) -> [UInt8] {
  Array((Record.headerLine + rows.map(\.line).joined()).utf8)
}

/// The CSV files of one trial while it trains.
final class RecordWriter {
  private let episodes: CSVLog<EpisodeRecord>
  private let updates: CSVLog<UpdateRecord>
  private let timing: CSVLog<TimingRecord>
  /// Seconds of earlier sessions.
  private let earlier: TimingRecord
  private let startWall = Clock.monotonic
  private let startCPU = Clock.cpu

  /// Opens the files with what was recorded, and nothing behind it.
  init(_ folder: TrialFolder, _ recorded: RecordedTraining) throws {
    episodes = try CSVLog(path: folder.episodesPath, keeping: recorded.episodes)
    updates = try CSVLog(path: folder.updatesPath, keeping: recorded.updates)
    timing = try CSVLog(path: folder.timingPath, keeping: recorded.timing)
    earlier = recorded.timing.last ?? .start
  }

  /// Bytes of the files that a checkpoint counts.
  var lengths: TrainingCheckpoint.FileLengths { (episodes.byteCount, updates.byteCount) }

  func append(_ step: Training.Step, of training: Training) throws {
    for (summary, progress) in step.episodes {
      episodes.append(
        EpisodeRecord(
          episode: progress.episodes, decisions: progress.decisions, frames: progress.frames,
          return: summary.return, length: summary.length))
    }
    let progress = training.progress
    if let record = step.record { updates.append(record) }
    timing.append(
      TimingRecord(
        episode: progress.episodes, decisions: progress.decisions,
        wallSeconds: rounded(earlier.wallSeconds + Clock.monotonic - startWall),
        cpuSeconds: rounded(earlier.cpuSeconds + Clock.cpu - startCPU)))
    try episodes.flush()
    try updates.flush()
    try timing.flush()
  }

  /// Waits until the disk has all rows.
  func sync() throws {
    try episodes.sync()
    try updates.sync()
    try timing.sync()
  }

  /// Milliseconds are enough.
  private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

/// A CSV file that grows at its end. Rows are kept in memory until `flush()`, so that the file
/// changes between updates only.
final class CSVLog<Record: CSVRecord> {
  private let path: String
  private let descriptor: Int32
  private var pending = ""
  /// The file's length once everything is flushed.
  private(set) var byteCount: Int

  /// Opens the file with the rows that are kept of it, in this version's columns, and nothing
  /// behind them; begins it where there is none.
  init(path: String, keeping rows: [Record]) throws {
    self.path = path
    let kept = csvFile(rows)
    // What an earlier version wrote with fewer columns is replaced as a whole.
    if try Disk.readIfPresent(path)?.starts(with: kept) != true {
      try AtomicFile.write(kept, to: path, durability: rows.isEmpty ? .renamed : .synced)
    }
    byteCount = kept.count
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0, ftruncate(descriptor, off_t(byteCount)) == 0,
      lseek(descriptor, 0, SEEK_END) >= 0
    else { throw ArtifactError(.unwritable, path: path, detail: errnoText()) }
  }

  deinit { close(descriptor) }

  func append(_ record: Record) { pending += record.line }

  /// Hands all rows to the operating system.
  func flush() throws {
    let bytes = Array(pending.utf8)
    pending = ""
    try AtomicFile.write(bytes, into: descriptor, path: path)
    byteCount += bytes.count
  }

  /// Flushes, and waits until the disk has it.
  func sync() throws {
    try flush()
    try Disk.sync(path)
  }
}

extension TimingRecord {
  /// Before the first episode.
  static let start = TimingRecord(episode: 0, decisions: 0, wallSeconds: 0, cpuSeconds: 0)
}
