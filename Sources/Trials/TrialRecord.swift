// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import RunStore

/// The CSV files of one trial while it trains.
final class TrialRecord {
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
    earlier =
      recorded.timing.last
      ?? TimingRecord(episode: 0, decisions: 0, wallSeconds: 0, cpuSeconds: 0)
  }

  var lengths: TrainingCheckpoint.FileLengths {
    .init(episodes: episodes.byteCount, updates: updates.byteCount)
  }

  func append(_ step: Training.Step, of training: Training) throws {
    for (summary, progress) in step.episodes {
      episodes.append(
        EpisodeRecord(
          episode: progress.episodes, decisions: progress.decisions, frames: progress.frames,
          return: summary.return, length: summary.length))
    }
    let progress = training.progress
    if let statistics = step.statistics {
      var row = UpdateRecord(
        update: progress.updates, episode: progress.episodes, decisions: progress.decisions)
      row.gradientNorm = statistics.gradientNorm
      row.meanKL = statistics.meanKL
      row.entropy = statistics.entropy
      row.surrogateBefore = statistics.surrogateBefore
      row.surrogateAfter = statistics.surrogateAfter
      row.stepFraction = statistics.stepFraction
      row.backtracks = statistics.backtracks
      row.residual = statistics.residual
      row.explainedVariance = statistics.explainedVariance
      row.clipFraction = statistics.clipFraction
      row.searchDeviation = statistics.searchDeviation
      row.truncated = statistics.truncated
      row.deadUnits = statistics.deadUnits
      row.weightNorm = statistics.weightNorm
      updates.append(row)
    }
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
