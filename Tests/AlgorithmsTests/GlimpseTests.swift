// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A sign that hangs above the middle of 9 × 9 pixels, lit or not: the second decision has to say
/// which.
private final class HiddenSign: Environment {
  let form = ObservationForm(.signs, height: 9, width: 9)
  let actions: ActionSpace = ["DARK", "LIT"]
  private var isLit = false
  private var decision = 0

  func reset(draws: Xoshiro256) {
    var draws = draws
    isLit = draws.next() & 1 == 0
    decision = 0
  }

  func step(_ action: Action) -> Transition {
    decision += 1
    let isOver = decision == 2
    let reward: Double = isOver ? (action.number == (isLit ? 1 : 0) ? 1 : -1) : 0
    return Transition(reward: reward, frames: 1, ending: isOver ? .terminated : .none)
  }

  func observe(_ writer: inout SignWriter) {
    if isLit { writer.put(1 * 9 + 4) }
    writer.beginMinus()
  }
}

@Suite("Learning where to look")
struct GlimpseTests {
  private static func observation(_ gaze: String, size: Int, step: Int) -> ConfigValue {
    [
      "kind": "glimpse", "size": .number(Double(size)), "gaze": .string(gaze),
      "step": .number(Double(step)), "place": .null, "crop": .null, "height": 80, "width": 80,
      "background": .null, "permutePixels": false,
    ]
  }

  private static func seen(_ inner: any Environment, _ observation: ConfigValue)
    -> GlimpseEnvironment
  {
    GlimpseEnvironment(
      inner, Settings(["observation": observation], section: "observation"))
  }

  /// Pong by glimpses.
  private static func training(_ gaze: String, _ algorithm: String, threads: Int = 1) -> Training {
    var all = Setup.configuration(
      algorithm, optimizer: "rmsprop",
      [
        "policy.hidden": [8], "optimizer.learningRate": 1e-3,
        "observation": observation(gaze, size: 24, step: 8),
        "environment": .object([:]),
      ])
    if algorithm != "cem" { all[path: "algorithm.episodesPerUpdate"] = 3 }
    for parameter in EnvironmentKind.pong.component.parameters {
      all[path: "environment.\(parameter.name)"] = parameter.defaultValue
    }
    all[path: "environment.id"] = "pong"
    all[path: "environment.maxFrames"] = 3000
    return Training(
      configuration: all, streams: RandomStreams(root: 3, seed: 5),
      environments: (0..<threads).map { _ in
        seen(PongEnvironment(all), all[path: "observation"] ?? .null)
      }, threads: threads)
  }

  private static func everything(_ training: Training) -> [Tensor] {
    let (player, model) = (training.player, training.player.model)
    return model.tensors(of: model.parameters, prefix: "policy.")
      + (training.learner?.tensors(player) ?? [])
  }

  @Test("Who may look finds the sign, who looks by chance one in nine, who may not look none")
  func sign() throws {
    let expected: [(String, ClosedRange<Double>)] = [
      ("learned", 0.9...1), ("random", 0...0.25), ("fixed", -0.15...0.15),
    ]
    for (gaze, range) in expected {
      let configuration = Setup.configuration(
        "reinforce", optimizer: "adam",
        [
          "policy.hidden": [16], "policy.bias": true, "optimizer.learningRate": 0.02,
          "algorithm.episodesPerUpdate": 64, "algorithm.entropyBonus": 0.01,
          "training.episodes": 20_000, "returns.discount": 1, "returns.resetAtPoint": false,
          "returns.normalize": "batch",
        ])
      let training = Setup.training(
        configuration, Self.seen(HiddenSign(), Self.observation(gaze, size: 3, step: 3)))
      for _ in 0..<150 { _ = try training.advance() }
      var (sum, games) = (0.0, 0)
      for _ in 0..<15 {
        for episode in try training.advance().episodes {
          sum += episode.summary.return
          games += 1
        }
      }
      let mean = sum / Double(games)
      #expect(range.contains(mean), "\(gaze): mean \(mean)")
    }
  }

