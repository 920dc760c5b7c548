// SPDX-License-Identifier: MIT

import Synchronization

/// Counts what is played, for a watcher on another thread. One thread counts; nothing that is
/// learned depends on it.
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

  package init() {}

  /// The counts now.
  package var moment: Moment {
    var moment = Moment()
    moment.episodes = episodes.load(ordering: .acquiring)
    let atEnd = decisionsAtEnd.load(ordering: .acquiring)
    moment.decisions = decisions.load(ordering: .relaxed)
    moment.decisionsSinceEnd = max(0, moment.decisions - atEnd)
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
