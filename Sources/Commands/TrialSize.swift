// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore

/// Disk that one trial of a variant will take, an upper estimate in bytes.
func trialBytes(_ variant: Plan.Variant) -> Int {
  let training = Settings(variant.configuration, section: "training")
  let policy = Settings(variant.configuration, section: "policy")
  let evaluation = Settings(variant.configuration, section: "evaluation")
  let episodes = training.integer("episodes")
  let hidden = policy.integers("hidden")[0]
  let stored = min(
    training.integer("keepCheckpoints"), episodes / training.integer("checkpointEvery") + 2)
  return DiskSpace.estimate(
    DiskSpace.TrialSize(
      parameters: 6400 * hidden + hidden, episodes: episodes, updates: episodes,
      evaluationEpisodes: evaluation.integer("episodes"), checkpoints: stored, optimizerArrays: 1))
}
