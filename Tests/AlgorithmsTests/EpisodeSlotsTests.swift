// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// A bandit whose step is taken elsewhere: it refuses a step that was not submitted, and notes in
/// what order it was asked.
final class RemoteBandit: RemoteEnvironment {
  final class Journal { var events: [String] = [] }

  private let inner: ParityBandit
  private let journal: Journal
  private var submitted: Action?

  init(_ inner: ParityBandit, _ journal: Journal) {
    self.inner = inner
    self.journal = journal
  }

  var form: ObservationForm { inner.form }
  var actions: ActionSpace { inner.actions }
  func reset(draws: Xoshiro256) { inner.reset(draws: draws) }
  func step(_ action: Action) -> Transition { inner.step(action) }
  func observe(_ writer: inout SignWriter) { inner.observe(&writer) }
  func observe(into numbers: inout [Float]) { inner.observe(into: &numbers) }

  func submit(_ action: Action) {
    journal.events.append("submit")
    submitted = action
  }

  func collect() throws(EnvironmentError) -> Transition {
    guard let action = submitted else {
      throw EnvironmentError(environment: "bandit", description: "nothing was submitted")
    }
    journal.events.append("collect")
    submitted = nil
    return inner.step(action)
  }
}

@Suite("Several environments at once")
struct EpisodeSlotsTests {
  private static let sizes: [[String: ConfigValue]] = [
    ["algorithm.episodesPerUpdate": 7],
    ["algorithm.decisionsPerUpdate": 90],
    // Ends in the middle of a batch.
    ["algorithm.episodesPerUpdate": 9, "training.episodes": 31],
    ["algorithm.decisionsPerUpdate": 90, "training.episodes": 31],
    ["algorithm.decisionsPerUpdate": 90, "training.decisions": 200],
  ]

  private func run(
    _ changes: [String: ConfigValue], _ environments: [any Environment], updates: Int = 5
  ) throws -> (weights: [Float], progress: Training.Progress, returns: [Double]) {
    let configuration = Setup.configuration(
      "reinforce",
      [
        "policy.hidden": [10], "optimizer.learningRate": 0.05, "reward.movementPenalty": 0.1,
        "returns.discount": 0.9,
      ].merging(changes) { $1 })
    let training = Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: 4),
      environments: environments)
    var returns: [Double] = []
    for _ in 0..<updates where !training.isDone {
      returns += try training.advance().episodes.map(\.summary.return)
    }
    return (Array(training.player.model.parameters.floats), training.progress, returns)
  }

  @Test(
    "The batches are those of one environment, to the bit", arguments: sizes, [1, 2, 3, 5, 16])
  func sameBits(size: [String: ConfigValue], count: Int) throws {
    for entries in [ObservationForm.Entries.signs, .numbers] {
      func bandit() -> ParityBandit { ParityBandit(actions: 3, entries, varies: true) }
      let one = try run(size, [bandit()])
      for many in [
        try run(size, (0..<count).map { _ in bandit() }),
        try run(size, (0..<count).map { _ in RemoteBandit(bandit(), RemoteBandit.Journal()) }),
      ] {
        #expect(one.weights == many.weights)
        #expect(one.progress == many.progress)
        #expect(one.returns == many.returns)
      }
      #expect(one.returns.count > 10)
    }
  }

  @Test("While an outcome is awaited, the worker has the actions of all other environments")
  func remote() throws {
    let journal = RemoteBandit.Journal()
    let size = Self.sizes[0]
    let one = try run(size, [ParityBandit(actions: 3, varies: true)])
    let many = try run(
      size, (0..<3).map { _ in RemoteBandit(ParityBandit(actions: 3, varies: true), journal) })
    #expect(one.weights == many.weights)
    var open = 0
    // How often an outcome was awaited with so many actions under way, its own among them.
    var awaited = [0, 0, 0, 0]
    for event in journal.events {
      if event == "submit" {
        open += 1
      } else {
        awaited[open] += 1
        open -= 1
      }
    }
    #expect(open == 0 && awaited[0] == 0)
    // Fewer only where a batch has no further episodes to begin.
    #expect(awaited[3] > 4 * (awaited[1] + awaited[2]), "\(awaited)")
  }

  @Test("An environment that fails ends the batch with its error")
  func failure() {
    final class Failing: Environment {
      let form = ObservationForm(.signs, width: 8)
      let actions: ActionSpace = ["A", "B"]
      func reset(draws: Xoshiro256) {}
      func step(_ action: Action) throws(EnvironmentError) -> Transition {
        throw EnvironmentError(environment: "failing", description: "broken")
      }
      func observe(_ writer: inout SignWriter) { writer.beginMinus() }
    }
    for count in [1, 3] {
      #expect(throws: EnvironmentError.self) {
        try run(Self.sizes[0], (0..<count).map { _ in Failing() })
      }
    }
  }
}
