// SPDX-License-Identifier: MIT

import Synchronization

/// Counts what is played, for a watcher on another thread. One thread counts, and others in parts of
/// their own; nothing that is learned depends on it.
package final class PlayCounter: Sendable {
  /// The counts at one moment.
  package struct Moment: Hashable, Sendable {
    /// Decisions taken so far.
    package var decisions = 0
    /// Episodes that have ended so far.
    package var episodes = 0
    /// Decisions since the last episode ended, those of all episodes under way together.
    package var decisionsSinceEnd = 0
    /// Whether the policy is being updated.
    package var isUpdating = false

    package init() {}
  }

  private let decisions = Atomic<Int>(0)
  private let episodes = Atomic<Int>(0)
  private let decisionsAtEnd = Atomic<Int>(0)
  private let updating = Atomic<Bool>(false)
  private let parts = Mutex<[PlayCounter]>([])

  package init() {}

  /// A counter for another thread, whose counts are part of these.
  func part() -> PlayCounter {
    let part = PlayCounter()
    parts.withLock { $0.append(part) }
    return part
  }

  /// The counts now.
  package var moment: Moment {
    var moment = Moment()
    for part in [self] + parts.withLock({ $0 }) {
      moment.episodes += part.episodes.load(ordering: .acquiring)
      let atEnd = part.decisionsAtEnd.load(ordering: .acquiring)
      let decisions = part.decisions.load(ordering: .relaxed)
      moment.decisions += decisions
      moment.decisionsSinceEnd += max(0, decisions - atEnd)
    }
    moment.isUpdating = updating.load(ordering: .relaxed)
    return moment
  }

  // A load and a store are cheaper than an addition that other writers could share.
  @inline(__always)
  func countDecision() {
    decisions.store(decisions.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  func countEpisode() {
    decisionsAtEnd.store(decisions.load(ordering: .relaxed), ordering: .releasing)
    episodes.store(episodes.load(ordering: .relaxed) &+ 1, ordering: .releasing)
  }

  func setUpdating(_ isUpdating: Bool) { updating.store(isUpdating, ordering: .relaxed) }
}
