// SPDX-License-Identifier: MIT

import Diagnostics

/// What a trial's process does just now, as its heartbeat says: tells a slow trial from one that
/// hangs.
package struct TrialActivity: Codable, Hashable, Sendable {
  package enum Phase: String, Codable, Hashable, Sendable {
    /// The environment is being made.
    case starting
    /// An episode of the training is played.
    case playing
    /// The policy is updated.
    case updating
    /// An episode of the evaluation is played.
    case evaluating
    /// A game for the report is played.
    case recording
    /// Files are written.
    case writing
  }

  package var phase: Phase
  /// The episode under way, from 1; nil where none is.
  package var episode: Int?
  /// Decisions since the last episode ended, those of all episodes under way together.
  package var decisions = 0
  /// Whole seconds for which it has waited for its environment's answer.
  package var waitingSeconds = 0
  /// Grows as long as anything goes on: decisions, episodes, or computing of our own. One that
  /// stands still is the sign of a process that hangs.
  package var signs = 0

  /// What a process does first.
  package static let starting = TrialActivity(phase: .starting)

  /// Decisions of a first episode under way; nil in later ones, and before it.
  package var decisionsWithoutEnd: Int? {
    [.playing, .writing].contains(phase) && episode == 1 && decisions > 0 ? decisions : nil
  }

  /// `playing episode 12, 340 decisions so far`, in words for people.
  package var words: String {
    let waiting =
      waitingSeconds > 0
      ? "; has waited for the environment for \(Numbers.whole(waitingSeconds)) s" : ""
    let played =
      "\(Numbers.whole(episode ?? 0)), \(Numbers.whole(decisions)) decisions so far\(waiting)"
    switch phase {
    case .starting: return "makes the environment" + waiting
    case .playing: return "plays episode \(played)"
    case .updating: return "updates the policy"
    case .evaluating: return "plays evaluation episode \(played)"
    case .recording: return "records a game" + waiting
    case .writing: return "writes its files"
    }
  }
}
