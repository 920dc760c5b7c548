// SPDX-License-Identifier: MIT

package import Algorithms
package import Artifacts
package import Environments
package import ParameterSchema
import Policies
package import Randomness

/// Plays evaluation episodes of a stored policy, each on random streams of its own: adding
/// episodes later changes none of those played before.
package final class Evaluator {
  let environment: any Environment
  private let streams: RandomStreams
  let player: Player
  let checkpointEpisodes: Int
  private let batch: DecisionBatch

  /// Plays a policy as it was stored.
  ///
  /// - Parameters:
  ///   - configuration: the trial's, completed; with another environment, it plays there.
  ///   - choice: how actions are taken from the probabilities.
  ///   - counter: told of what is played.
  package convenience init(
    checkpoint: Checkpoint, path: String, configuration: ConfigValue, streams: RandomStreams,
    choice: ActionChoice, counter: PlayCounter = PlayCounter()
  ) throws {
    let training = try Self.training(configuration, streams, counter, isBlank: true)
    try TrainingCheckpoint.restore(checkpoint, into: training, path: path, weightsOnly: true)
    self.init(training: training, streams: streams, choice: choice)
  }

  /// Plays a policy that was exported.
  ///
  /// - Throws: where the environment looks otherwise than the one it was trained in.
  package convenience init(
    policy: PolicyFile.Contents, configuration: ConfigValue, streams: RandomStreams,
    choice: ActionChoice
  ) throws {
    let training = try Self.training(configuration, streams, isBlank: true)
    let model = training.player.model
    let tensors = policy.model.tensors(of: policy.model.parameters, prefix: "")
    let problem =
      model.load(
        { name in tensors.first { $0.name == name } }, prefix: "", into: model.parameters)
      ?? training.player.normalization?.loadPlaying(
        { name in policy.normalization.first { $0.name == name } }, prefix: "")
    guard problem == nil, training.environment.actions == policy.actions else {
      throw EnvironmentError(
        environment: "the policy",
        description: "the policy does not fit this game: "
          + (problem
            ?? "it chooses among \(policy.actions), and here are \(training.environment.actions)"))
    }
    training.progress.episodes = policy.episode
    self.init(training: training, streams: streams, choice: choice)
  }

  /// A training in one environment, which judges what was learned; at its start, or without weights.
  static func training(
    _ configuration: ConfigValue, _ streams: RandomStreams, _ counter: PlayCounter = PlayCounter(),
    isBlank: Bool = false
  ) throws(EnvironmentError) -> Training {
    let configuration = evaluationConfiguration(configuration)
    return Training(
      configuration: configuration, streams: streams,
      environments: try makeEnvironments(
        configuration, rootSeed: streams.root, count: 1, logPath: nil), counter: counter,
      isBlank: isBlank)
  }

  /// Evaluates the policy that a training has now.
  ///
  /// - Parameter environment: nil plays where the training does.
  init(
    training: Training, environment: (any Environment)? = nil, streams: RandomStreams,
    choice: ActionChoice
  ) {
    self.environment = environment ?? training.environment
    self.streams = streams
    var player = training.player
    player.choice = choice
    self.player = player
    checkpointEpisodes = training.progress.episodes
    batch = player.makeBatch()
  }

  /// Plays evaluation episode `number`, from 1.
  package func play(_ number: Int) throws(EnvironmentError) -> EvaluationRecord {
    let summary = try playEpisode(number)
    return EvaluationRecord(
      checkpoint: checkpointEpisodes, episode: number, return: summary.return,
      length: summary.length)
  }

  /// - Parameter watch: called after each decision.
  func playEpisode(
    _ number: Int, watch: ((WatchedDecision) -> Void)? = nil
  ) throws(EnvironmentError) -> EpisodeSummary {
    batch.removeAll()
    return try player.playEpisode(
      environment, number: number, into: batch,
      environmentDraws: streams.generator(.evaluationEnvironment, index: UInt64(number)),
      policyDraws: streams.generator(.evaluationPolicy, index: UInt64(number)), watch: watch)
  }
}
