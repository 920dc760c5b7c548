// SPDX-License-Identifier: MIT

package import Algorithms
package import Artifacts
import Environments
import ExperimentSpec
import Glibc
import Kernels
package import ParameterSchema
import Policies
import Randomness
import RunStore

/// What a checkpoint holds of a training: parameters, the optimizer's state, counters, and the
/// lengths of the trial's CSV files.
package enum TrainingCheckpoint {
  private static let format = "rallybook-checkpoint-1"
  private static let complete = "weights and learner"

  /// Bytes that the CSV files had.
  package typealias FileLengths = (episodes: Int, updates: Int)

  /// - Parameters:
  ///   - trial: the trial's id.
  ///   - configuration: its sections of game, observation and policy stand in the metadata as JSON,
  ///     so that a file explains itself.
  package static func encode(
    _ training: Training, trial: String, configuration: ConfigValue, lengths: FileLengths
  ) -> Checkpoint {
    let progress = training.progress
    var metadata = [
      "format": format, "trial": trial, "episode": String(progress.episodes),
      "decisions": String(progress.decisions), "frames": String(progress.frames),
      "update": String(progress.updates), "episodesBytes": String(lengths.episodes),
      "updatesBytes": String(lengths.updates), "holds": complete,
    ]
    let actions = training.environment.actions.stored
    metadata["actions"] = actions.entries
    // Files of earlier versions hold none but discrete ones.
    if actions.kind != "discrete" { metadata["actionKind"] = actions.kind }
    // The key is as old as the format.
    if let mean = progress.smoothedMean {
      metadata["runningMean"] = String(mean.bitPattern, radix: 16)
    }
    metadata["passes"] = progress.passes.map { String($0.bitPattern, radix: 16) }
    for section in ["environment", "observation", "policy"] {
      if let value = configuration[path: section] { metadata[section] = canonicalJSON(value) }
    }
    let form = training.environment.form
    metadata["form"] = canonicalJSON([
      "entries": .string(form.entries.rawValue), "channels": .number(Double(form.channels)),
      "height": .number(Double(form.height)), "width": .number(Double(form.width)),
    ])
    if configuration[path: "observation.permutePixels"] == true {
      metadata["permutationRoot"] = String(training.streams.root)
    }
    var tensors = training.player.model.tensors(
      of: training.player.model.parameters, prefix: "policy.")
    let normalization = training.player.normalization
    tensors += normalization?.playingTensors(prefix: "policy.") ?? []
    tensors += normalization?.learningTensors() ?? []
    tensors += training.learner?.tensors(training.player) ?? []
    tensors += training.opponents?.tensors() ?? []
    tensors += training.samples
    return Checkpoint(metadata: metadata, tensors: tensors)
  }

  /// Reads a checkpoint of this version or an earlier one.
  ///
  /// - Throws: also where a later version wrote it.
  static func read(_ path: String) throws(ArtifactError) -> Checkpoint {
    var checkpoint = try Checkpoint(contentsOf: path)
    guard checkpoint.metadata["format"] == format else {
      throw otherFormat(checkpoint, path: path)
    }
    // 0.1.0 did not say what a checkpoint holds, and its one optimizer counted no steps.
    if checkpoint.metadata["holds"] == nil {
      let isWhole = checkpoint["optimizer.squares.w1"] != nil
      checkpoint.metadata["holds"] = isWhole ? complete : "weights"
      if isWhole, let updates = checkpoint.metadata["update"].flatMap({ Int($0) }), updates >= 0 {
        checkpoint.tensors.append(Optimizer.countTensor(updates, name: "optimizer.steps"))
      }
    }
    return checkpoint
  }

  private static func otherFormat(_ checkpoint: Checkpoint, path: String) -> ArtifactError {
    guard let found = checkpoint.metadata["format"] else {
      return .init(.notThisFormat, path: path, detail: "no format; expected \(format)")
    }
    return .init(.otherVersion, path: path, detail: "format \(found); expected \(format)")
  }

  /// Whether it holds all that any training needs to continue: older checkpoints keep weights only.
  static func isComplete(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.metadata["holds"] == complete
  }

  /// The checkpoint with weights only.
  static func weightsOnly(_ checkpoint: Checkpoint) -> Checkpoint {
    var lighter = checkpoint
    lighter.metadata["holds"] = "weights"
    lighter.tensors.removeAll(where: isHeavy)
    return lighter
  }

  /// Whether only continuing needs it; a report shows samples as well.
  fileprivate static func isHeavy(_ tensor: Tensor) -> Bool {
    !["policy.", DecisionBatch.samplesPrefix].contains { tensor.name.hasPrefix($0) }
  }

  /// Puts a training where the checkpoint left it.
  ///
  /// - Parameter weightsOnly: leaves the optimizer's state alone, for playing.
  /// - Throws: `.damaged` when it holds another trial's shapes, lacks a counter, or has a number
  ///   that no training leaves behind.
  package static func restore(
    _ checkpoint: Checkpoint, into training: Training, path: String, weightsOnly: Bool = false
  ) throws(ArtifactError) {
    guard checkpoint.metadata["format"] == format else {
      throw otherFormat(checkpoint, path: path)
    }
    func number(_ key: String) throws(ArtifactError) -> Int {
      let text = checkpoint.metadata[key] ?? "missing"
      guard let value = Int(text), (0...1 << 53).contains(value) else {
        throw .init(
          .damaged, path: path, detail: "\(key) is \(text); allowed: a whole number from 0")
      }
      return value
    }
    var progress = Training.Progress()
    progress.episodes = try number("episode")
    progress.decisions = try number("decisions")
    progress.frames = try number("frames")
    progress.updates = try number("update")
    func bits(_ key: String) throws(ArtifactError) -> Double? {
      guard let text = checkpoint.metadata[key] else { return nil }
      guard let value = UInt64(text, radix: 16).map(Double.init(bitPattern:)), value.isFinite else {
        throw .init(
          .damaged, path: path, detail: "\(key) is \(text); allowed: bits of a finite number")
      }
      return value
    }
    progress.smoothedMean = try bits("runningMean")
    progress.passes = try bits("passes")
    let model = training.player.model
    if let problem = model.load({ checkpoint[$0] }, prefix: "policy.", into: model.parameters) {
      throw .init(.damaged, path: path, detail: problem)
    }
    guard model.parameters.floats.allSatisfy(\.isFinite) else {
      throw .init(.damaged, path: path, detail: "its weights are not all finite numbers")
    }
    let normalization = training.player.normalization
    let problem =
      normalization?.loadPlaying({ checkpoint[$0] }, prefix: "policy.")
      ?? (weightsOnly
        ? nil
        : normalization?.loadLearning { checkpoint[$0] }
          ?? training.learner?.load({ checkpoint[$0] }, training.player)
          ?? training.opponents?.load { checkpoint[$0] })
    if let problem { throw .init(.damaged, path: path, detail: problem) }
    training.progress = progress
    training.samples = checkpoint.tensors.filter { $0.name.hasPrefix(DecisionBatch.samplesPrefix) }
  }
}

