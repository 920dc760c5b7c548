// SPDX-License-Identifier: MIT

package import Environments
package import Kernels
package import ParameterSchema
package import Policies
package import Randomness

/// The state of one trial's learning, advanced one update at a time.
///
/// Synchronous and free of clocks, files and prints; the same configuration and seed give the same
/// bits. Every episode draws from streams of its own, so that all a checkpoint needs are the
/// counters, the parameters and the optimizer's squares.
package final class Training {
  package let environment: any Environment
  package let policy: TwoLayerPolicy
  /// nil where nothing is learned (`algorithm.kind: random`).
  package let learner: Reinforce?
  package let episodesPerUpdate: Int
  package var progress = Progress()
  private let streams: RandomStreams
  private let batch: DecisionBatch

  /// What has been done so far.
  package struct Progress: Hashable, Sendable {
    package var updates = 0
    package var episodes = 0
    package var decisions = 0
    package var frames = 0
    /// The post's running mean of returns: mean ← 0.99·mean + 0.01·return, started at the first;
    /// nil before it.
    package var runningMean: Double?

    package init() {}

    mutating func add(_ episode: EpisodeSummary) {
      episodes += 1
      decisions += episode.length
      frames += episode.frames
      runningMean = runningMean.map { 0.99 * $0 + 0.01 * episode.return } ?? episode.return
    }
  }

  /// One update: the episodes it learned from, and what it did (nil where nothing is learned).
  package struct Step: Sendable {
    package var episodes: [(summary: EpisodeSummary, progress: Progress)]
    package var statistics: UpdateStatistics?
  }

  /// The training that a validated configuration asks for, at its start.
  package init(
    configuration: ConfigValue, streams: RandomStreams, environment: any Environment,
    kernels: SparseKernels = .init()
  ) {
    self.streams = streams
    self.environment = environment
    policy = TwoLayerPolicy(
      configuration: configuration, inputCount: environment.form.count, kernels: kernels)
    policy.initialize(streams: streams)
    batch = DecisionBatch(inputCount: environment.form.count, maskBytes: policy.maskBytes)
    let algorithm = Settings(configuration, section: "algorithm")
    if algorithm.string("kind") == RandomPlay.component.id {
      learner = nil
      episodesPerUpdate = 10
      policy.parameters.clear()
    } else {
      learner = Reinforce(
        returns: Returns(configuration: configuration),
        optimizer: RMSProp(configuration: configuration, policy: policy), policy: policy)
      episodesPerUpdate = algorithm.integer("episodesPerUpdate")
    }
  }

  /// Puts everything back to the start: what was loaded in part must not be trained on.
  package func restart(streams: RandomStreams) {
    progress = Progress()
    if let learner {
      policy.initialize(streams: streams)
      learner.optimizer.squares.clear()
    }
  }

  /// Plays one batch of episodes, at most `limit`, and learns from it.
  package func advance(limit: Int) throws(EnvironmentError) -> Step {
    batch.removeAll()
    var step = Step(episodes: [], statistics: nil)
    for _ in 0..<min(episodesPerUpdate, limit) {
      let number = UInt64(progress.episodes + 1)
      let summary = try playEpisode(
        environment: environment, policy: policy, into: batch,
        environmentDraws: streams.generator(.trainingEnvironment, index: number),
        policyDraws: streams.generator(.trainingPolicy, index: number))
      progress.add(summary)
      step.episodes.append((summary, progress))
    }
    if let learner {
      step.statistics = learner.update(policy, from: batch)
      progress.updates += 1
    }
    return step
  }
}

/// The floor of every comparison: both actions equally likely, nothing learned.
package enum RandomPlay {
  /// `algorithm.kind: random` for the catalogue.
  package static let component = Component(
    id: "random", doc: "Both actions equally likely, nothing learned: the floor.", parameters: [])
}
