// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore

/// Disk that one trial of a variant will take, an upper estimate in bytes.
func trialBytes(_ variant: Plan.Variant) -> Int {
  let training = Settings(variant.configuration, section: "training")
  let evaluation = Settings(variant.configuration, section: "evaluation")
  let episodes = training.integer("episodes")
  let stored = min(
    training.integer("keepCheckpoints"), episodes / training.integer("checkpointEvery") + 2)
  return DiskSpace.estimate(
    DiskSpace.TrialSize(
      parameters: parameterCount(variant.configuration), episodes: episodes, updates: episodes,
      evaluationEpisodes: evaluation.integer("episodes"), checkpoints: stored, optimizerArrays: 2))
}

/// Weights of a variant's policy, an estimate that needs no environment: inputs by the size of the
/// picture, four outputs.
private func parameterCount(_ configuration: ConfigValue) -> Int {
  func number(_ path: String) -> Int? {
    guard case .number(let value)? = configuration[path: path] else { return nil }
    return Int(value)
  }
  let side = (number("observation.height") ?? 80) * (number("observation.width") ?? 80)
  let isSmall =
    configuration[path: "environment.id"] == "cartpole"
    || configuration[path: "observation.kind"] == "objects"
  var inputs = isSmall ? 8 : side * (number("observation.frames") ?? 1)
  var total = 0
  if case .array(let layers)? = configuration[path: "policy.hidden"] {
    for case .number(let units) in layers {
      total += (inputs + 1) * Int(units)
      inputs = Int(units)
    }
  }
  return total + (inputs + 1) * 4
}