/// The checkpoints of a trial: the first, the newest two whole, and in between a few with weights
/// only, spread over the training; and that of a stop between two of them.
struct CheckpointStore {
  let folder: TrialFolder
  /// How many stay.
  let keep: Int

  /// Writes a checkpoint, then lightens the third newest and thins the rest.
  func put(_ checkpoint: Checkpoint, episodes: Int) throws {
    try AtomicFile.write(checkpoint.encoded(), to: folder.checkpointPath(episodes: episodes))
    let stored = try folder.checkpoints()
    if stored.count >= 3 { try lighten(stored[stored.count - 3].path) }
    try thin(stored)
  }

  /// Brings the checkpoints to what they were after that from which training goes on: a process
  /// that was killed while it put one may have left older ones heavy or too many, and after a power
  /// cut newer ones may lie there damaged. What is left then never depends on when it was killed.
  ///
  /// - Parameter episodes: those done; checkpoints of later ones are made again.
  func tidy(upTo episodes: Int) throws {
    var stored = try folder.checkpoints()
    for newer in stored where newer.episodes > episodes { try Disk.remove(newer.path) }
    let stop = try? Safetensors.metadata(at: folder.resumePath)["episode"].flatMap { Int($0) }
    if stop ?? 0 > episodes { try Disk.remove(folder.resumePath) }
    stored.removeAll { $0.episodes > episodes }
    for old in stored.dropLast(2) { try lighten(old.path) }
    try thin(stored)
  }

  /// Paths of what may be gone on from, that with the most episodes first.
  func resumable() throws -> [String] {
    var candidates = try folder.checkpoints()
    if Disk.isPresent(folder.resumePath) {
      // The stop may have been an earlier one than the newest checkpoint.
      let stored = try? TrainingCheckpoint.read(folder.resumePath)
      let episodes = stored?.metadata["episode"].flatMap { Int($0) } ?? Int.max
      candidates.append((episodes, folder.resumePath))
      candidates.sort { $0.episodes < $1.episodes }
    }
    return candidates.reversed().map(\.path)
  }

  /// Takes away what only continuing needs; a damaged file is left as it is.
  private func lighten(_ path: String) throws {
    guard let stored = try? Checkpoint(contentsOf: path),
      stored.tensors.contains(where: TrainingCheckpoint.isHeavy)
    else { return }
    try AtomicFile.write(TrainingCheckpoint.weightsOnly(stored).encoded(), to: path)
  }

  private func thin(_ stored: [(episodes: Int, path: String)]) throws {
    let kept = Set(TrialFolder.keptCheckpoints(stored.map(\.episodes), keep: keep))
    for entry in stored where !kept.contains(entry.episodes) { try Disk.remove(entry.path) }
  }
}
