// SPDX-License-Identifier: MIT

import Digest
import Environments
import Foundation
import GymnasiumBridge
import ParameterSchema
import Randomness
import Testing

/// What stands around an environment: wrappers, weights, calls, a module of the user's.
@Suite("How an environment is made")
struct MakingTests {
  private func first(
    _ id: String, _ environment: [String: ConfigValue] = [:], log: String = "/dev/null"
  ) throws(EnvironmentError) -> (numbers: [Float], transition: Transition) {
    let made = try GymnasiumEnvironment.start(
      RealPython.configuration(id, kind: "raw", environment: environment), count: 1, logPath: log,
      python: RealPython.python)[0]
    try made.reset(draws: Xoshiro256(seed: 1))
    let transition = try made.step(0)
    return (made.numbers(), transition)
  }

  private func refusal(_ id: String, _ environment: [String: ConfigValue]) -> String {
    do throws(EnvironmentError) {
      _ = try first(id, environment)
      return "nothing"
    } catch {
      #expect(error.kind == .refusal, "\(error)")
      return error.description
    }
  }

  private let odd = "odd_environments:"

  @Test("Wrappers lie around each other in their order, with their arguments")
  func wrappers() throws {
    let twice: ConfigValue = "odd_environments:Twice"
    let thrice: ConfigValue = ["name": "odd_environments:Twice", "kwargs": ["factor": 3]]
    let id = odd + "Weighted-v0"
    let weights: ConfigValue = [1, 1]
    #expect(
      try first(id, ["wrappers": [twice, thrice], "rewardWeights": weights]).numbers
        == [6, 6, 6, 6])
    // Gymnasium's appends the time to the observation.
    let timed = try first(
      id, ["wrappers": [twice, "FlattenObservation", thrice], "rewardWeights": weights])
    #expect(timed.numbers == [6, 6, 6, 6])
    let limited = try first(
      id,
      [
        "wrappers": [["name": "TimeLimit", "kwargs": ["max_episode_steps": 1]]],
        "rewardWeights": weights,
      ])
    #expect(limited.transition.ending == .truncated)
  }

  @Test("A wrapper that cannot be had is told, with its neighbour")
  func noWrapper() {
    let id = "CartPole-v1"
    #expect(
      refusal(id, ["wrappers": ["FlattenObservations"]])
        == """
        gymnasium:CartPole-v1: environment.wrappers: there is no 'FlattenObservations'; did you mean \
        'FlattenObservation'?
        """)
    #expect(
      refusal(id, ["wrappers": ["odd_environments:Trice"]]).hasSuffix("did you mean 'Twice'?"))
    #expect(
      refusal(id, ["wrappers": ["no_such:Thing"]]).contains("there is no module 'no_such'"))
    #expect(
      refusal(id, ["wrappers": [["name": "TimeLimit", "kwargs": ["steps": 1]]]])
        .contains("unexpected keyword argument 'steps'"))
  }

  @Test("A vector of rewards is one number by its weights, and refused without")
  func weights() throws {
    let id = odd + "Weighted-v0"
    #expect(try first(id, ["rewardWeights": [0.5, -1]]).transition.reward == -9.5)
    #expect(
      refusal(id, [:]).contains(
        "allowed: one number; environment.rewardWeights, a weight for each, makes one of it; see"))
    #expect(
      refusal(id, ["rewardWeights": [1]]).contains(
        "environment.rewardWeights has 1 entries; allowed: as many as the reward has"))
    #expect(
      refusal("CartPole-v1", ["rewardWeights": [1, 2]]).contains("its reward is 1.0; environment"))
    #expect(
      refusal("ALE/Pong-v5", ["rewardWeights": [1, 2]]).contains(
        "rewardWeights is set, allowed: null"))
  }

  @Test("What no import registers, a call does")
  func register() throws {
    #expect(refusal("Later-v0", [:]).contains("has no Later-v0"))
    #expect(
      try first("Later-v0", ["register": ["odd_environments:register_later"]]).numbers
        == [1, 1, 1, 1])
    let call: ConfigValue = ["name": "odd_environments:register_later", "kwargs": ["version": 7]]
    #expect(try first("Later-v7", ["register": [call]]).transition.reward == 1)
    #expect(
      refusal("Later-v0", ["register": ["register_later"]]).hasSuffix("allowed: MODULE:FUNCTION"))
  }

  @Test("A file of the user's is run as the module of its name, if it is what was planned")
  func module() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("own-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws -> ConfigValue {
      let file = folder.appendingPathComponent(name)
      try Data(text.utf8).write(to: file)
      return .string("\(file.path)@\(SHA256.hex(Array(text.utf8)))")
    }
    let text = """
      import gymnasium
      from helping import FACTOR
      from gymnasium.envs.classic_control import CartPoleEnv

      class Own(CartPoleEnv):
          def step(self, action):
              seen, _, *rest = super().step(action)
              return seen, FACTOR, *rest

      class Doubled(gymnasium.RewardWrapper):
          def reward(self, reward):
              return 2 * reward

      gymnasium.register("Own-v0", Own)
      """
    _ = try write("helping.py", "FACTOR = 7\n")
    let own = try write("own_games.py", text)
    for id in ["Own-v0", "own_games:Own-v0"] {
      #expect(try first(id, ["module": own]).transition.reward == 7)
    }
    let doubled: [String: ConfigValue] = ["module": own, "wrappers": ["own_games:Doubled"]]
    #expect(try first("Own-v0", doubled).transition.reward == 14)
    _ = try write("own_games.py", text + "\n")
    #expect(refusal("Own-v0", ["module": own]).contains("has changed since the trial was planned"))
    #expect(
      refusal("Own-v0", ["module": try write("json.py", text)]).contains("give it another name"))
    #expect(
      refusal("Own-v0", ["module": try write("my-games.py", text)]).contains(
        "'my-games' cannot be a module's name"))
    #expect(
      refusal("Own-v0", ["module": try write("needy.py", "import no_such_thing\n")]).contains(
        "the module 'needy' needs 'no_such_thing' (needy.py, line 1), which is not installed"))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!left.contains("__pycache__"))
  }
}
