// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Policies
import Randomness

/// An episode while it is played, in any environment and for any algorithm: decide, then record what
/// the action led to, until it has ended.
struct EpisodeInPlay {
  /// What it has come to.
  private(set) var summary = EpisodeSummary()
  private let environment: any Environment
  private let player: Player
  /// For messages.
  private let number: Int?
  private var draws: Xoshiro256
  private var rule: RewardRule

  /// The largest size of a reward. Beyond it the return, a Double, would no longer tell single
  /// points apart, and the gradient, in Float, would soon be infinite.
  static let largestReward = 1e15

  /// Begins the episode.
  ///
  /// - Parameter environmentDraws, policyDraws: fresh streams of this episode.
  init(
    _ environment: any Environment, _ player: Player, number: Int?, environmentDraws: Xoshiro256,
    policyDraws: Xoshiro256
  ) throws(EnvironmentError) {
    try environment.reset(draws: environmentDraws)
    self.environment = environment
    self.player = player
    self.number = number
    draws = policyDraws
    rule = player.reward
    rule.reset()
  }

  /// Observes, decides, and records both in `batch`.
  @inline(__always)
  mutating func decide(into batch: DecisionBatch) throws(EnvironmentError) -> Int {
    try observe(into: batch.observations)
    let logits = player.model.forward(batch.observations, batch.count)
    for o in 0..<batch.logitCount where !logits[o].isFinite {
      throw overflow(batch.observations)
    }
    let action =
      player.choice == .sample
      ? player.distribution.sample(logits, &draws) : player.distribution.mode(logits)
    batch.record(logits: logits, action: action)
    player.counter.countDecision()
    return action
  }

  /// Records what the action decided last led to; returns whether the episode has ended.
  ///
  /// Of an episode that a time limit ended the batch keeps what was seen last as well: it would have
  /// gone on from there.
  @inline(__always)
  mutating func record(
    _ transition: Transition, of action: Int, into batch: DecisionBatch
  ) throws(EnvironmentError) -> Bool {
    guard abs(transition.reward) <= Self.largestReward else { throw broken(transition) }
    batch.record(
      reward: rule.learningReward(transition, action: action), isPoint: transition.reward != 0)
    summary.add(transition)
    switch transition.ending {
    case .none: return false
    case .terminated: batch.endEpisode(return: summary.return)
    case .truncated:
      try observe(into: batch.lastObservations)
      batch.endEpisode(return: summary.return, isTruncated: true)
    }
    player.counter.countEpisode()
    return true
  }

  /// Appends what is seen now.
  @inline(__always)
  private func observe(into observations: ObservationBatch) throws(EnvironmentError) {
    switch observations.form.entries {
    case .signs: observations.signs.append { environment.observe(&$0) }
    case .numbers:
      environment.observe(into: &observations.numbers)
      if let entry = observations.brokenEntry { throw broken(observations, entry) }
    }
  }

  // MARK: Errors

  private func broken(_ observations: ObservationBatch, _ entry: Int) -> EnvironmentError {
    let value = observations.numbers[observations.numbers.count - observations.form.count + entry]
    return error(
      decision: summary.length + 1,
      "entry \(entry) of the observation, counted from 0, is \(Self.text(Double(value)));"
        + " allowed: finite numbers")
  }

  /// Weights that are not finite are found after the update that made them.
  private func overflow(_ observations: ObservationBatch) -> EnvironmentError {
    let row = observations.dense(observations.count - 1)
    let largest = row.reduce(0) { max($0, abs($1)) }
    return error(
      decision: summary.length + 1,
      "the policy's output is not finite for an observation of up to \(largest) in size")
  }

  private func broken(_ transition: Transition) -> EnvironmentError {
    error(
      decision: summary.length + 1,
      "the reward is \(Self.text(transition.reward)); allowed: −1e15 … 1e15")
  }

  private func error(decision: Int, _ sentence: String) -> EnvironmentError {
    let id = environment.innermost.id
    let place = (number.map { "episode \($0), " } ?? "") + "decision \(decision)"
    return EnvironmentError(environment: id, description: "\(id): \(place): \(sentence)")
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "infinite" : "−infinite") : "\(value)"
  }
}
