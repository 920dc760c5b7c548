// SPDX-License-Identifier: MIT

/// What a stream of random numbers is for. The raw value enters the stream's key, so it never
/// changes once released.
package enum StreamPurpose: UInt64, Sendable, CaseIterable {
  /// Initial weights.
  case initialWeights = 1
  /// The environment's draws in a training episode: frame skip and sticky actions.
  case trainingEnvironment = 2
  /// The policy's choices in a training episode.
  case trainingPolicy = 3
  /// The environment's draws in an evaluation episode.
  case evaluationEnvironment = 4
  /// The policy's choices in an evaluation episode.
  case evaluationPolicy = 5
  /// Resampling in statistics; never used in training.
  case resampling = 6
  /// The order in which an update goes through its batch.
  case minibatches = 7
  /// The perturbations of a search over parameters.
  case perturbation = 8
  /// The shuffle of an observation's entries (`observation.permutePixels`); the same for all seeds.
  case entryPermutation = 9
  /// A random reward function (`reward.randomized`); the same for all seeds.
  case randomReward = 10
  /// Which opponent plays a training episode of a game for two, and its choices.
  case opponent = 11
  /// The values that a random sweep draws when it is planned.
  case sweepDraws = 16
  /// The variants that a search proposes.
  case searchProposals = 17
}

/// The family of random streams of one trial, keyed by (root, purpose, seed, index).
///
/// Hyperparameters never enter the key: variants that share a seed meet the same draws in each
/// episode, and each episode starts afresh, so an update more or less shifts nothing that follows.
package struct RandomStreams: Hashable, Sendable {
  /// The experiment's `rootSeed`.
  package let root: UInt64
  /// The trial's seed value.
  package let seed: UInt64

  package init(root: UInt64, seed: UInt64) {
    self.root = root
    self.seed = seed
  }

  /// The generator for `purpose` at `index` (the episode's number, or 0 where there is one only).
  package func generator(_ purpose: StreamPurpose, index: UInt64 = 0) -> Xoshiro256 {
    var key = SplitMix64.mix(root &+ 0x9E37_79B9_7F4A_7C15)
    for word in [purpose.rawValue, seed, index] {
      key = SplitMix64.mix((key ^ word) &+ 0x9E37_79B9_7F4A_7C15)
    }
    return Xoshiro256(seed: key)
  }
}
