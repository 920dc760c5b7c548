// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A contextual bandit with sparse observations: one input is lit, and the right action is the
/// input's parity.
final class ParityBandit: Environment {
  let form = ObservationForm(.signs, width: 8)
  let actions = ["EVEN", "ODD"]
  private var draws = Xoshiro256(seed: 0)
  private var lit = 0
  private var left = 0

  func reset(draws: Xoshiro256) {
    self.draws = draws
    left = 20
    lit = Int(self.draws.next(below: 8))
  }

  func step(_ action: Int) -> Transition {
    let reward: Double = action == lit % 2 ? 1 : -1
    left -= 1
    lit = Int(draws.next(below: 8))
    return Transition(reward: reward, frames: 1, ending: left == 0 ? .terminated : .none)
  }

  func observe(_ writer: inout SignWriter) {
    writer.put(lit)
    writer.beginMinus()
  }
}

@Suite("Learning")
struct LearningTests {
  static func configuration(
    learningRate: Double = 1e-2, hidden: Double = 16, l2: Double = 0, normalize: String = "episode"
  ) -> ConfigValue {
    [
      "environment": [
        "id": "pong", "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25,
        "maxFrames": 108_000, "actions": ["RIGHT", "LEFT"],
      ],
      "observation": ["kind": "difference"],
      "policy": ["kind": "mlp", "hidden": [.number(hidden)], "bias": false],
      "returns": ["discount": 0.99, "normalize": .string(normalize), "resetAtPoint": true],
      "algorithm": ["kind": "reinforce", "episodesPerUpdate": 2],
      "optimizer": [
        "kind": "rmsprop", "learningRate": .number(learningRate), "decay": 0.99, "epsilon": 1e-5,
        "l2": .number(l2),
      ],
    ]
  }

  static func training(
    seed: UInt64, _ configuration: ConfigValue, _ environment: any Environment,
    kernels: SparseKernels = SparseKernels()
  ) -> Training {
    Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: seed),
      environment: environment, kernels: kernels)
  }

  @Test("REINFORCE masters a contextual bandit", arguments: 0..<5)
  func bandit(seed: UInt64) throws {
    let training = Self.training(seed: seed, Self.configuration(), ParityBandit())
    var last: [Double] = []
    for _ in 0..<300 { last = try training.advance(limit: 2).episodes.map(\.summary.return) }
    // Random play has a mean of 0; a right choice everywhere gives 20.
    #expect(last.allSatisfy { $0 >= 18 }, "seed \(seed): \(last)")
  }

  @Test("One update equals the slow formula over dense frames")
  func slowReference() throws {
    let configuration = Self.configuration(learningRate: 1e-3, hidden: 9, l2: 0.01)
    let training = Self.training(
      seed: 4, configuration, PongEnvironment(configuration: configuration))
    let policy = training.policy
    func weights() -> (w1: [Double], w2: [Double]) {
      let parts = policy.tensors(of: policy.parameters, prefix: "")
      return (parts[0].values.map(Double.init), parts[1].values.map(Double.init))
    }
    let before = weights()
    let streams = RandomStreams(root: 0, seed: 4)
    let batch = DecisionBatch(inputCount: 6400, maskBytes: policy.maskBytes)
    let environment = PongEnvironment(configuration: configuration)
    for episode in 1...2 as ClosedRange<UInt64> {
      _ = try playEpisode(
        environment: environment, policy: policy, into: batch,
        environmentDraws: streams.generator(.trainingEnvironment, index: episode),
        policyDraws: streams.generator(.trainingPolicy, index: episode))
    }
    var advantages: [Float] = []
    Returns(configuration: configuration).computeAdvantages(
      rewards: batch.rewards, episodes: batch.episodes, into: &advantages)
    var g1 = [Double](repeating: 0, count: before.w1.count)
    var g2 = [Double](repeating: 0, count: before.w2.count)
    for t in 0..<batch.count {
      let entries = batch.observations.entries(of: t)
      var hidden = [Double](repeating: 0, count: 9)
      for h in 0..<9 {
        for d in entries.plus { hidden[h] += before.w1[h * 6400 + d] }
        for d in entries.minus { hidden[h] -= before.w1[h * 6400 + d] }
      }
      let z = zip(hidden, before.w2).reduce(0) { $0 + max(0, $1.0) * $1.1 }
      let y: Double = batch.actions[t] == 0 ? 1 : 0
      let coefficient = (y - sigmoid(z)) * Double(advantages[t])
      for h in 0..<9 where hidden[h] > 0 {
        g2[h] += coefficient * hidden[h]
        for d in entries.plus { g1[h * 6400 + d] += coefficient * before.w2[h] }
        for d in entries.minus { g1[h * 6400 + d] -= coefficient * before.w2[h] }
      }
    }
    _ = try training.advance(limit: 2)
    let after = weights()
    func check(_ gradient: [Double], _ old: [Double], _ new: [Double], _ name: String) {
      for i in gradient.indices {
        let g = gradient[i] - 0.01 * old[i]
        let expected = old[i] + 1e-3 * g / ((0.01 * g * g).squareRoot() + 1e-5)
        // Where g is all but 0 its sign is a matter of rounding.
        if abs(gradient[i]) > 1e-2 {
          #expect(abs(new[i] - expected) < 2e-5, "\(name)[\(i)]")
        }
      }
    }
    check(g1, before.w1, after.w1, "w1")
    check(g2, before.w2, after.w2, "w2")
  }

  @Test("The same seed gives the same bits on both register widths, other seeds do not")
  func determinism() throws {
    let configuration = Self.configuration(hidden: 20)
    func weights(_ seed: UInt64, _ kernels: SparseKernels) throws -> [Float] {
      let training = Self.training(
        seed: seed, configuration, PongEnvironment(configuration: configuration), kernels: kernels)
      for _ in 0..<3 { _ = try training.advance(limit: 2) }
      return Array(training.policy.parameters.floats)
    }
    let first = try weights(1, SparseKernels())
    try #expect(first == weights(1, SparseKernels(width: .baseline)))
    try #expect(first != weights(2, SparseKernels()))
  }

  @Test("KL and entropy are what direct summation gives", arguments: [-8.0, -1, 0, 0.3, 5])
  func closedForms(z: Double) {
    let p = sigmoid(z)
    #expect(abs(Bernoulli.entropy(z) + p * logarithm(p) + (1 - p) * logarithm(1 - p)) < 1e-12)
    for other in [-6.0, -0.2, 0, 2, 7] {
      let q = sigmoid(other)
      let direct = p * logarithm(p / q) + (1 - p) * logarithm((1 - p) / (1 - q))
      #expect(abs(Bernoulli.divergence(z, other) - direct) < 1e-11)
    }
    #expect(Bernoulli.divergence(z, z) == 0)
  }

  @Test("Random play learns nothing and loses like a random player")
  func random() throws {
    var configuration = Self.configuration()
    if case .object(var sections) = configuration {
      sections["algorithm"] = ["kind": "random"]
      configuration = .object(sections)
    }
    let training = Self.training(
      seed: 0, configuration, PongEnvironment(configuration: configuration))
    var returns: [Double] = []
    for _ in 0..<10 { returns += try training.advance(limit: 10).episodes.map(\.summary.return) }
    #expect(training.progress.updates == 0)
    let mean = returns.reduce(0, +) / 100
    #expect(mean < -19.5 && mean > -21, "\(mean)")
  }
}