  @Test("log π and entropy are those of the paddle and of both moves, summed; so is the gradient")
  func product() throws {
    let training = Self.training("learned", "reinforce")
    let player = training.player
    #expect(player.distribution.outputs == 7)
    let batch = player.makeBatch()
    _ = try player.playEpisode(
      training.environment, number: 1, into: batch,
      environmentDraws: training.streams.generator(.trainingEnvironment, index: 1),
      policyDraws: training.streams.generator(.trainingPolicy, index: 1))
    #expect(batch.count > 300 && batch.width == 3)
    batch.withDecisions { outputs, actions in
      for t in stride(from: 0, to: batch.count, by: 17) {
        let z = (0..<7).map { Double(outputs[t * 7 + $0]) }
        let action = (0..<3).map { Int(actions[t * 3 + $0]) }
        let up = 1 / (1 + exp(-z[0]))
        let rows = (1...3).map { exp(z[$0]) / (exp(z[1]) + exp(z[2]) + exp(z[3])) }
        let columns = (4...6).map { exp(z[$0]) / (exp(z[4]) + exp(z[5]) + exp(z[6])) }
        let paddle = [up, 1 - up]
        let logProbability = log(paddle[action[0]]) + log(rows[action[1]]) + log(columns[action[2]])
        let found = player.distribution.logProbability(outputs + t * 7, of: actions + t * 3)
        #expect(abs(found - logProbability) < 1e-6)
        let entropy = -[paddle, rows, columns].joined().reduce(0) { $0 + $1 * log($1) }
        #expect(abs(player.distribution.entropy(outputs + t * 7) - entropy) < 1e-6)
        #expect(abs(player.distribution.firstProbability(outputs + t * 7) - up) < 1e-6)
        var gradient = [Float](repeating: 9, count: 7)
        player.distribution.writeScore(
          outputs + t * 7, action: actions + t * 3, weight: 1, to: &gradient)
        let judged =
          [(action[0] == 0 ? 1 : 0) - up]
          + (0..<3).map { (action[1] == $0 ? 1 : 0) - rows[$0] }
          + (0..<3).map { (action[2] == $0 ? 1 : 0) - columns[$0] }
        for (a, b) in zip(gradient, judged) { #expect(abs(Double(a) - b) < 1e-6) }
      }
    }
  }

  @Test("Nothing is learned of a gaze that is fixed or random", arguments: ["fixed", "random"])
  func unlearned(gaze: String) {
    let training = Self.training(gaze, "reinforce")
    #expect(training.player.distribution.space == ["RIGHT", "LEFT"])
    #expect(training.player.model.outputCount == 1, "the paddle's logit and none beside it")
  }

  @Test(
    "Threads change no bit, and a training that is stored and loaded goes on as if it had not been",
    arguments: [
      ("learned", "reinforce"), ("learned", "ppo"), ("learned", "trpo"),
      ("learned", "kl-line-search"), ("learned", "cem"), ("random", "reinforce"),
    ])
  func sameBits(gaze: String, algorithm: String) throws {
    let whole = Self.training(gaze, algorithm)
    let threaded = Self.training(gaze, algorithm, threads: 3)
    var continued = Self.training(gaze, algorithm)
    for update in 1...4 {
      let step = try whole.advance()
      #expect(try threaded.advance().episodes.map(\.summary) == step.episodes.map(\.summary))
      #expect(try continued.advance().episodes.map(\.summary) == step.episodes.map(\.summary))
      let tensors = Self.everything(whole)
      #expect(Self.everything(threaded) == tensors && Self.everything(continued) == tensors)
      if update == 2 {
        // As a new process does.
        let loaded = Self.training(gaze, algorithm)
        let find = { name in tensors.first { $0.name == name } }
        let (player, model) = (loaded.player, loaded.player.model)
        #expect(model.load(find, prefix: "policy.", into: model.parameters) == nil)
        model.parametersDidChange()
        #expect(loaded.learner?.load(find, player) == nil)
        loaded.progress = continued.progress
        continued = loaded
      }
    }
  }
}
