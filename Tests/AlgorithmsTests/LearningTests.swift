// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// An algorithm with settings at which it learns the bandit.
struct LearnerCase: CustomTestStringConvertible, Sendable {
  let algorithm: String
  let optimizer: String
  var policy = "mlp"
  let changes: [String: ConfigValue]
  var testDescription: String { algorithm + (changes["returns.baseline"] == nil ? "" : ", value") }

  static let value: [String: ConfigValue] = [
    "returns.baseline": "value", "returns.normalize": "batch",
  ]

  static let all: [LearnerCase] = [
    LearnerCase(
      algorithm: "reinforce", optimizer: "rmsprop", changes: ["optimizer.learningRate": 0.01]),
    LearnerCase(
      algorithm: "reinforce", optimizer: "adam",
      changes: value.merging(["optimizer.learningRate": 0.01, "policy.bias": true]) { $1 }),
    LearnerCase(
      algorithm: "kl-line-search", optimizer: "rmsprop",
      changes: ["optimizer.learningRate": 0.01, "algorithm.maxKL": 0.05]),
    LearnerCase(algorithm: "trpo", optimizer: "adam", changes: ["algorithm.maxKL": 0.05]),
    LearnerCase(
      algorithm: "trpo", optimizer: "adam",
      changes: value.merging(["algorithm.maxKL": 0.05, "optimizer.learningRate": 0.01]) { $1 }),
    LearnerCase(
      algorithm: "ppo", optimizer: "adam",
      changes: value.merging([
        "optimizer.learningRate": 0.01, "policy.initialization": "orthogonal",
        "policy.hidden": [16, 16], "algorithm.minibatches": 2,
      ]) { $1 }),
    LearnerCase(
      algorithm: "a2c", optimizer: "adam",
      changes: value.merging(["optimizer.learningRate": 0.02, "algorithm.entropyBonusEnd": 0]) {
        $1
      }),
    LearnerCase(
      algorithm: "cem", optimizer: "sgd", policy: "linear",
      changes: ["algorithm.population": 60, "algorithm.extraNoise": 0.2]),
  ]

  func training(
    _ environments: any Environment..., seed: UInt64 = 0,
    kernels: LaneKernels = LaneWidth.widest.kernels,
    with more: [String: ConfigValue] = [:]
  ) -> Training {
    var all: [String: ConfigValue] = ["returns.discount": 0.5, "returns.resetAtPoint": false]
    if policy == "mlp" { all["policy.hidden"] = [16] }
    if algorithm != "cem" { all["algorithm.episodesPerUpdate"] = 4 }
    let configuration = Setup.configuration(
      algorithm, optimizer: optimizer, policy: policy,
      all.merging(changes) { $1 }.merging(more) { $1 })
    return Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: seed),
      environments: environments, kernels: kernels)
  }
}

@Suite("Every algorithm learns, and keeps its promises")
struct LearningTests {
  @Test(
    "It masters a contextual bandit, on three of four seeds at least", arguments: LearnerCase.all)
  func bandit(learner: LearnerCase) throws {
    for (actions, entries) in [(2, ObservationForm.Entries.signs), (4, .numbers)] {
      var sums: [Double] = []
      for seed in 0..<4 as Range<UInt64> {
        let updates = learner.algorithm == "cem" ? 80 : 150
        let episodes = updates * (learner.algorithm == "cem" ? 60 : 4)
        let training = learner.training(
          ParityBandit(actions: actions, entries), seed: seed,
          with: ["training.episodes": .number(Double(episodes))])
        while !training.isDone { _ = try training.advance() }
        #expect(training.progress.updates == updates)
        // Random play has a mean of 0, with four actions −10; a right choice everywhere gives 20.
        var player = training.player
        player.choice = .greedy
        let batch = DecisionBatch(for: player.model)
        var sum = 0.0
        for episode in 0..<10 as Range<UInt64> {
          sum += try player.playEpisode(
            training.environment, into: batch, environmentDraws: Xoshiro256(seed: episode),
            policyDraws: Xoshiro256(seed: episode + 100)
          ).return
        }
        sums.append(sum)
      }
      #expect(sums.count { $0 >= 180 } >= 3, "\(actions) actions: \(sums)")
    }
  }

  @Test(
    "It learns several choices at once, and numbers, on two of three seeds at least",
    arguments: LearnerCase.all)
  func otherSpaces(learner: LearnerCase) throws {
    for (space, floor) in [(ActionSpace.product([3, 2]), 16.0), (.box([-1...1, -2...2]), -3.0)] {
      var means: [Double] = []
      for seed in 0..<3 as Range<UInt64> {
        let updates = learner.algorithm == "cem" ? 80 : 200
        let episodes = updates * (learner.algorithm == "cem" ? 60 : 4)
        let training = learner.training(
          TargetBandit(space), seed: seed,
          with: ["training.episodes": .number(Double(episodes)), "policy.bias": true])
        while !training.isDone { _ = try training.advance() }
        var player = training.player
        player.choice = .greedy
        let sums = try (0..<10 as Range<UInt64>).map { episode in
          try player.playEpisode(
            training.environment, into: player.makeBatch(),
            environmentDraws: Xoshiro256(seed: episode), policyDraws: Xoshiro256(seed: episode)
          ).return
        }
        means.append(sums.reduce(0, +) / 10)
      }
      #expect(means.count { $0 >= floor } >= 2, "\(space): \(means)")
    }
  }

