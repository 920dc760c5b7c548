// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Glibc
import ParameterSchema
import RunStore

/// Begins a trial with what an equal but shorter one has trained, so that only the rest is left.
///
/// What is copied is what the longer trial would have written by itself up to there, byte for
/// byte: records cut to a checkpoint, the checkpoints up to it under the new trial's name, and the
/// time that they took. Evaluations and replays are of the shorter trial's end and stay behind.
struct TrainingExtension {
  let source: TrialFolder
  let target: TrialFolder
  let configuration: ConfigValue

  /// A checkpoint of the source, read.
  private struct Stored {
    let episodes: Int
    let checkpoint: Checkpoint
    var isComplete: Bool { TrainingCheckpoint.isComplete(checkpoint) }
  }

  /// Copies what there is to be had beyond the target's own checkpoints.
  ///
  /// The point to go on from is written last: a copy that was cut short is made again.
  ///
  /// - Returns: sentences for the log; none when nothing was copied.
  func adopt() throws -> [String] {
    let own = try target.checkpoints().last?.episodes ?? 0
    var sentences: [String] = []
    var shelf: [Stored] = []
    for entry in try source.checkpoints() {
      do throws(ArtifactError) {
        shelf.append(
          Stored(
            episodes: entry.episodes, checkpoint: try TrainingCheckpoint.read(entry.path)))
      } catch {
        sentences.append("skipped a damaged checkpoint: \(error)")
      }
    }
    guard let end = shelf.last else { return sentences }
    let timing =
      Disk.isPresent(source.timingPath)
      ? try readCSV(TimingRecord.self, at: source.timingPath) : []
    let last = LastUpdate(timing, endingAt: end.episodes)
    // The last batch may have been cut short by the end that now is none.
    if last?.isWhole(configuration) != true { shelf.removeLast() }
    guard let point = shelf.last(where: \.isComplete), point.episodes > own else {
      return sentences
    }
    shelf.removeAll { $0.episodes > point.episodes }
    // At a shorter trial's end a checkpoint is written that a longer one has no reason to write.
    let every = Settings(configuration, section: "training").integer("checkpointEvery")
    let isExtra = point.episodes == end.episodes && last?.crosses(every) != true
    if isExtra { shelf.removeLast() }

    let recorded = try copyRecords(upTo: point)
    try removeCheckpoints(except: Set(shelf.map(\.episodes)))
    for stored in shelf {
      try write(stored, recorded, to: target.checkpointPath(episodes: stored.episodes))
    }
    if isExtra { try write(point, recorded, to: target.resumePath) }
    return sentences + ["continues trial \(source.id) from its episode \(point.episodes)"]
  }

  private func copyRecords(upTo point: Stored) throws -> RecordedTraining {
    let updates = point.checkpoint.metadata["update"].flatMap { Int($0) }
    var progress = Training.Progress()
    progress.episodes = point.episodes
    progress.updates = updates ?? 0
    let recorded = try RecordedTraining(source, upTo: progress)
    func copy<Record: CSVRecord>(_ rows: [Record], to path: String) throws {
      let text = Record.headerLine + rows.map(\.line).joined()
      try AtomicFile.write(Array(text.utf8), to: path)
    }
    try copy(recorded.episodes, to: target.episodesPath)
    try copy(recorded.updates, to: target.updatesPath)
    try copy(recorded.timing, to: target.timingPath)
    if var provenance = try source.readProvenance() {
      provenance.settings["extends"] = source.id
      try target.writeProvenance(provenance)
    }
    return recorded
  }

  private func removeCheckpoints(except kept: Set<Int>) throws {
    var paths = try target.checkpoints().filter { !kept.contains($0.episodes) }.map(\.path)
    if Disk.isPresent(target.resumePath) { paths.append(target.resumePath) }
    for path in paths where unlink(path) != 0 {
      throw ArtifactError(.unwritable, path: path, detail: errnoText())
    }
  }

  /// The target's records may be longer than the source's were: they have this version's columns.
  private func write(_ stored: Stored, _ recorded: RecordedTraining, to path: String) throws {
    var renamed = stored.checkpoint
    let lengths = recorded.lengths(after: stored.episodes)
    renamed.metadata["trial"] = target.id
    renamed.metadata["episodesBytes"] = String(lengths.episodes)
    renamed.metadata["updatesBytes"] = String(lengths.updates)
    try AtomicFile.write(renamed.encoded(), to: path)
  }
}

/// How the last update before some episode went, by the rows of `timing.csv`.
private struct LastUpdate {
  /// Episodes before it and after it.
  let before: Int
  let after: Int
  /// Decisions of its batch.
  let decisions: Int

  init?(_ timing: [TimingRecord], endingAt episode: Int) {
    guard let last = timing.lastIndex(where: { $0.episode == episode }) else { return nil }
    let row = timing[last]
    let earlier = last > 0 ? timing[last - 1] : nil
    before = earlier?.episode ?? 0
    after = row.episode
    decisions = row.decisions - (earlier?.decisions ?? 0)
  }

  /// Whether a longer training would have ended its batch here as well.
  func isWhole(_ configuration: ConfigValue) -> Bool {
    BatchSize(configuration: configuration).isFull(
      episodes: after - before, decisions: decisions)
  }

  /// Whether a checkpoint was due after it.
  func crosses(_ every: Int) -> Bool { after / every > before / every }
}
