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

@Suite("Weights that are no numbers") struct BrokenWeightsTests {
  private static func configuration(convolutional: Bool) -> ConfigValue {
    func defaults(_ component: Component, _ selector: String? = nil) -> [String: ConfigValue] {
      var values = Dictionary(
        uniqueKeysWithValues: component.parameters.map { ($0.name, $0.defaultValue) })
      if let selector { values[selector] = .string(component.id) }
      return values
    }
    var policy = defaults((convolutional ? PolicyKind.conv : .mlp).component, "kind")
    policy["hidden"] = [5]
    policy["bias"] = true
    var returns = defaults(AdvantageRule.component)
    returns["baseline"] = "value"
    return [
      "environment": .object(defaults(EnvironmentKind.pong.component, "id")),
      "observation": .object(defaults(observations.components[0], "kind")),
      "policy": .object(policy), "returns": .object(returns),
      "reward": .object(defaults(RewardRule.component)),
      "algorithm": .object(defaults(AlgorithmKind.a2c.component, "kind")),
      "optimizer": .object(defaults(OptimizerKind.adam.component, "kind")),
      "training": .object(defaults(Training.component)),
    ]
  }

  /// The checkpoint with another number at the middle of one tensor.
  private static func breaking(
    _ name: String, of checkpoint: Checkpoint, with number: Float
  ) throws -> Checkpoint {
    var broken = checkpoint
    let index = try #require(broken.tensors.firstIndex { $0.name == name })
    let tensor = broken.tensors[index]
    var values = tensor.values
    values[values.count / 2] = number
    broken.tensors[index] = Tensor(name: name, shape: tensor.shape, values: values)
    return broken
  }

  @Test("They are refused by name and place", arguments: [false, true], [Float.nan, .infinity])
  func refused(convolutional: Bool, number: Float) throws {
    let configuration = Self.configuration(convolutional: convolutional)
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 1),
      environments: try makeEnvironments(configuration, rootSeed: 0, count: 1, logPath: nil))
    let whole = TrainingCheckpoint.encode(
      training, trial: "1a2b3c4d5e6f", configuration: configuration,
      lengths: (0, 0))
    let word = number.isNaN ? "NaN" : "an infinite number"
    for tensor in whole.tensors where !tensor.name.hasSuffix("steps") {
      let broken = try Self.breaking(tensor.name, of: whole, with: number)
      let error = #expect(throws: ArtifactError.self) {
        try TrainingCheckpoint.restore(broken, into: training, path: "memory")
      }
      #expect(error?.code == .damaged)
      #expect(
        error?.description.contains("\(tensor.name) holds \(word) at [") == true,
        "\(String(describing: error))")
      guard tensor.name.hasPrefix("policy.") else { continue }
      #expect(throws: ArtifactError.self) { try PolicyFile.policy(of: broken, path: "memory") }
      var exported = try PolicyFile.policy(of: whole, path: "memory")
      exported = try Self.breaking(
        String(tensor.name.dropFirst(7)), of: exported, with: number)
      #expect(throws: ArtifactError.self) { try PolicyFile.contents(of: exported, path: "memory") }
    }
    try TrainingCheckpoint.restore(whole, into: training, path: "memory")
    _ = try PolicyFile.contents(
      of: PolicyFile.policy(of: whole, path: "memory"), path: "memory")
  }

  @Test("The place is counted from 0, the last extent fastest")
  func place() {
    var values = [Float](repeating: 0, count: 24)
    values[17] = .nan
    #expect(
      Tensor(name: "w", shape: [2, 3, 4], values: values).brokenNumber == "w holds NaN at [1, 1, 1]"
    )
    #expect(Tensor(name: "w", shape: [24], values: values).brokenNumber == "w holds NaN at [17]")
    #expect(Tensor(name: "w", shape: [0], values: []).brokenNumber == nil)
  }
}
