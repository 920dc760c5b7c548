// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Policies
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
  func list(_ key: String) -> [Int] {
    guard case .array(let elements)? = configuration[path: "policy.\(key)"] else { return [] }
    return elements.compactMap { if case .number(let value) = $0 { Int(value) } else { nil } }
  }
  let (height, width) = (number("observation.height") ?? 80, number("observation.width") ?? 80)
  let channels = number("observation.frames") ?? 1
  let isSmall =
    configuration[path: "environment.id"] == "cartpole"
    || configuration[path: "observation.kind"] == "objects"
  var inputs = isSmall ? 8 : channels * height * width
  var total = 0
  let filters = list("filters")
  if !filters.isEmpty,
    let shape = try? ConvolutionShape(
      channels: channels, height: height, width: width, filters: filters,
      kernels: list("kernels"), strides: list("strides"))
  {
    total = shape.layers.reduce(0) { $0 + ($1.inputs + 1) * $1.filters }
    inputs = shape.last.outputs
  }
  for units in list("hidden") {
    total += (inputs + 1) * units
    inputs = units
  }
  return total + (inputs + 1) * 4
}
