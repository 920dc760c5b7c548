// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
package import ExperimentSpec
package import ParameterSchema
package import RunStore

/// A checkpoint of a shorter trial, read.
private struct Stored {
  let episodes: Int
  let checkpoint: Checkpoint
}

/// Begins a trial with what an equal but shorter one has trained, so that only the rest is left.
extension TrialSession {
  /// Copies what there is to be had beyond the trial's own checkpoints.
  ///
  /// What is copied is what the longer trial would have written by itself up to there, byte for
  /// byte: records cut to a checkpoint, the checkpoints up to it under the new trial's name, and the
  /// time that they took. Evaluations and replays are of the shorter trial's end and stay behind.
  /// The point to go on from is written last: a copy that was cut short is made again.
  ///
  /// - Parameter skipped: takes the checkpoints that cannot be used, each with why.
  func extend(_ source: TrialFolder, skipped: inout [String]) throws {
    let own = try folder.checkpoints().last?.episodes ?? 0
    var stored: [Stored] = []
    for (episodes, path) in try source.checkpoints() {
      do throws(ArtifactError) {
        stored.append(Stored(episodes: episodes, checkpoint: try TrainingCheckpoint.read(path)))
      } catch {
        skipped.append("trial \(source.id): \(error)".replacing("\(source.path)/", with: ""))
        folder.appendLog("skipped \(error)")
      }
    }
    guard let end = stored.last else { return }
    let last = try Self.lastUpdate(of: source, endingAt: end.episodes)
    // The last batch may have been cut short by the end that now is none.
    let isWhole = last.map { before, after in
      BatchSize(configuration: configuration).isFull(
        episodes: after.episode - before.episode, decisions: after.decisions - before.decisions)
    }
    if isWhole != true { stored.removeLast() }
    let complete = stored.last { TrainingCheckpoint.isComplete($0.checkpoint) }
    guard let point = complete, point.episodes > own else { return }
    stored.removeAll { $0.episodes > point.episodes }
    // At a shorter trial's end a checkpoint is written that a longer one has no reason to write.
    let every = Settings(configuration, section: "training").integer("checkpointEvery")
    let isDue = last.map { before, after in after.episode / every > before.episode / every }
    let isExtra = point.episodes == end.episodes && isDue != true
    if isExtra { stored.removeLast() }

    let recorded = try copyRecords(of: source, upTo: point)
    for entry in try folder.checkpoints()
    where !stored.contains(where: { $0.episodes == entry.episodes }) {
      try Disk.remove(entry.path)
    }
    try Disk.remove(folder.resumePath)
    for checkpoint in stored {
      try write(checkpoint, recorded, to: folder.checkpointPath(episodes: checkpoint.episodes))
    }
    if isExtra { try write(point, recorded, to: folder.resumePath) }
    folder.appendLog("continues trial \(source.id) from its episode \(point.episodes)")
  }

  /// The rows of `timing.csv` before and after the last update of the source.
  private static func lastUpdate(
    of source: TrialFolder, endingAt episode: Int
  ) throws -> (before: TimingRecord, after: TimingRecord)? {
    guard Disk.isPresent(source.timingPath) else { return nil }
    let rows = try readCSV(TimingRecord.self, at: source.timingPath)
    guard let last = rows.lastIndex(where: { $0.episode == episode }) else { return nil }
    return (last > 0 ? rows[last - 1] : .start, rows[last])
  }

  private func copyRecords(
    of source: TrialFolder, upTo point: Stored
  ) throws -> RecordedTraining {
    var progress = Training.Progress()
    progress.episodes = point.episodes
    progress.updates = point.checkpoint.metadata["update"].flatMap { Int($0) } ?? 0
    let recorded = try RecordedTraining(source, upTo: progress)
    let files = recorded.files()
    try AtomicFile.write(files.episodes, to: folder.episodesPath)
    try AtomicFile.write(files.updates, to: folder.updatesPath)
    try AtomicFile.write(files.timing, to: folder.timingPath)
    if var provenance = try source.readProvenance() {
      provenance.settings["extends"] = source.id
      try folder.writeProvenance(provenance)
    }
    return recorded
  }

  /// The records may be longer than the source's were: they have this version's columns.
  private func write(_ stored: Stored, _ recorded: RecordedTraining, to path: String) throws {
    var renamed = stored.checkpoint
    let files = recorded.files(through: stored.episodes)
    renamed.metadata["trial"] = folder.id
    renamed.metadata["episodesBytes"] = String(files.episodes.count)
    renamed.metadata["updatesBytes"] = String(files.updates.count)
    try AtomicFile.write(renamed.encoded(), to: path)
  }
}

extension Plan {
  /// The plan with every unfinished trial pointed at the longest finished one of the run that it
  /// can continue: one that is equal in all but a shorter training.
  package func continuingFinishedTrials(
    in run: RunFolder, catalogue: Catalogue
  ) throws(RunStoreError) -> Plan {
    var finished: [String: [TrainingLength]] = [:]
    var isDone: Set<String> = []
    for id in try run.trialEntries().ids {
      let folder = run.trial(id)
      guard (try? folder.readStatus())?.state == .finished else { continue }
      isDone.insert(id)
      if let bytes = try? folder.readConfig(), let length = TrainingLength(bytes, id: id) {
        finished[length.others, default: []].append(length)
      }
    }
    var plan = self
    for i in plan.trials.indices where !isDone.contains(plan.trials[i].id) {
      let trial = plan.trials[i]
      let configuration = configuration(of: trial)
      guard !followsItsLength(configuration) else { continue }
      let (json, id) = trialIdentity(
        configuration: configuration, seed: trial.seed, rootSeed: rootSeed, catalogue: catalogue)
      guard let wanted = TrainingLength(Array(json.utf8), id: id) else { continue }
      plan.trials[i].extends =
        finished[wanted.others]?.filter { $0.count < wanted.count }.max { $0.count < $1.count }?.id
    }
    return plan
  }
}

/// Whether something changes over the course of a training from its start to its end: then a
/// longer training goes another way from the first update, and cannot continue a shorter one.
package func followsItsLength(_ configuration: ConfigValue) -> Bool {
  func differs(_ path: String, from silent: ConfigValue) -> Bool {
    configuration[path: path].map { $0 != silent } ?? false
  }
  let bonus = configuration[path: "algorithm.entropyBonus"] ?? 0
  let bonusEnd = configuration[path: "algorithm.entropyBonusEnd"] ?? .null
  return differs("optimizer.schedule", from: "constant")
    || differs("algorithm.extraNoise", from: 0)
    || (bonusEnd != .null && bonusEnd != bonus)
}

/// A trial's identity, parted into how long it trains and everything else.
private struct TrainingLength {
  let id: String
  /// Episodes, or decisions where those limit it.
  let count: Double
  /// Canonical JSON of all else, with what `count` counts.
  let others: String

  init?(_ identity: [UInt8], id: String) {
    guard var all = ConfigValue(json: String(decoding: identity, as: UTF8.self)) else {
      return nil
    }
    let isInEpisodes = (all[path: "training.decisions"] ?? .null) == .null
    let path = isInEpisodes ? "training.episodes" : "training.decisions"
    guard case .number(let count)? = all[path: path] else { return nil }
    all[path: path] = "counted"
    self.id = id
    self.count = count
    others = canonicalJSON(all)
  }
}
