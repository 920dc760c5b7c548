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

    func length(_ key: String) -> Int { checkpoint.metadata[key].flatMap { Int($0) } ?? 0 }
  }

  /// Copies what there is to be had beyond the target's own checkpoints.
  ///
  /// The point to go on from is written last: a copy that was cut short is made again.
  ///
  /// - Returns: a sentence for the log; nil when nothing was copied.
  func adopt() throws -> String? {
    let own = try target.checkpoints().last?.episodes ?? 0
    var shelf = try source.checkpoints().compactMap { entry in
      (try? Checkpoint(contentsOf: entry.path)).map {
        Stored(episodes: entry.episodes, checkpoint: $0)
      }
    }
    guard let end = shelf.last else { return nil }
    let timing = (try? readCSV(TimingRecord.self, at: source.timingPath)) ?? []
    let last = LastUpdate(timing, endingAt: end.episodes)
    // The last batch may have been cut short by the end that now is none.
    if last?.isWhole(configuration) != true { shelf.removeLast() }
    guard let point = shelf.last(where: \.isComplete), point.episodes > own else { return nil }
    shelf.removeAll { $0.episodes > point.episodes }
    // At a shorter trial's end a checkpoint is written that a longer one has no reason to write.
    let every = Settings(configuration, section: "training").integer("checkpointEvery")
    let isExtra = point.episodes == end.episodes && last?.crosses(every) != true
    if isExtra { shelf.removeLast() }

    try copyRecords(upTo: point, timing)
    try removeCheckpoints(except: Set(shelf.map(\.episodes)))
    for stored in shelf {
      try write(stored.checkpoint, to: target.checkpointPath(episodes: stored.episodes))
    }
    if isExtra { try write(point.checkpoint, to: target.resumePath) }
    return "continues trial \(source.id) from its episode \(point.episodes)"
  }

  private func copyRecords(upTo point: Stored, _ timing: [TimingRecord]) throws {
    for (from, to, key) in [
      (source.episodesPath, target.episodesPath, "episodesBytes"),
      (source.updatesPath, target.updatesPath, "updatesBytes"),
    ] {
      let bytes = try readFileBytes(from)
      let length = point.length(key)
      guard bytes.count >= length else {
        throw ArtifactError(
          .damaged, path: from, detail: "it has \(bytes.count) bytes; a checkpoint says \(length)")
      }
      try AtomicFile.write(Array(bytes[..<length]), to: to)
    }
    let rows = timing.filter { $0.episode <= point.episodes }.map(\.line)
    try AtomicFile.write(
      Array((TimingRecord.headerLine + rows.joined()).utf8), to: target.timingPath)
    if var provenance = try source.readProvenance() {
      provenance.settings["extends"] = source.id
      try target.writeProvenance(provenance)
    }
  }

  private func removeCheckpoints(except kept: Set<Int>) throws {
    var paths = try target.checkpoints().filter { !kept.contains($0.episodes) }.map(\.path)
    if Disk.isPresent(target.resumePath) { paths.append(target.resumePath) }
    for path in paths where unlink(path) != 0 {
      throw ArtifactError(.unwritable, path: path, detail: errnoText())
    }
  }

  private func write(_ checkpoint: Checkpoint, to path: String) throws {
    var renamed = checkpoint
    renamed.metadata["trial"] = target.id
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
