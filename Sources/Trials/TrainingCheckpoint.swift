// SPDX-License-Identifier: MIT

package import Algorithms
package import Artifacts
import Environments
import ExperimentSpec
import Kernels
package import ParameterSchema
import Policies
import Randomness

/// What a checkpoint holds of a training: parameters, the optimizer's state, counters, and the
/// lengths of the trial's CSV files.
package enum TrainingCheckpoint {
  private static let format = "rallybook-checkpoint-1"
  private static let complete = "weights and learner"

  /// Lengths that the CSV files had, to which resuming cuts them back.
  package struct FileLengths: Hashable, Sendable {
    package var episodes: Int
    package var updates: Int

    package init(episodes: Int, updates: Int) {
      self.episodes = episodes
      self.updates = updates
    }
  }

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
      "actions": training.environment.actions.joined(separator: ","),
    ]
    // The key is as old as the format.
    if let mean = progress.smoothedMean {
      metadata["runningMean"] = String(mean.bitPattern, radix: 16)
    }
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
    tensors += training.learner?.tensors(training.player) ?? []
    return Checkpoint(metadata: metadata, tensors: tensors)
  }

  /// Whether training can continue from it: older checkpoints keep weights only.
  static func isComplete(_ checkpoint: Checkpoint, for training: Training) -> Bool {
    training.learner == nil || isComplete(checkpoint)
  }

  /// Whether it holds all that any training needs to continue.
  static func isComplete(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.metadata["holds"] == complete
  }

  /// The checkpoint with weights only.
  static func weightsOnly(_ checkpoint: Checkpoint) -> Checkpoint {
    var lighter = checkpoint
    lighter.metadata["holds"] = "weights"
    lighter.tensors.removeAll { !$0.name.hasPrefix("policy.") }
    return lighter
  }

  /// Puts a training where the checkpoint left it.
  ///
  /// - Parameter weightsOnly: leaves the optimizer's state alone, for playing.
  /// - Throws: `.damaged` when it holds another trial's shapes or lacks a counter.
  @discardableResult
  package static func restore(
    _ checkpoint: Checkpoint, into training: Training, path: String, weightsOnly: Bool = false
  ) throws(ArtifactError) -> FileLengths {
    guard checkpoint.metadata["format"] == format else {
      let found = checkpoint.metadata["format"] ?? "none"
      throw .init(.notThisFormat, path: path, detail: "format \(found); expected \(format)")
    }
    func number(_ key: String) throws(ArtifactError) -> Int {
      guard let value = checkpoint.metadata[key].flatMap({ Int($0) }) else {
        throw .init(.damaged, path: path, detail: "\(key) is missing")
      }
      return value
    }
    let model = training.player.model
    if let problem = model.load({ checkpoint[$0] }, prefix: "policy.", into: model.parameters) {
      throw .init(.damaged, path: path, detail: problem)
    }
    guard model.parameters.floats.allSatisfy(\.isFinite) else {
      throw .init(.damaged, path: path, detail: "its weights are not all finite numbers")
    }
    if let learner = training.learner, !weightsOnly,
      let problem = learner.load({ checkpoint[$0] }, training.player)
    {
      throw .init(.damaged, path: path, detail: problem)
    }
    var progress = Training.Progress()
    progress.episodes = try number("episode")
    progress.decisions = try number("decisions")
    progress.frames = try number("frames")
    progress.updates = try number("update")
    progress.smoothedMean = checkpoint.metadata["runningMean"]
      .flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) }
    training.progress = progress
    return FileLengths(episodes: try number("episodesBytes"), updates: try number("updatesBytes"))
  }
}
