// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import ExperimentSpec
import GymnasiumBridge
import Kernels
import ParameterSchema
import RunStore

/// Where a session goes on, and what it says of itself.
extension TrialSession {
  /// Continues from the newest checkpoint that is whole, if there is one.
  ///
  /// A checkpoint that is damaged, or newer than its records, is skipped: what it held is
  /// trained again to the same bits.
  ///
  /// - Parameter skipped: takes the checkpoints that cannot be used, each with why.
  /// - Returns: the records that belong to it.
  /// - Throws: where a later version wrote a checkpoint, or the records cannot be read: to go on
  ///   would overwrite them.
  func resume(skipped: inout [String]) throws -> RecordedTraining {
    let candidates = try checkpoints.resumable()
    for path in candidates {
      do throws(ArtifactError) {
        return try resume(from: path)
      } catch {
        guard [.damaged, .truncated, .notThisFormat].contains(error.code) else { throw error }
        let reason = error.path == path ? error.detail : error.description
        skipped.append("\(path): \(reason)".replacing("\(folder.path)/", with: ""))
        folder.appendLog("skipped \(skipped.last ?? path)")
      }
    }
    try startAnew()
    if !candidates.isEmpty {
      folder.appendLog("trains again from the start: no checkpoint is left to go on from")
    }
    folder.appendLog("starts: trial \(planned.id), seed \(planned.seed)")
    return RecordedTraining()
  }

  private func startAnew() throws(EnvironmentError) {
    if let policy = try StartingPolicy(configuration) {
      try policy.begin(training, configuration)
    } else {
      training.restart()
    }
  }

  private func resume(from path: String) throws(ArtifactError) -> RecordedTraining {
    let checkpoint = try TrainingCheckpoint.read(path)
    guard training.learner == nil || TrainingCheckpoint.isComplete(checkpoint) else {
      throw .init(.notThisFormat, path: path, detail: "it holds weights only")
    }
    guard checkpoint.metadata["trial"] == planned.id else {
      let owner = checkpoint.metadata["trial"] ?? "?"
      throw .init(.damaged, path: path, detail: "it belongs to trial \(owner)")
    }
    try TrainingCheckpoint.restore(checkpoint, into: training, path: path)
    let recorded: RecordedTraining
    do throws(ArtifactError) {
      recorded = try RecordedTraining(folder, upTo: training.progress)
    } catch {
      guard error.code != .truncated else { throw error }
      throw .init(
        error.code, path: error.path,
        detail: error.detail + "; nothing was changed; put the file right or train the trial "
          + "anew with `run --fresh`")
    }
    let episodes = training.progress.episodes
    if episodes > 0 { folder.appendLog("resumes at episode \(episodes) from \(path)") }
    if recorded.timing.last?.episode ?? 0 < episodes {
      folder.appendLog(
        "\(folder.timingPath) is incomplete: not all time of earlier sessions is known")
    }
    return recorded
  }

  /// Begins the session's record in `provenance.json`.
  ///
  /// - Parameter skipped: the checkpoints that could not be gone on from.
  func openSession(_ skipped: [String]) throws {
    let earlier = try folder.readProvenance()
    let mode = Settings(configuration, section: "evaluation").string("mode")
    if let played = earlier?.settings["evaluation.mode"], played != mode {
      // What was played in another mode, before the new one is recorded.
      try Disk.remove(folder.evaluationsPath)
      try Disk.remove(folder.transfersPath)
      for replay in try folder.replays() { try Disk.remove(replay.path) }
    }
    var provenance = Provenance.begun(
      after: earlier, program: (Version.text, Version.swift),
      vectorExtension: LaneWidth.widest.rawValue, experimentHash: plan.experimentHash,
      resumption: Resumption(fromEpisode: training.progress.episodes, skipped: skipped))
    provenance.settings["evaluation.mode"] = mode
    if case .box = training.environment.actions {
      provenance.settings[Provenance.actions] = "numbers"
    }
    let game = training.environment.innermost as? GymnasiumEnvironment
    provenance.settings.merge(game?.worker.facts.versions ?? [:], uniquingKeysWith: { $1 })
    try monitor.open(provenance)
  }
}
