// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Policies
import Randomness
import Synchronization

/// Plays a batch of episodes in one environment or several. Where these wait for a worker, a
/// decision is made in each in turn: while we learn what one action led to, the worker takes those
/// of the others. Where they do not, each is played on a thread of its own.
///
/// Each episode has its own streams and the batch takes the episodes in their order, so what is
/// learned depends on neither the number of environments nor their speed.
final class EpisodeSlots {
  private let player: Player
  private let slots: [Slot]
  /// Who has the other seat in an episode, by its number, against the player of a slot.
  var opponent: ((Int, Player) -> Opponent)?
  /// The mean length of the last batch's episodes, decisions.
  private var usualLength = 0

  private final class Slot {
    let environment: any Environment
    let player: Player
    /// Of the episode under way; nil where the batch itself is, as it is for a single slot.
    let batch: DecisionBatch?
    /// The episode under way; nil when idle.
    var episode: Episode?
    /// Its number in the batch.
    var index = 0
    /// Whether an action is taken whose outcome is not known yet.
    var isWaiting = false

    init(_ environment: any Environment, _ player: Player, batch: DecisionBatch?) {
      (self.environment, self.player, self.batch) = (environment, player, batch)
    }
  }

  /// The slots' threads; one where they wait for a worker, or the policy has no twins.
  private let team: ThreadTeam

  init(environments: [any Environment], player: Player, threads: Int) {
    self.player = player
    var twins: [Player] = []
    let count = environments[0].remote == nil ? min(threads, environments.count) : 1
    while count > 1, twins.count < count, let twin = player.twin() { twins.append(twin) }
    team = ThreadTeam(twins.count)
    slots = environments.enumerated().map { number, environment in
      Slot(
        environment, number < twins.count ? twins[number] : player,
        batch: environments.count > 1 ? player.makeBatch() : nil)
    }
  }

  /// Plays a batch of episodes.
  ///
  /// With a size in decisions, an episode begins where those before it are likely to fill too
  /// little; one that is under way when the batch is full is dropped.
  ///
  /// - Parameter prepare: called before each episode with its number in the batch, from 0.
  func play(
    _ size: BatchSize, limit: Int, firstEpisode: Int, into batch: DecisionBatch,
    prepare: (Int) -> Void, _ draws: (Int) -> (environment: Xoshiro256, policy: Xoshiro256)
  ) throws(EnvironmentError) -> [EpisodeSummary] {
    if team.count > 1 {
      return try playTogether(size, limit: limit, firstEpisode: firstEpisode, into: batch, draws)
    }
    for slot in slots { (slot.episode, slot.isWaiting) = (nil, false) }
    var finished: [Int: (EpisodeSummary, DecisionBatch)] = [:]
    var summaries: [EpisodeSummary] = []
    var begun = 0
    /// Decisions of the batch's episodes that have ended.
    var filled: Int { batch.episodes.last?.upperBound ?? 0 }
    func isFull(_ episodes: Int, _ decisions: Int) -> Bool {
      episodes >= limit || size.isFull(episodes: episodes, decisions: decisions)
    }
    /// Decisions of all episodes that were begun, each under way being of the usual length or more.
    func expected() -> Int {
      finished.values.reduce(filled) { $0 + $1.1.count }
        + slots.reduce(0) {
          $1.episode == nil ? $0 : $0 + max(usualLength, $1.batch?.count ?? 0)
        }
    }
    while !isFull(summaries.count, filled) {
      for slot in slots {
        while slot.episode != nil || !isFull(begun, expected()) {
          if slot.episode == nil {
            prepare(begun)
            try begin(slot, begun, number: firstEpisode + begun, draws(firstEpisode + begun))
            begun += 1
          }
          guard let summary = try advance(slot, into: slot.batch ?? batch) else { break }
          guard let own = slot.batch else {
            summaries.append(summary)
            continue
          }
          let copy = player.makeBatch()
          copy.append(own)
          finished[slot.index] = (summary, copy)
          while let (summary, decisions) = finished[summaries.count],
            !isFull(summaries.count, filled)
          {
            finished[summaries.count] = nil
            batch.append(decisions)
            summaries.append(summary)
          }
        }
      }
    }
    usualLength = batch.count / max(1, summaries.count)
    return summaries
  }

