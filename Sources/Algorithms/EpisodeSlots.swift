// SPDX-License-Identifier: MIT

import Environments
import Policies
import Randomness

/// Plays several episodes at once, a decision in each in turn, where environments wait for a
/// worker: all actions are submitted before the first outcome is collected.
///
/// Each episode has its own streams and the batch takes the episodes in their order, so what is
/// learned depends on neither the number of environments nor their speed.
final class EpisodeSlots {
  private let player: Player
  private let slots: [Slot]

  private final class Slot {
    let environment: any Environment
    let batch: DecisionBatch
    var draws = Xoshiro256(seed: 0)
    var summary = EpisodeSummary()
    /// Which episode of the batch is played; nil when idle.
    var episode: Int?
    var action = 0
    var rule: RewardRule

    init(_ environment: any Environment, _ player: Player) {
      self.environment = environment
      rule = player.reward
      batch = DecisionBatch(for: player.model)
    }
  }

  init(environments: [any Environment], player: Player) {
    self.player = player
    slots = environments.map { Slot($0, player) }
  }

  /// Plays a batch of episodes.
  ///
  /// With a size in decisions, episodes begin as long as those before them, whole, fill too
  /// little: all that were begun are played to their ends, and those beyond the batch are dropped.
  func play(
    _ size: BatchSize, limit: Int, firstEpisode: Int, into batch: DecisionBatch,
    _ draws: (Int) -> (environment: Xoshiro256, policy: Xoshiro256)
  ) throws(EnvironmentError) -> [EpisodeSummary] {
    var finished: [Int: (EpisodeSummary, DecisionBatch)] = [:]
    var summaries: [EpisodeSummary] = []
    var begun = 0
    func isFull() -> Bool {
      summaries.count >= limit || size.isFull(episodes: summaries.count, decisions: batch.count)
    }
    func mayBegin() -> Bool {
      begun < limit && !size.isFull(episodes: begun, decisions: batch.count)
    }
    while true {
      for slot in slots where slot.episode == nil && mayBegin() && !isFull() {
        let (environmentDraws, policyDraws) = draws(firstEpisode + begun)
        try slot.environment.reset(draws: environmentDraws)
        slot.draws = policyDraws
        slot.summary = EpisodeSummary()
        slot.rule.reset()
        slot.batch.removeAll()
        slot.episode = begun
        begun += 1
      }
      let busy = slots.filter { $0.episode != nil }
      if busy.isEmpty { return summaries }
      for slot in busy {
        slot.action = player.decide(slot.environment, into: slot.batch, &slot.draws)
        (slot.environment as? any RemoteEnvironment)?.submit(slot.action)
      }
      for slot in busy {
        let transition =
          if let remote = slot.environment as? any RemoteEnvironment {
            try remote.collect()
          } else {
            try slot.environment.step(slot.action)
          }
        slot.batch.record(
          reward: slot.rule.learningReward(transition, action: slot.action),
          isPoint: transition.reward != 0)
        slot.summary.add(transition)
        guard transition.isEnd, let episode = slot.episode else { continue }
        slot.batch.endEpisode(return: slot.summary.return)
        slot.episode = nil
        if episode == summaries.count {
          if !isFull() {
            batch.append(slot.batch)
            summaries.append(slot.summary)
          }
        } else {
          let copy = DecisionBatch(for: player.model)
          copy.append(slot.batch)
          finished[episode] = (slot.summary, copy)
        }
        while let (summary, decisions) = finished.removeValue(forKey: summaries.count) {
          if isFull() { break }
          batch.append(decisions)
          summaries.append(summary)
        }
      }
    }
  }
}
