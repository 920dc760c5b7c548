// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A game of one point a decision whose single observation never changes, cut after some decisions.
private final class EndlessGame: Environment {
  let form = ObservationForm(.numbers, width: 1)
  let actions: ActionSpace = ["A", "B"]
  private let limit: Int
  private let ending: Transition.Ending
  private var decisions = 0

  init(limit: Int, ending: Transition.Ending) { (self.limit, self.ending) = (limit, ending) }

  func reset(draws: Xoshiro256) { decisions = 0 }

  func step(_ action: Action) -> Transition {
    decisions += 1
    return Transition(reward: 1, frames: 1, ending: decisions == limit ? ending : .none)
  }

  func observe(into numbers: inout [Float]) { numbers.append(1) }
}

/// Counts what it shows: observation n of an episode is n.
private final class CountingGame: Environment {
  let form = ObservationForm(.numbers, width: 1)
  let actions: ActionSpace = ["A", "B"]
  private var draws = Xoshiro256(seed: 0)
  private var (decisions, length) = (0, 0)

  func reset(draws: Xoshiro256) {
    self.draws = draws
    (decisions, length) = (0, 1 + Int(self.draws.next(below: 9)))
  }

  /// Episodes of an even length are cut, the others end.
  func step(_ action: Action) -> Transition {
    decisions += 1
    let ending: Transition.Ending =
      decisions < length ? .none : length % 2 == 0 ? .truncated : .terminated
    return Transition(reward: 0.5, frames: 1, ending: ending)
  }

  func observe(into numbers: inout [Float]) { numbers.append(Float(decisions)) }
}

@Suite("Time limits are not ends")
struct TimeLimitTests {
  private static func valueAtTheEnd(
    _ environments: [any Environment], lambda: ConfigValue
  ) throws -> Double {
    let configuration = Setup.configuration(
      "a2c", policy: "linear",
      [
        "returns.baseline": "value", "returns.gaeLambda": lambda, "returns.discount": 0.9,
        "returns.normalize": "none", "returns.resetAtPoint": false, "optimizer.momentum": 0,
        "optimizer.learningRate": 0.2, "algorithm.episodesPerUpdate": 4,
      ])
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 1),
      environments: environments)
    for _ in 0..<400 { _ = try training.advance() }
    let state = training.learner?.tensors(training.player) ?? []
    return Double(try #require(state.first { $0.name == "value.w1" }).values[0])
  }

  @Test(
    "The value of a game that only a limit ends is that of the endless game",
    arguments: [1, 3], [0, 0.95, 1] as [ConfigValue])
  func endless(environments count: Int, lambda: ConfigValue) throws {
    func games(_ ending: Transition.Ending) -> [any Environment] {
      (0..<count).map { _ in EndlessGame(limit: 10, ending: ending) }
    }
    // 1 / (1 − 0.9).
    let cut = try Self.valueAtTheEnd(games(.truncated), lambda: lambda)
    #expect(abs(cut - 10) < 0.01)
    let ended = try Self.valueAtTheEnd(games(.terminated), lambda: lambda)
    #expect(ended < 7)
  }

  private static func batch(_ environments: Int) throws -> DecisionBatch {
    let configuration = Setup.configuration("reinforce", policy: "linear")
    let games = (0..<environments).map { _ in CountingGame() }
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 3),
      environments: games)
    let batch = DecisionBatch(for: training.player.model)
    for episode in 0..<40 as Range<UInt64> {
      let one = DecisionBatch(for: training.player.model)
      _ = try training.player.playEpisode(
        games[0], into: one, environmentDraws: Xoshiro256(seed: episode),
        policyDraws: Xoshiro256(seed: episode))
      batch.append(one)
    }
    return batch
  }

  @Test("A batch keeps what was seen last in each cut episode, and in no other")
  func lastObservations() throws {
    let batch = try Self.batch(1)
    var (cut, ended) = (0, 0)
    for (episode, truncation) in zip(batch.episodes, batch.truncations) {
      guard let truncation else {
        #expect(episode.count % 2 == 1)
        ended += 1
        continue
      }
      #expect(episode.count % 2 == 0)
      #expect(batch.lastObservations.dense(truncation) == [Float(episode.count)])
      #expect(batch.observations.dense(episode.upperBound - 1) == [Float(episode.count - 1)])
      cut += 1
    }
    #expect(cut > 10 && ended > 10 && batch.lastObservations.count == cut)
    #expect(batch.truncatedShare == Double(cut) / 40)
    batch.removeAll()
    #expect(batch.lastObservations.count == 0 && batch.truncatedShare == 0)
  }

  @Test("Several environments learn what one does, and updates say what share was cut")
  func slots() throws {
    func run(_ count: Int) throws -> (weights: [Float], shares: [Double?]) {
      let configuration = Setup.configuration(
        "ppo", policy: "linear",
        [
          "returns.baseline": "value", "algorithm.episodesPerUpdate": 7,
          "returns.resetAtPoint": false,
        ])
      let training = Training(
        configuration: configuration, streams: RandomStreams(root: 0, seed: 3),
        environments: (0..<count).map { _ in CountingGame() })
      var shares: [Double?] = []
      for _ in 0..<5 { shares.append(try training.advance().record?.truncated) }
      return (Array(training.player.model.parameters.floats), shares)
    }
    let (one, many) = (try run(1), try run(4))
    #expect(one.weights == many.weights)
    #expect(one.shares == many.shares)
    #expect(one.shares.allSatisfy { $0.map { (0...1).contains($0) } ?? false })
    #expect(Set(one.shares).count > 1, "\(one.shares)")
  }

  @Test("A point at the cut ends the sum where sums end at points")
  func pointAtTheCut() {
    let model = Network(
      form: ObservationForm(.numbers, width: 1), hidden: [], outputs: 1, hasBias: false)
    let batch = DecisionBatch(for: model)
    for (t, reward) in [Float(0), 1].enumerated() {
      batch.observations.numbers.append(1)
      batch.record(logits: model.forward(batch.observations, t), action: 0)
      batch.record(reward: reward, isPoint: reward != 0)
    }
    batch.lastObservations.numbers.append(1)
    batch.endEpisode(score: 1, isTruncated: true)
    for (resets, expected) in [(true, [-0.25, 0.5]), (false, [0.75, 2.5])] as [(Bool, [Float])] {
      var (advantages, targets): ([Float], [Float]) = ([], [])
      AdvantageRule(
        configuration: Setup.configuration(
          "reinforce",
          [
            "returns.discount": 0.5, "returns.resetAtPoint": .bool(resets),
            "returns.normalize": "none", "returns.baseline": "value", "returns.gaeLambda": 1,
          ])
      ).computeAdvantages(
        of: batch, values: [0.75, 0.5], lastValues: [4], into: &advantages, targets: &targets)
      #expect(advantages == expected, "\(resets)")
    }
  }
}
