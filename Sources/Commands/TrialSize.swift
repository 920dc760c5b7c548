// SPDX-License-Identifier: MIT

import Environments
import ExperimentSpec
import Kernels
import ParameterSchema
import RunStore
import Trials

/// Disk that trials of a plan's variants will take.
struct TrialSizes {
  /// Numbers that a policy sees at once, by environment and observation: finding out means making
  /// an environment.
  private var inputCounts: [[ConfigValue]: Int] = [:]

  /// An upper estimate in bytes for one trial of a variant.
  mutating func bytes(_ variant: Plan.Variant) -> Int {
    let training = Settings(variant.configuration, section: "training")
    let evaluation = Settings(variant.configuration, section: "evaluation")
    let episodes = training.integer("episodes")
    let stored = min(
      training.integer("keepCheckpoints"), episodes / training.integer("checkpointEvery") + 2)
    return DiskSpace.estimate(
      DiskSpace.TrialSize(
        parameters: parameters(variant.configuration), episodes: episodes, updates: episodes,
        evaluationEpisodes: evaluation.integer("episodes"), checkpoints: stored,
        // Of the most that an optimizer keeps: Adam's two moments.
        optimizerArrays: 2))
  }

  private mutating func parameters(_ configuration: ConfigValue) -> Int {
    let key = ["environment", "observation"].map { configuration[path: $0] ?? .null }
    let inputs = inputCounts[key] ?? makeEnvironment(configuration).form.count
    inputCounts[key] = inputs
    var widths = [inputs]
    if case .array(let hidden)? = configuration[path: "policy.hidden"] {
      for case .number(let units) in hidden { widths.append(Int(units)) }
    }
    // Two actions have one logit; 18 are the most that a game has.
    widths.append(18)
    let weights = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    // A value baseline is a second network of the same size.
    return configuration[path: "returns.baseline"] == "value" ? 2 * weights : weights
  }
}

/// An upper estimate in bytes for one trial of a variant.
func trialBytes(_ variant: Plan.Variant) -> Int {
  var sizes = TrialSizes()
  return sizes.bytes(variant)
}
