// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// Episodes of ten decisions; at the sixth of the third, something is not a number to learn from.
final class BrokenGame: Environment {
  enum Fault: String, CaseIterable, Sendable {
    case nanObservation, infiniteObservation, nanReward, infiniteReward, hugeReward
  }

  let id = "broken-game"
  let form = ObservationForm(.numbers, width: 3)
  let actions: ActionSpace = ["A", "B"]
  private let fault: Fault
  private let episodes: Counter
  private var decisions = 0
  private var isBroken: Bool { episodes.count == 3 && decisions == 6 }

  final class Counter { var count = 0 }

  init(_ fault: Fault, _ episodes: Counter) { (self.fault, self.episodes) = (fault, episodes) }

  func reset(draws: Xoshiro256) {
    episodes.count += 1
    decisions = 0
  }

  func step(_ action: Action) -> Transition {
    decisions += 1
    let broken: Double? =
      switch fault {
      case .nanReward: .nan
      case .infiniteReward: -.infinity
      case .hugeReward: 1e300
      default: nil
      }
    return Transition(
      reward: isBroken ? broken ?? 1 : 1, frames: 1, ending: decisions == 10 ? .terminated : .none)
  }

  func observe(into numbers: inout [Float]) {
    let broken: Float =
      fault == .nanObservation ? .nan : fault == .infiniteObservation ? .infinity : 0
    numbers += [0, 0, isBroken ? broken : 0]
  }
}

@Suite("Numbers that are none") struct BrokenNumbersTests {
  private static let algorithms = [
    "reinforce", "kl-line-search", "trpo", "ppo", "a2c", "cem", "random",
  ]

  @Test(
    "Observations and rewards that are not finite end any training with their place",
    arguments: algorithms, BrokenGame.Fault.allCases)
  func refused(algorithm: String, fault: BrokenGame.Fault) throws {
    let counter = BrokenGame.Counter()
    let training = Setup.training(Setup.configuration(algorithm), BrokenGame(fault, counter))
    let error = #expect(throws: EnvironmentError.self) {
      for _ in 0..<3 { _ = try training.advance() }
    }
    let says =
      switch fault {
      case .nanObservation: "decision 7: entry 2 of the observation, counted from 0, is NaN;"
      case .infiniteObservation:
        "decision 7: entry 2 of the observation, counted from 0, is infinite;"
      case .nanReward: "decision 6: the reward is NaN;"
      case .infiniteReward: "decision 6: the reward is −infinite;"
      case .hugeReward: "decision 6: the reward is 1e+300;"
      }
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix("broken-game: episode 3, " + says), "\(sentence)")
    #expect(error?.environment == "broken-game")
  }

  @Test("So do those of one of several environments, and of an evaluation")
  func elsewhere() throws {
    let configuration = Setup.configuration("reinforce")
    let many = Setup.training(
      configuration, BrokenGame(.nanObservation, BrokenGame.Counter()),
      BrokenGame(.nanObservation, BrokenGame.Counter()))
    let error = #expect(throws: EnvironmentError.self) { _ = try many.advance() }
    #expect(error?.description.contains("is NaN") == true)
    let other = BrokenGame.Counter()
    other.count = 2
    let game = BrokenGame(.nanReward, other)
    let player = Setup.training(configuration, game).player
    #expect(throws: EnvironmentError.self) {
      _ = try player.playEpisode(
        game, number: 7, into: DecisionBatch(for: player.model),
        environmentDraws: Xoshiro256(seed: 1), policyDraws: Xoshiro256(seed: 2))
    }
  }

  @Test("A batch that cannot be played to its end leaves nothing behind", arguments: algorithms)
  func abandoned(algorithm: String) throws {
    func weights(_ training: Training) -> [Float] {
      Array(training.player.model.parameters.floats)
    }
    let counter = BrokenGame.Counter()
    // Breaks once, in the third episode of the second batch.
    let size = algorithm == "cem" ? 50 : 10
    counter.count = -size
    let training = Setup.training(
      Setup.configuration(algorithm), BrokenGame(.nanReward, counter), seed: 3)
    let healthy = BrokenGame.Counter()
    healthy.count = 1000
    let twin = Setup.training(
      Setup.configuration(algorithm), BrokenGame(.nanReward, healthy), seed: 3)
    _ = try training.advance()
    _ = try twin.advance()
    let (before, progress) = (weights(training), training.progress)
    #expect(throws: EnvironmentError.self) { _ = try training.advance() }
    #expect(weights(training) == before && training.progress == progress)
    _ = try training.advance()
    _ = try twin.advance()
    #expect(weights(training) == weights(twin) && training.progress == twin.progress)
  }

  @Test("What a limit cuts is looked at as well")
  func lastObservation() throws {
    final class LastIsBroken: Environment {
      let form = ObservationForm(.numbers, width: 1)
      let actions: ActionSpace = ["A", "B"]
      private var decisions = 0
      func reset(draws: Xoshiro256) { decisions = 0 }
      func step(_ action: Action) -> Transition {
        decisions += 1
        return Transition(reward: 1, frames: 1, ending: decisions == 4 ? .truncated : .none)
      }
      func observe(into numbers: inout [Float]) { numbers.append(decisions == 4 ? .nan : 1) }
    }
    let training = Setup.training(Setup.configuration("a2c"), LastIsBroken())
    let error = #expect(throws: EnvironmentError.self) { _ = try training.advance() }
    #expect(error?.description.contains("episode 1, decision 5: entry 0") == true)
  }

  @Test("An observation that a network cannot add up is named, not played on")
  func overflow() throws {
    final class Enormous: Environment {
      let form = ObservationForm(.numbers, width: 64)
      let actions: ActionSpace = ["A", "B"]
      func reset(draws: Xoshiro256) {}
      func step(_ action: Action) -> Transition { Transition(reward: 1, frames: 1, ending: .none) }
      func observe(into numbers: inout [Float]) {
        numbers += [Float](repeating: 3e38, count: 64)
      }
    }
    let training = Setup.training(
      Setup.configuration("cem", policy: "linear", ["algorithm.initialDeviation": 10]), Enormous())
    let error = #expect(throws: EnvironmentError.self) { _ = try training.advance() }
    #expect(error?.description.contains("for an observation of up to 3e+38 in size") == true)
  }

  @Test("Minibatches are as many as asked for, one decision each at least", arguments: 0..<40)
  func parts(count: Int) {
    for asked in 1...9 {
      let parts = minibatches(of: Array(0..<count), count: asked)
      #expect(parts.count == min(asked, count))
      #expect(parts.flatMap { $0 } == Array(0..<count))
      #expect(parts.allSatisfy { !$0.isEmpty })
    }
  }
}
