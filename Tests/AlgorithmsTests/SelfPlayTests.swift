// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

@Suite("Self-play") struct SelfPlayTests {
  private static func configuration(_ opponent: String, _ sides: String) -> ConfigValue {
    var all = Setup.configuration(
      "reinforce", optimizer: "rmsprop",
      [
        "policy.hidden": [8], "algorithm.episodesPerUpdate": 3, "optimizer.learningRate": 3e-3,
        "observation.kind": "objects", "environment": .object([:]),
      ])
    for parameter in EnvironmentKind.pongTwoPlayer.component.parameters {
      all[path: "environment.\(parameter.name)"] = parameter.defaultValue
    }
    all[path: "observation"] = ["kind": "objects", "permutePixels": false, "normalize": false]
    let changes: [String: ConfigValue] = [
      "opponent": .string(opponent), "sides": .string(sides), "poolEvery": 1, "poolSize": 3,
      "maxFrames": 4000,
    ]
    for (key, value) in changes { all[path: "environment.\(key)"] = value }
    return all
  }

  private static func training(_ opponent: String, _ sides: String, threads: Int = 1) -> Training {
    let configuration = configuration(opponent, sides)
    return Training(
      configuration: configuration, streams: RandomStreams(root: 3, seed: 5),
      environments: (0..<threads).map { _ in PongEnvironment(configuration) }, threads: threads)
  }

  private static func everything(_ training: Training) -> [Tensor] {
    let (player, model) = (training.player, training.player.model)
    return model.tensors(of: model.parameters, prefix: "policy.")
      + (training.learner?.tensors(player) ?? []) + (training.opponents?.tensors() ?? [])
  }

  @Test(
    "Threads change no bit, and a training that is stored and loaded goes on as if it had not been",
    arguments: [("self", "right"), ("self", "both"), ("uniform", "both"), ("even", "right")])
  func sameBits(opponent: String, sides: String) throws {
    let whole = Self.training(opponent, sides)
    let threaded = Self.training(opponent, sides, threads: 3)
    var continued = Self.training(opponent, sides)
    for update in 1...6 {
      let step = try whole.advance()
      #expect(try threaded.advance().episodes.map(\.summary) == step.episodes.map(\.summary))
      #expect(try continued.advance().episodes.map(\.summary) == step.episodes.map(\.summary))
      let tensors = Self.everything(whole)
      #expect(Self.everything(threaded) == tensors && Self.everything(continued) == tensors)
      if update == 4 {
        // As a new process does.
        let loaded = Self.training(opponent, sides)
        let find = { name in tensors.first { $0.name == name } }
        let (player, model) = (loaded.player, loaded.player.model)
        #expect(model.load(find, prefix: "policy.", into: model.parameters) == nil)
        model.parametersDidChange()
        #expect(loaded.learner?.load(find, player) == nil)
        #expect(loaded.opponents?.load(find) == nil)
        loaded.progress = continued.progress
        continued = loaded
      }
    }
    let pool = Self.everything(whole).filter {
      $0.name.hasPrefix("pool.") && $0.name.hasSuffix("w1")
    }
    #expect(pool.count == (opponent == "self" ? 0 : 3))
    #expect(Set(pool.map(\.values)).count == pool.count, "three different selves")
  }

  @Test("Without its pool a training does not go on")
  func missingPool() {
    let training = Self.training("uniform", "both")
    #expect(
      training.opponents?.load { _ in nil }
        == "its pool of opponents is missing or damaged")
  }

  @Test("A game of both sides is what two players see, decide and get who take turns by hand")
  func byHand() throws {
    let training = Self.training("self", "both")
    let (player, streams) = (training.player, training.streams)
    let batch = player.makeBatch()
    let summary = try player.playEpisode(
      training.environment, number: 1, into: batch,
      environmentDraws: streams.generator(.trainingEnvironment, index: 1),
      policyDraws: streams.generator(.trainingPolicy, index: 1),
      opponent: Opponent(player, draws: streams.generator(.opponent, index: 1), teaches: true))
    let game = PongEnvironment(Self.configuration("self", "both"))
    let seat = try #require(game.rival)
    game.reset(draws: streams.generator(.trainingEnvironment, index: 1))
    var hands = [
      (game as any Environment, streams.generator(.trainingPolicy, index: 1)),
      (seat as any Environment, streams.generator(.opponent, index: 1)),
    ]
    var actions = [[Float](), []]
    var rewards = [[Float](), []]
    var isOver = false
    while !isOver {
      var chosen: [Action] = []
      for i in hands.indices {
        let seen = player.makeBatch()
        hands[i].0.observe(into: &seen.observations.numbers)
        chosen.append(
          player.distribution.sample(
            player.model.forward(seen.observations, 0), &hands[i].1, into: &actions[i]))
      }
      seat.submit(chosen[1])
      let transition = game.step(chosen[0])
      rewards[0].append(Float(transition.reward))
      rewards[1].append(Float(try seat.collect().reward))
      isOver = transition.isEnd
    }
    #expect(batch.actions == actions[0] + actions[1])
    #expect(batch.rewards == rewards[0] + rewards[1])
    #expect(batch.scores == rewards.map { Double($0.reduce(0, +)) })
    let length = actions[0].count
    #expect(batch.episodes == [0..<length, length..<2 * length] && summary.length == 2 * length)
    #expect(summary.return == batch.scores[0] && batch.scores[0] != 0)
  }
}
