// SPDX-License-Identifier: MIT

package import Algorithms
package import Artifacts
package import Environments
import ExperimentSpec
import GymnasiumBridge
package import ParameterSchema
import Randomness

/// Recorded games that a policy learns to play like, and the policy that comes of it.
package final class RecordedGames {
  package let imitation: Imitation
  private let training: Training
  private let configuration: ConfigValue
  private let tracer: PongTracer
  private var count = 0

  /// - Parameter configuration: completed, with an optimizer.
  /// - Throws: a refusal where it is none of the embedded Pong, or sees what no recording tells.
  package init(
    _ configuration: ConfigValue, rootSeed: Int, seed: Int
  ) throws(EnvironmentError) {
    self.configuration = configuration
    let kinds = [EnvironmentKind.pong, .pongTwoPlayer]
    func refusal(_ path: String, _ allowed: String) -> EnvironmentError {
      let found = canonicalJSON(configuration[path: path] ?? .null)
      return .refusal("imitate", "\(path) is \(found); allowed: \(allowed)")
    }
    guard kinds.first(named: configuration[path: "environment.id"]) != nil else {
      throw refusal(
        "environment.id", kinds.map { "\"\($0.component.id)\"" }.joined(separator: ", "))
    }
    if configuration[path: "observation.kind"] == .string(ObservationKind.glimpse.component.id) {
      throw refusal("observation.kind", "what shows the whole picture")
    }
    for path in ["observation.permutePixels", "observation.normalize"]
    where configuration[path: path] == true {
      throw refusal(path, "false")
    }
    if configuration[path: "algorithm.kind"] == "random" {
      throw refusal("algorithm.kind", "one that learns")
    }
    training = try Evaluator.training(
      configuration,
      RandomStreams(
        root: UInt64(bitPattern: Int64(rootSeed)), seed: UInt64(bitPattern: Int64(seed))))
    imitation = Imitation(training, configuration)
    tracer = try PongTracer()
  }

  /// - Throws: where the game is not the cartridge's: nothing is learned from what did not happen.
  package func add(_ trace: TraceFile, path: String) throws {
    guard !trace.acts.isEmpty else {
      throw ArtifactError(.damaged, path: path, detail: "it holds no frame")
    }
    if let difference = try tracer.firstDifference(from: trace) {
      throw ArtifactError(.damaged, path: path, detail: "no game of Pong: \(difference)")
    }
    count += 1
    let hands = trace.acts.map { act in
      (
        right: PongGame.Hand(action: Int(act.action)),
        left: PongGame.Hand(action: Int(act.second?.action ?? 0))
      )
    }
    imitation.add(
      RecordedPong(configuration, number: max(1, Int(trace.game)), hands: hands),
      draws: training.streams.generator(.trainingEnvironment, index: UInt64(count)))
  }

  /// The policy as it is now, as `export` writes one.
  package func policy(path: String) throws(ArtifactError) -> Checkpoint {
    var progress = Training.Progress()
    (progress.episodes, progress.decisions) = (count, imitation.counts.learned)
    training.progress = progress
    let checkpoint = TrainingCheckpoint.encode(
      training, trial: "imitation", configuration: configuration, lengths: (0, 0))
    return try PolicyFile.policy(of: checkpoint, path: path)
  }
}
