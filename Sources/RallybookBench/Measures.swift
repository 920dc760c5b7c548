// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import GymnasiumBridge
import Kernels
import ParameterSchema
import Policies
import Randomness

/// What is measured, each on one core.
enum Measures {
  /// The post's configuration (preset `karpathy-2016`).
  static func post(_ episodes: Int) -> ConfigValue {
    [
      "policy": section(PolicyKind.mlp.component),
      "returns": section(AdvantageRule.component),
      "algorithm": section(AlgorithmKind.reinforce.component),
      "optimizer": section(OptimizerKind.rmsprop.component, ["learningRate": 1e-4, "decay": 0.99]),
      "reward": section(RewardRule.component),
      "training": section(Training.component, ["episodes": .number(Double(episodes))]),
    ]
  }

  /// A component with its parameters at their defaults, but for `changes`.
  private static func section(
    _ component: Component, _ changes: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    var values = Dictionary(
      uniqueKeysWithValues: component.parameters.map { ($0.name, $0.defaultValue) })
    if !component.id.isEmpty { values["kind"] = .string(component.id) }
    return .object(values.merging(changes) { $1 })
  }

  /// The post's, its policy the convolutional network that `"kind": "conv"` alone asks for.
  static func convolutional(_ episodes: Int) -> ConfigValue {
    var configuration = post(episodes)
    configuration[path: "policy"] = section(PolicyKind.conv.component)
    return configuration
  }

  /// Advantage actor-critic, one step a batch; the value network is as large as the policy.
  static func actorCritic(decisions: Int) -> ConfigValue {
    var configuration = post(1)
    configuration[path: "returns"] = section(
      AdvantageRule.component, ["normalize": "batch", "baseline": "value", "gaeLambda": 0.98])
    configuration[path: "algorithm"] = section(
      AlgorithmKind.a2c.component,
      ["decisionsPerUpdate": 65536, "entropyBonus": 0.02, "entropyBonusEnd": 0])
    configuration[path: "optimizer"] = section(
      OptimizerKind.adam.component, ["learningRate": 1e-2, "epsilon": 1e-8])
    configuration[path: "training"] = section(
      Training.component, ["decisions": .number(Double(decisions))])
    return configuration
  }

  private static func pong() -> PongEnvironment {
    PongEnvironment(
      skip: 2...4, stickyActions: 0.25, frameLimit: 108_000, actions: ["RIGHT", "LEFT"],
      observation: .difference)
  }

  /// Frames a second of the game's rules alone, random moves.
  static func rules() -> Double {
    var game = PongGame()
    var draws = Xoshiro256(seed: 1)
    var score: Int32 = 0
    let count = 20_000_000
    let time = seconds {
      for _ in 0..<count / 50 {
        var bits = draws.next()
        for _ in 0..<50 {
          score &+= game.act(bits & 1 == 0 ? .up : .down)
          bits >>= 1
        }
        if game.isOver { game = PongGame() }
      }
    }
    precondition(score < 0, "a random player loses")
    return Double(count) / time
  }

  /// Decisions a second with skip, stickiness and the sparse difference written, random actions.
  static func decisions() -> Double {
    let environment = pong()
    let batch = ObservationBatch(form: environment.form, patternBase: environment.form.count).signs
    var draws = Xoshiro256(seed: 2)
    environment.reset(draws: Xoshiro256(seed: 3))
    let count = 3_000_000
    let time = seconds {
      for i in 0..<count {
        let transition = environment.step(.number(Int(draws.next() & 1)))
        batch.append { environment.observe(&$0) }
        if transition.isEnd {
          environment.reset(draws: Xoshiro256(seed: UInt64(i)))
          batch.removeAll()
        }
      }
    }
    return Double(count) / time
  }

  /// Decisions a second of training the post's program on the real Pong, as a trial does: four
  /// games in one Python worker. Nil where there is no Python with ale-py.
  static func real(python: String) -> Double? {
    var configuration = post(1_000_000)
    configuration[path: "environment"] = [
      "id": "gymnasium:ALE/Pong-v5", "frameSkip": .null, "stickyActions": .null,
      "maxFrames": .null, "actions": ["RIGHT", "LEFT"], "kwargs": [:],
      "wrappers": [], "rewardWeights": .null, "register": [], "module": .null,
    ]
    configuration[path: "observation"] = [
      "kind": "difference", "crop": .null, "height": 80, "width": 80, "background": .null,
      "channels": .null, "key": .null, "permutePixels": false,
    ]
    guard
      let games = try? GymnasiumEnvironment.start(
        configuration, count: 4, logPath: nil, python: [python])
    else { return nil }
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 0), environments: games)
    // The first update pays for the start.
    guard (try? training.advance()) != nil else { return nil }
    let begun = training.progress.decisions
    let time = seconds { for _ in 0..<2 { _ = try? training.advance() } }
    return Double(training.progress.decisions - begun) / time
  }

  /// Trains the post's configuration: decisions made, and seconds.
  static func training(episodes: Int) -> (decisions: Int, seconds: Double) {
    training(post(episodes))
  }

  /// Trains a configuration on the post's game: decisions made, and seconds.
  static func training(_ configuration: ConfigValue) -> (decisions: Int, seconds: Double) {
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 0),
      environments: [pong()])
    let time = seconds { while !training.isDone { _ = try? training.advance() } }
    return (training.progress.decisions, time)
  }
}
