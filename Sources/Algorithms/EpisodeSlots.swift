// SPDX-License-Identifier: MIT

import Environments
import Policies
import Randomness

/// Plays several episodes at once, a decision in each in turn, where environments wait for a
/// worker: while we learn what one action led to, the worker takes those of the others.
///
/// Each episode has its own streams and the batch takes the episodes in their order, so what is
/// learned depends on neither the number of environments nor their speed.
final class EpisodeSlots {
  private let player: Player
  private let slots: [Slot]

  private final class Slot {
    let environment: any Environment
    let remote: (any RemoteEnvironment)?
    let batch: DecisionBatch
    /// The episode played last.
    var play: EpisodeInPlay?
    /// Its number in the batch; nil when idle.
    var episode: Int?
    /// Whether an action is taken whose outcome is not known yet.
    var isUnderWay = false
    var action = 0

    var summary: EpisodeSummary { play?.summary ?? EpisodeSummary() }

    init(_ environment: any Environment, _ player: Player) {
      self.environment = environment
      remote = environment as? any RemoteEnvironment
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
    for slot in slots { (slot.episode, slot.isUnderWay) = (nil, false) }
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
      for slot in slots {
        if slot.isUnderWay, let episode = try finish(slot) {
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
        if slot.episode == nil && mayBegin() && !isFull() {
          try begin(slot, begun, number: firstEpisode + begun, draws(firstEpisode + begun))
          begun += 1
        }
        if slot.episode != nil { try act(slot) }
      }
      if slots.allSatisfy({ $0.episode == nil }) { return summaries }
    }
  }

  private func begin(
    _ slot: Slot, _ episode: Int, number: Int,
    _ draws: (environment: Xoshiro256, policy: Xoshiro256)
  ) throws(EnvironmentError) {
    slot.play = try EpisodeInPlay(
      slot.environment, player, number: number, environmentDraws: draws.environment,
      policyDraws: draws.policy)
    slot.batch.removeAll()
    slot.episode = episode
  }

  private func act(_ slot: Slot) throws(EnvironmentError) {
    guard let action = try slot.play?.decide(into: slot.batch) else { return }
    slot.action = action
    slot.remote?.submit(action)
    slot.isUnderWay = true
  }

  /// Records what the action led to; gives the episode if it has ended.
  private func finish(_ slot: Slot) throws(EnvironmentError) -> Int? {
    slot.isUnderWay = false
    let transition =
      if let remote = slot.remote {
        try remote.collect()
      } else {
        try slot.environment.step(slot.action)
      }
    let isEnd = try slot.play?.record(transition, of: slot.action, into: slot.batch)
    guard isEnd == true else { return nil }
    defer { slot.episode = nil }
    return slot.episode
  }
}
