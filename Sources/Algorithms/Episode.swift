// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Policies
package import Randomness

/// Who has the other seat of a game for two.
package struct Opponent {
  let player: Player
  let draws: Xoshiro256
  /// Whether its decisions are learned from as well.
  let teaches: Bool

  package init(_ player: Player, draws: Xoshiro256, teaches: Bool = false) {
    (self.player, self.draws, self.teaches) = (player, draws, teaches)
  }
}

/// The other player of an episode under way.
private final class Rival {
  private var episode: Episode
  let batch: DecisionBatch
  let teaches: Bool

  init(episode: Episode, batch: DecisionBatch, teaches: Bool) {
    (self.episode, self.batch, self.teaches) = (episode, batch, teaches)
  }

  func act() throws(EnvironmentError) { try episode.act(into: batch) }

  func finish() throws(EnvironmentError) { _ = try episode.finish(into: batch) }
}

/// An episode while it is played, in any environment and for any algorithm: act, then finish the
/// decision by recording what the action led to, until the episode has ended.
struct Episode {
  /// What it has come to.
  private(set) var summary = EpisodeSummary()
  /// The action decided last, and the game's reward for it.
  private(set) var action: Action = 0
  private(set) var reward = 0.0
  private let environment: any Environment
  /// The same, where its steps are taken elsewhere.
  private let remote: (any RemoteEnvironment)?
  private let player: Player
  /// Where observations are normalized.
  private let normalization: Normalization?
  /// For messages.
  private let number: Int?
  private var draws: Xoshiro256
  private var rule: RewardRule
  /// In a game for two, the other player.
  private var rival: Rival?

  /// The largest size of a reward. Beyond it the return, a Double, would no longer tell single
  /// points apart, and the gradient, in Float, would soon be infinite.
  static let largestReward = 1e15

  /// Begins the episode.
  ///
  /// - Parameters:
  ///   - environmentDraws, policyDraws: fresh streams of this episode.
  ///   - opponent: who has the other seat, where the environment has one.
  init(
    _ environment: any Environment, _ player: Player, number: Int?, environmentDraws: Xoshiro256,
    policyDraws: Xoshiro256, opponent: Opponent? = nil
  ) throws(EnvironmentError) {
    try environment.reset(draws: environmentDraws)
    self.environment = environment
    remote = environment.remote
    self.player = player
    normalization = player.normalization.flatMap { $0.seesObservations ? $0 : nil }
    self.number = number
    draws = policyDraws
    rule = player.reward
    rule.reset()
    guard let seat = environment.rival else { return }
    guard let opponent else { preconditionFailure("\(environment.id) needs an opponent") }
    rival = Rival(
      episode: try Episode(
        seat, opponent.player, number: number, environmentDraws: environmentDraws,
        policyDraws: opponent.draws),
      batch: opponent.player.makeBatch(), teaches: opponent.teaches)
  }

  /// Observes, decides, records both in `batch`, and has a remote environment take the step.
  @inline(__always)
  mutating func act(into batch: DecisionBatch) throws(EnvironmentError) {
    try observe(into: batch.observations)
    if let normalization {
      batch.rawObservations += batch.observations.numbers.suffix(batch.observations.form.count)
      normalization.normalizeLast(&batch.observations.numbers)
    }
    let logits = player.model.forward(batch.observations, batch.count)
    for o in 0..<batch.logitCount where !logits[o].isFinite {
      throw overflow(batch.observations)
    }
    action =
      player.choice == .sample
      ? player.distribution.sample(logits, &draws, into: &batch.actions)
      : player.distribution.mode(logits, into: &batch.actions)
    batch.record(logits: logits)
    player.model.keepGates(in: batch.keptGates)
    player.counter.countDecision()
    remote?.submit(action)
    try rival?.act()
  }

  /// Takes the step, or waits for it, and records what it led to; returns whether the episode has
  /// ended.
  ///
  /// Of an episode that a time limit ended the batch keeps what was seen last as well: it would have
  /// gone on from there.
  @inline(__always)
  mutating func finish(into batch: DecisionBatch) throws(EnvironmentError) -> Bool {
    let transition =
      if let remote { try remote.collect() } else { try environment.step(action) }
    reward = transition.reward
    guard abs(reward) <= Self.largestReward else { throw broken(transition) }
    batch.record(
      reward: rule.learningReward(transition, action: action), isPoint: reward != 0)
    summary.add(transition)
    try rival?.finish()
    switch transition.ending {
    case .none: return false
    case .terminated: batch.endEpisode(score: summary.return)
    case .truncated:
      batch.lastObservations.begin(after: batch.observations)
      try observe(into: batch.lastObservations)
      if let normalization {
        normalization.normalizeLast(&batch.lastObservations.numbers)
      }
      batch.endEpisode(score: summary.return, isTruncated: true)
    }
    if let rival, rival.teaches {
      batch.append(rival.batch)
      summary.length += rival.batch.count
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
      "entry \(entry) of the observation, counted from 0, is \(Self.text(Double(value)));"
        + " allowed: finite numbers")
  }

  /// Weights that are not finite are found after the update that made them.
  private func overflow(_ observations: ObservationBatch) -> EnvironmentError {
    let row = observations.dense(observations.count - 1)
    let largest = row.reduce(0) { max($0, abs($1)) }
    return error(
      "the policy's output is not finite for an observation of up to \(largest) in size")
  }

  private func broken(_ transition: Transition) -> EnvironmentError {
    error("the reward is \(Self.text(transition.reward)); allowed: −1e15 … 1e15")
  }

  private func error(_ sentence: String) -> EnvironmentError {
    let id = environment.innermost.id
    let place = (number.map { "episode \($0), " } ?? "") + "decision \(summary.length + 1)"
    return EnvironmentError(environment: id, description: "\(id): \(place): \(sentence)")
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "infinite" : "−infinite") : "\(value)"
  }
}
