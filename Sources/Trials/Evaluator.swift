// SPDX-License-Identifier: MIT

package import Algorithms
package import Artifacts
package import Environments
import GymnasiumBridge
package import ParameterSchema
import Policies
package import Randomness

/// Plays evaluation episodes of a stored policy, each on random streams of its own: adding
/// episodes later changes none of those played before.
package final class Evaluator {
  let environment: any Environment
  private let streams: RandomStreams
  private let player: Player
  private let checkpointEpisodes: Int
  private let batch: DecisionBatch

  /// - Parameters:
  ///   - configuration: the trial's.
  ///   - choice: how actions are taken from the probabilities.
  ///   - environmentID: where to play, if not where the trial does.
  ///   - counter: told of what is played.
  package convenience init(
    checkpoint: Checkpoint, path: String, configuration: ConfigValue, streams: RandomStreams,
    choice: ActionChoice, environmentID: String? = nil, counter: PlayCounter = PlayCounter()
  ) throws {
    var configuration = configuration
    if let environmentID {
      configuration = Trials.configuration(configuration, playing: environmentID)
    }
    let training = Training(
      configuration: configuration, streams: streams,
      environments: try makeEnvironments(
        configuration, rootSeed: streams.root, count: 1, logPath: nil), counter: counter)
    try TrainingCheckpoint.restore(checkpoint, into: training, path: path, weightsOnly: true)
    self.init(training: training, streams: streams, choice: choice)
  }

  /// Plays a policy that was exported.
  ///
  /// - Parameter configuration: that of the file, completed.
  /// - Throws: where the environment looks otherwise than the one it was trained in.
  package convenience init(
    policy: PolicyFile.Contents, configuration: ConfigValue, streams: RandomStreams,
    choice: ActionChoice, environmentID: String? = nil
  ) throws {
    let played =
      environmentID.map { Trials.configuration(configuration, playing: $0) } ?? configuration
    let training = Training(
      configuration: played, streams: streams,
      environments: try makeEnvironments(played, rootSeed: streams.root, count: 1, logPath: nil))
    let model = training.player.model
    let tensors = policy.model.tensors(of: policy.model.parameters, prefix: "")
    let problem = model.load(
      { name in tensors.first { $0.name == name } }, prefix: "", into: model.parameters)
    guard problem == nil, training.environment.actions == policy.actions else {
      throw EnvironmentError(
        environment: "the policy",
        description: "the policy does not fit this game: "
          + (problem
            ?? "it chooses among \(policy.actions.joined(separator: ", ")), and here are "
            + training.environment.actions.joined(separator: ", ")))
    }
    training.progress.episodes = policy.episode
    self.init(training: training, streams: streams, choice: choice)
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
    batch = DecisionBatch(for: player.model)
  }

  /// Plays evaluation episode `number`, from 1.
  package func play(_ number: Int) throws(EnvironmentError) -> EvaluationRecord {
    batch.removeAll()
    let summary = try player.playEpisode(
      environment, number: number, into: batch,
      environmentDraws: streams.generator(.evaluationEnvironment, index: UInt64(number)),
      policyDraws: streams.generator(.evaluationPolicy, index: UInt64(number)))
    return EvaluationRecord(
      checkpoint: checkpointEpisodes, episode: number, return: summary.return,
      length: summary.length)
  }

  /// Plays evaluation episode `number` and records what was seen and thought.
  ///
  /// - Returns: nil where the environment is not Pong.
  package func record(_ number: Int, units: Int = 5) throws(EnvironmentError) -> ReplayFile? {
    var frames: [ReplayFile.Frame] = []
    var decisions: [ReplayFile.Decision] = []
    var seen = 0
    let watch: PongWitness
    switch environment.innermost {
    case let pong as PongEnvironment: watch = .embedded(pong)
    case let remote as GymnasiumEnvironment where remote.isPong: watch = .real(remote)
    default: return nil
    }
    watch.begin { frames.append(ReplayFile.Frame($0)) }
    defer { watch.end() }
    batch.removeAll()
    let model = player.model
    let named = min(units, model.lastContributions().count)
    let summary = try player.playEpisode(
      environment, number: number, into: batch,
      environmentDraws: streams.generator(.evaluationEnvironment, index: UInt64(number)),
      policyDraws: streams.generator(.evaluationPolicy, index: UInt64(number))
    ) { decision in
      let strength = model.lastContributions().map(abs)
      let strongest = strength.indices.sorted { (strength[$0], $1) > (strength[$1], $0) }
      decisions.append(
        ReplayFile.Decision(
          frame: seen, probability: decision.firstProbability, action: UInt8(decision.action),
          reward: Int8(max(-128, min(127, decision.reward.rounded()))),
          units: strongest.prefix(named).map { UInt16($0) }))
      seen = frames.count - 1
    }
    let header = ReplayFile.Header(
      environment: watch.id, checkpoint: checkpointEpisodes, episode: number,
      return: summary.return,
      actions: environment.actions, units: named, frameCount: frames.count,
      decisionCount: decisions.count)
    return ReplayFile(header: header, frames: frames, decisions: decisions)
  }
}

extension ReplayFile.Frame {
  /// What a game now displays.
  package init(_ game: PongGame) {
    let (left, right) = PongGeometry.ballColumns(game)
    // Before the first frame is drawn the ball lies in a corner that belongs to no serve.
    let x = game.isResetFrame ? 51 : Int(game.ballX)
    let y = game.isResetFrame ? 59 : Int(game.ballY)
    var lift: UInt8 = 0
    for (column, shift) in [(left, 0), (right, 2)] where y > 0 {
      let rows = PongGeometry.ballRows(game, column: column)
      if rows.lowerBound < y - 14 { lift |= 1 << shift }
      if rows.upperBound < y - 10 { lift |= 2 << shift }
    }
    self.init(
      playerY: UInt8(game.playerY), robotY: UInt8(game.robotY), ballX: UInt8(x), ballY: UInt8(y),
      computerScore: UInt8(game.shownComputerScore), playerScore: UInt8(game.shownPlayerScore),
      lift: lift)
  }
}