  @Test("A checkpoint continues bit for bit", arguments: LearnerCase.all)
  func checkpoints(learner: LearnerCase) throws {
    func make() -> Training {
      learner.training(
        ParityBandit(actions: 4, .numbers, varies: true), seed: 3,
        with: ["training.episodes": 1000, "optimizer.schedule": "linear"])
    }
    func stored(_ training: Training) -> [Tensor] {
      training.player.model.tensors(of: training.player.model.parameters, prefix: "policy.")
        + (training.learner?.tensors(training.player) ?? [])
    }
    let first = make()
    for _ in 0..<3 { _ = try first.advance() }
    let (tensors, progress) = (stored(first), first.progress)
    let file = try Checkpoint(
      decoding: Checkpoint(metadata: [:], tensors: tensors).encoded(), path: "memory")
    for _ in 0..<3 { _ = try first.advance() }

    let second = make()
    // What is loaded replaces what was learned otherwise.
    _ = try second.advance()
    let model = second.player.model
    #expect(model.load({ file[$0] }, prefix: "policy.", into: model.parameters) == nil)
    #expect(second.learner?.load({ file[$0] }, second.player) == nil)
    second.progress = progress
    #expect(stored(second) == tensors)
    for _ in 0..<3 { _ = try second.advance() }
    #expect(stored(second) == stored(first))
    #expect(second.progress == first.progress)
    #expect(stored(second) != tensors)
  }

  @Test("A checkpoint without a part is refused in words", arguments: LearnerCase.all)
  func missingParts(learner: LearnerCase) throws {
    let training = learner.training(ParityBandit(actions: 4, .numbers))
    let state = try #require(training.learner).tensors(training.player)
    for missing in state {
      let problem = training.learner?.load(
        { name in state.first { $0.name == name && name != missing.name } }, training.player)
      #expect(problem == "\(missing.name) is missing")
    }
  }

  @Test("The same seed gives the same bits on both register widths", arguments: LearnerCase.all)
  func widths(learner: LearnerCase) throws {
    func weights(_ seed: UInt64, _ kernels: LaneKernels) throws -> [Float] {
      let training = learner.training(ParityBandit(varies: true), seed: seed, kernels: kernels)
      for _ in 0..<3 { _ = try training.advance() }
      return Array(training.player.model.parameters.floats)
    }
    let first = try weights(1, LaneWidth.widest.kernels)
    try #expect(first == weights(1, LaneWidth.baseline.kernels))
    try #expect(first != weights(2, LaneWidth.widest.kernels))
  }

  @Test("A restarted training is a new one", arguments: LearnerCase.all)
  func restarts(learner: LearnerCase) throws {
    let (used, new) = (learner.training(ParityBandit()), learner.training(ParityBandit()))
    for _ in 0..<2 { _ = try used.advance() }
    used.restart()
    for training in [used, new] { for _ in 0..<2 { _ = try training.advance() } }
    #expect(Array(used.player.model.parameters.floats) == Array(new.player.model.parameters.floats))
    #expect(used.progress == new.progress)
  }

  @Test("A training in decisions ends with the update that reaches them")
  func decisions() throws {
    let training = LearnerCase.all[0].training(
      ParityBandit(varies: true),
      with: ["training.decisions": 500, "algorithm.decisionsPerUpdate": 70])
    var last = 0.0
    while !training.isDone {
      #expect(training.share >= last && training.share < 1)
      last = training.share
      let step = try training.advance()
      let lengths = step.episodes.map(\.summary.length)
      #expect(lengths.reduce(0, +) >= 70 && lengths.dropLast().reduce(0, +) < 70)
      #expect(training.share == min(1, Double(training.progress.decisions) / 500))
    }
    #expect(training.share == 1)
    #expect((500..<600).contains(training.progress.decisions))
  }

  @Test("The last batch is cut to the episodes that are left")
  func lastBatch() throws {
    let training = LearnerCase.all[0].training(ParityBandit(), with: ["training.episodes": 10])
    var sizes: [Int] = []
    while !training.isDone { sizes.append(try training.advance().episodes.count) }
    #expect(sizes == [4, 4, 2])
    #expect(training.share == 1)
  }

  @Test("Random play learns nothing and plays like a coin")
  func random() throws {
    let training = Setup.training(
      Setup.configuration("random", ["training.episodes": 500]), ParityBandit(actions: 4))
    var returns: [Double] = []
    while !training.isDone { returns += try training.advance().episodes.map(\.summary.return) }
    #expect(training.progress.updates == 0 && returns.count == 500)
    // Right with probability ¼: −10 a game, deviation 3.9; five standard errors.
    let mean = returns.reduce(0, +) / 500
    #expect(abs(mean + 10) < 0.9, "\(mean)")
  }
}
