// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing
import Trials

/// Follows a number that it sees: an action of two numbers, of which the first should be it.
private final class Tracking: Environment {
  let form = ObservationForm(.numbers, width: 2)
  let actions: ActionSpace
  private var draws = Xoshiro256(seed: 0)
  private var (goal, left) = (0.0, 0)

  init(_ actions: ActionSpace = .box([-1...1, -Float.infinity...2])) { self.actions = actions }

  func reset(draws: Xoshiro256) {
    self.draws = draws
    (goal, left) = (self.draws.nextUnit(), 12)
  }

  func step(_ action: Action) -> Transition {
    guard case .entries(let entries) = action else { preconditionFailure("\(action)") }
    let distance = Double(entries[0]) - goal
    (goal, left) = (draws.nextUnit(), left - 1)
    return Transition(
      reward: -distance * distance, frames: 1, ending: left == 0 ? .truncated : .none)
  }

  func observe(into numbers: inout [Float]) { numbers += [Float(1000 + goal), Float(-goal / 50)] }
}

@Suite("Policies over numbers, of observations that are normalized")
struct NormalizedPolicyTests {
  private static let configuration: ConfigValue = {
    func defaults(_ component: Component, _ selector: String? = nil) -> ConfigValue {
      var values = Dictionary(
        uniqueKeysWithValues: component.parameters.map { ($0.name, $0.defaultValue) })
      if let selector { values[selector] = .string(component.id) }
      return .object(values)
    }
    let raw = observations.components.first { $0.id == "raw" } ?? observations.components[0]
    var all: ConfigValue = [
      "environment": ["id": "tracking"], "observation": defaults(raw, "kind"),
      "policy": defaults(PolicyKind.mlp.component, "kind"),
      "returns": defaults(AdvantageRule.component), "reward": defaults(RewardRule.component),
      "algorithm": defaults(AlgorithmKind.ppo.component, "kind"),
      "optimizer": defaults(OptimizerKind.adam.component, "kind"),
      "training": defaults(Training.component),
    ]
    all[path: "policy.hidden"] = [8, 8]
    all[path: "policy.activation"] = "tanh"
    all[path: "observation.normalize"] = true
    all[path: "reward.normalize"] = true
    all[path: "returns.baseline"] = "value"
    return all
  }()

  private static func training() -> Training {
    Training(
      configuration: configuration, streams: RandomStreams(root: 1, seed: 2),
      environments: [Tracking()])
  }

  private static func stored(_ training: Training) -> Checkpoint {
    TrainingCheckpoint.encode(
      training, trial: "1a2b3c4d5e6f", configuration: configuration, lengths: (0, 0))
  }

  /// Returns of an episode without chance.
  private static func played(_ training: Training) throws -> Double {
    var player = training.player
    player.choice = .greedy
    return try player.playEpisode(
      Tracking(), into: player.makeBatch(), environmentDraws: Xoshiro256(seed: 4),
      policyDraws: Xoshiro256(seed: 5)
    ).return
  }

  @Test("A checkpoint goes on to the bit, and one of weights only plays the same")
  func checkpoints() throws {
    let first = Self.training()
    for _ in 0..<3 { _ = try first.advance() }
    let file = Self.stored(first)
    let score = try Self.played(first)
    let (second, third) = (Self.training(), Self.training())
    try TrainingCheckpoint.restore(file, into: second, path: "memory")
    #expect(try Self.played(second) == score)
    for _ in 0..<3 {
      _ = try first.advance()
      _ = try second.advance()
    }
    #expect(Self.stored(second).tensors == Self.stored(first).tensors)
    #expect(Self.stored(second).metadata == Self.stored(first).metadata)

    var light = file
    light.tensors.removeAll { !$0.name.hasPrefix("policy.") }
    try TrainingCheckpoint.restore(light, into: third, path: "memory", weightsOnly: true)
    #expect(try Self.played(third) == score)
    #expect(throws: ArtifactError.self) {
      try TrainingCheckpoint.restore(light, into: third, path: "memory")
    }
    light.tensors.removeAll { $0.name == "policy.observation.mean" }
    let error = #expect(throws: ArtifactError.self) {
      try TrainingCheckpoint.restore(light, into: third, path: "memory", weightsOnly: true)
    }
    #expect(error.map { "\($0)".contains("policy.observation.mean is missing") } == true)
  }

  @Test("A policy file holds its actions, its deviations and what its observations are divided by")
  func policyFile() throws {
    let training = Self.training()
    for _ in 0..<2 { _ = try training.advance() }
    let file = try PolicyFile.policy(of: Self.stored(training), path: "memory")
    #expect(file.metadata["actionKind"] == "box")
    #expect(file.metadata["actions"] == "-1.0:1.0,-inf:2.0")
    let contents = try PolicyFile.contents(of: file, path: "memory")
    #expect(contents.actions == training.environment.actions)
    #expect(contents.normalization.map(\.name) == ["observation.mean", "observation.deviation"])
    #expect(contents.normalization.allSatisfy { $0.shape == [2] })
    let (own, read) = (training.player.model, contents.model)
    #expect(
      own.tensors(of: own.parameters, prefix: "") == read.tensors(of: read.parameters, prefix: ""))
    #expect(read.tensors(of: read.parameters, prefix: "").last?.name == "logDeviation")
    var several = file
    several.metadata["actionKind"] = "product"
    #expect(throws: ArtifactError.self) { try PolicyFile.contents(of: several, path: "memory") }
  }
}
