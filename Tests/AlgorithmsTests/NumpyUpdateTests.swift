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

/// One update as `Fixtures/make_updates.py` computed it with numpy.
private struct NumpyUpdate: Decodable {
  struct Row: Decodable {
    let plus: [Int]
    let minus: [Int]
  }
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
  }
  /// A setting of the script.
  struct Setting: Decodable {
    let value: ConfigValue

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let number = try? container.decode(Double.self) {
        value = .number(number)
      } else {
        value = .string(try container.decode(String.self))
      }
    }
  }
  let configuration: [String: [String: Setting]]
  let inputs: Int
  let rows: [Row]
  /// The number of each decision's action, or what it has of several.
  enum Action: Decodable {
    case number(Float)
    case entries([Float])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Float.self) {
        self = .number(number)
      } else {
        self = .entries(try container.decode([Float].self))
      }
    }

    var entries: [Float] {
      switch self {
      case .number(let number): [number]
      case .entries(let entries): entries
      }
    }
  }
  let actions: [Action]
  let rewards: [Double]
  let episodes: [Int]
  let before: [String: Numbers]
  let after: [String: Numbers]

  init(_ name: String) throws {
    let file = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// The settings of the script over the defaults.
  func settings(hidden: Int) -> ConfigValue {
    func text(_ section: String, otherwise: String = "") -> String {
      guard case .string(let text)? = configuration[section]?["kind"]?.value else {
        return otherwise
      }
      return text
    }
    var changes: [String: ConfigValue] = [
      "policy.hidden": [.number(Double(hidden))], "policy.bias": true,
    ]
    for (section, values) in configuration {
      for (key, setting) in values { changes["\(section).\(key)"] = setting.value }
    }
    return Setup.configuration(
      text("algorithm"), optimizer: text("optimizer", otherwise: "sgd"), changes)
  }

  func tensor(_ name: String) -> Tensor? {
    before[name].map { Tensor(name: name, shape: $0.shape, values: $0.values.map { Float($0) }) }
  }
}

@Suite("Updates against the same computed with numpy")
struct NumpyUpdateTests {
  @Test(
    "REINFORCE, TRPO and PPO agree to 1e-5",
    arguments: ["reinforce", "trpo", "ppo", "trpo-numbers", "ppo-numbers"])
  func agrees(name: String) throws {
    let numpy = try NumpyUpdate(name)
    let width = numpy.actions[0].entries.count
    let largest = try #require(numpy.actions.map { $0.entries[0] }.max())
    let space: ActionSpace =
      width == 1
      ? .numbered(Int(largest) + 1) : .box([ClosedRange<Float>](repeating: -1...1, count: width))
    let training = Setup.training(
      numpy.settings(hidden: 7),
      FormOnly(.signs, actions: space, width: numpy.inputs))
    let (player, model) = (training.player, training.player.model)
    let learner = try #require(training.learner)
    #expect(model.load(numpy.tensor, prefix: "policy.", into: model.parameters) == nil)
    #expect(learner.load(numpy.tensor, player) == nil)
    let batch = player.makeBatch()
    var t = 0
    for length in numpy.episodes {
      for _ in 0..<length {
        var x = [Float](repeating: 0, count: numpy.inputs)
        for i in numpy.rows[t].plus { x[i] = 1 }
        for i in numpy.rows[t].minus { x[i] = -1 }
        batch.observations.append(dense: x)
        batch.actions += numpy.actions[t].entries
        batch.record(logits: model.forward(batch.observations, t))
        batch.record(reward: Float(numpy.rewards[t]), isPoint: numpy.rewards[t] != 0)
        t += 1
      }
      batch.endEpisode(score: 0)
    }
    #expect(t == numpy.rows.count)
    _ = learner.update(
      player, from: batch,
      UpdateContext(update: 0, decisions: 0, progress: 0, streams: RandomStreams(root: 0, seed: 0)))
    let after =
      model.tensors(of: model.parameters, prefix: "policy.") + learner.tensors(player)
    #expect(numpy.after.count >= 4)
    for (name, expected) in numpy.after {
      let found = try #require(after.first { $0.name == name })
      let before = try #require(numpy.before[name])
      var moved = 0.0
      for i in expected.values.indices {
        let tolerance = 1e-5 * max(1, abs(expected.values[i]))
        #expect(abs(Double(found.values[i]) - expected.values[i]) < tolerance, "\(name)[\(i)]")
        moved = max(moved, abs(expected.values[i] - before.values[i]))
      }
      #expect(moved > 1e-3, "\(name)")
    }
  }
}
