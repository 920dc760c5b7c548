// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

// An environment and an algorithm as they are added: a file each with a description and a builder,
// and a place in a list (`embeddedEnvironments`, `algorithms`).

/// Two levers; the second pays a point as often as the parameter `chance` says.
final class TwoLevers: Environment {
  let form = ObservationForm(.numbers, width: 1)
  let actions: ActionSpace = ["LEFT", "RIGHT"]
  private let chance: Double
  private var draws = Xoshiro256(seed: 0)
  private var left = 0

  init(chance: Double) { self.chance = chance }

  func reset(draws: Xoshiro256) {
    self.draws = draws
    left = 10
  }

  func step(_ action: Action) -> Transition {
    left -= 1
    let pays = action == 1 && draws.nextUnit() < chance
    return Transition(reward: pays ? 1 : 0, frames: 1, ending: left > 0 ? .none : .terminated)
  }

  func observe(into numbers: inout [Float]) { numbers.append(1) }
}

extension EnvironmentKind {
  static let twoLevers = EnvironmentKind(
    Component(
      id: "two-levers", doc: "Two levers, of which one may pay.",
      parameters: [
        Parameter(
          "chance", .number(.closed(0, 1)), default: 0.5, unit: "probability",
          doc: "How often the second lever pays a point.")
      ], returnRange: 0...10),
    make: { TwoLevers(chance: Settings($0, section: "environment").number("chance")) })
}

/// Draws parameters at random and keeps the best that it has met.
final class RandomSearch: Learner {
  private let deviation: Double
  private let best: AlignedFloats
  private var bestScore = -Double.infinity

  init(_ setup: LearnerSetup) {
    deviation = setup.settings.number("deviation")
    best = setup.player.model.makeBlock()
  }

  var searchesParameters: Bool { true }

  func prepare(_ player: Player, episode index: Int, _ context: UpdateContext) {
    var draws = context.streams.generator(.perturbation, index: UInt64(context.update))
    for i in 0..<best.count {
      player.model.parameters.floats[i] = Float(deviation * (2 * draws.nextUnit() - 1))
    }
    player.model.parametersDidChange()
  }

  func abandon(_ player: Player) { keepBest(player) }

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    if let score = batch.scores.max(), score > bestScore {
      bestScore = score
      best.copy(from: player.model.parameters)
    }
    keepBest(player)
    return UpdateRecord()
  }

  private func keepBest(_ player: Player) {
    player.model.parameters.copy(from: best)
    player.model.parametersDidChange()
  }

  func restart(_ player: Player, streams: RandomStreams) { bestScore = -.infinity }
  func tensors(_ player: Player) -> [Tensor] { [] }
  func load(_ find: (String) -> Tensor?, _ player: Player) -> String? { nil }
}

extension AlgorithmKind {
  static let randomSearch = AlgorithmKind(
    Component(
      id: "random-search", doc: "Parameters drawn at random, of which the best are kept.",
      parameters: [
        Parameter(
          "deviation", .number(.above(0)), default: 1, doc: "How large parameters are at most.")
      ]), batchSize: { _ in .episodes(1) }, makeLearner: { RandomSearch($0) })
}

@Suite("Adding an environment and an algorithm")
struct AddingTests {
  private let environments = embeddedEnvironments + [.twoLevers]
  private let algorithms = Algorithms.algorithms + [.randomSearch]

  @Test("What the lists have is found by its id, built with its parameters, and learns")
  func learns() throws {
    var configuration = Setup.configuration("reinforce", policy: "linear")
    configuration[path: "algorithm"] = ["kind": "random-search", "deviation": 3]
    configuration[path: "environment"] = ["id": "two-levers", "chance": 1]
    let kind = environments.chosen(by: "environment.id", in: configuration)
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 0),
      environments: try kind.make(configuration, 1, nil), algorithms: algorithms)
    var scores: [Double] = []
    for _ in 0..<40 { scores += try training.advance().episodes.map(\.summary.return) }
    #expect(scores.max() == 10)
    // The policy is the best that was met, and a greedy one pulls the paying lever each time.
    var player = training.player
    player.choice = .greedy
    let batch = DecisionBatch(for: player.model)
    let summary = try player.playEpisode(
      training.environment, into: batch, environmentDraws: Xoshiro256(seed: 1),
      policyDraws: Xoshiro256(seed: 2))
    #expect(summary.return == 10)
  }

  @Test("Every choice of every list is found by its own id alone")
  func lists() {
    func check<Kind: ComponentKind>(_ list: [Kind]) {
      for (i, kind) in list.enumerated() {
        let id = ConfigValue.string(kind.component.id)
        #expect(list.filter { $0.component.isNamed(id) }.count == 1)
        #expect(list.first(named: id)?.component.id == list[i].component.id)
      }
      #expect(list.first(named: "no-such-kind") == nil)
    }
    check(environments)
    check(observations)
    check(policies)
    check(algorithms)
    check(optimizers)
  }
}