  private func begin(
    _ slot: Slot, _ index: Int, number: Int, _ draws: (environment: Xoshiro256, policy: Xoshiro256)
  ) throws(EnvironmentError) {
    slot.episode = try Episode(
      slot.environment, slot.player, number: number, environmentDraws: draws.environment,
      policyDraws: draws.policy, opponent: opponent?(number, slot.player))
    slot.index = index
    slot.batch?.removeAll()
  }

  /// Plays on until an outcome must be waited for, or to the end; then it returns the summary.
  private func advance(
    _ slot: Slot, into batch: DecisionBatch
  ) throws(EnvironmentError) -> EpisodeSummary? {
    guard var episode = slot.episode else { return nil }
    var isOver = false
    if slot.isWaiting { isOver = try episode.finish(into: batch) }
    slot.isWaiting = false
    while !isOver {
      try episode.act(into: batch)
      if slot.environment.remote != nil {
        (slot.episode, slot.isWaiting) = (episode, true)
        return nil
      }
      isOver = try episode.finish(into: batch)
    }
    slot.episode = nil
    return episode.summary
  }
}

// MARK: Threads

extension EpisodeSlots {
  /// What the threads share.
  private final class Shared {
    var begun = 0
    /// Episodes that follow one that is not finished, with the units that fired.
    var finished: [Int: (EpisodeSummary, DecisionBatch, activity: [UInt8])] = [:]
    var summaries: [EpisodeSummary] = []
    /// Of the episode with the lowest number that failed.
    var failure: (index: Int, error: EnvironmentError)?
    /// Batches to be filled again.
    var spare: [DecisionBatch] = []
  }

  /// Every thread plays the next episode that is not begun, until the batch has enough. Episodes that
  /// turn out not to be needed are left where they are.
  private func playTogether(
    _ size: BatchSize, limit: Int, firstEpisode: Int, into batch: DecisionBatch,
    _ draws: (Int) -> (environment: Xoshiro256, policy: Xoshiro256)
  ) throws(EnvironmentError) -> [EpisodeSummary] {
    let shared = Shared()
    let lock = Mutex<Void>(())
    let isFull = Atomic<Bool>(false)
    func update() {
      while !isFull.load(ordering: .relaxed),
        let (summary, decisions, activity) = shared.finished.removeValue(
          forKey: shared.summaries.count)
      {
        player.model.addActivity(activity)
        batch.append(decisions)
        shared.spare.append(decisions)
        shared.summaries.append(summary)
        let count = shared.summaries.count
        if count >= limit || size.isFull(episodes: count, decisions: batch.count) {
          isFull.store(true, ordering: .relaxed)
        }
      }
    }
    func next() -> (index: Int, batch: DecisionBatch)? {
      var result: (Int, DecisionBatch)?
      lock.withLock { _ in
        let isEnough = size.isFull(episodes: shared.begun, decisions: batch.count)
        guard shared.begun < limit, !isEnough, shared.failure == nil else { return }
        result = (shared.begun, shared.spare.popLast() ?? player.makeBatch())
        shared.begun += 1
      }
      return result
    }
    team.together { number in
      let slot = slots[number]
      while !isFull.load(ordering: .relaxed), let (index, own) = next() {
        own.removeAll()
        slot.player.model.clearActivity()
        do throws(EnvironmentError) {
          let episode = try play(slot, firstEpisode + index, draws, into: own, until: isFull)
          lock.withLock { _ in
            shared.finished[index] = episode.map { ($0, own, slot.player.model.activity) }
            update()
          }
        } catch {
          lock.withLock { _ in
            if index < shared.failure?.index ?? .max { shared.failure = (index, error) }
          }
        }
      }
    }
    if let failure = shared.failure, !isFull.load(ordering: .relaxed) { throw failure.error }
    return shared.summaries
  }

  /// Plays one episode; nil where it is no longer needed.
  private func play(
    _ slot: Slot, _ number: Int,
    _ draws: (Int) -> (environment: Xoshiro256, policy: Xoshiro256), into batch: DecisionBatch,
    until isFull: borrowing Atomic<Bool>
  ) throws(EnvironmentError) -> EpisodeSummary? {
    let draws = draws(number)
    var episode = try Episode(
      slot.environment, slot.player, number: number, environmentDraws: draws.environment,
      policyDraws: draws.policy, opponent: opponent?(number, slot.player))
    repeat {
      if isFull.load(ordering: .relaxed) { return nil }
      try episode.act(into: batch)
    } while try !episode.finish(into: batch)
    return episode.summary
  }
}
