// SPDX-License-Identifier: MIT

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
  package var decisions: Int
  /// Whole seconds for which it has waited for its environment's answer.
  package var waitingSeconds: Int
  /// Grows as long as anything goes on: decisions, episodes, or computing of our own. One that
  /// stands still is the sign of a process that hangs.
  package var signs: Int

  package init(
    phase: Phase, episode: Int? = nil, decisions: Int = 0, waitingSeconds: Int = 0, signs: Int = 0
  ) {
    self.phase = phase
    self.episode = episode
    self.decisions = decisions
    self.waitingSeconds = waitingSeconds
    self.signs = signs
  }
}

extension TrialActivity {
  /// Decisions of a first episode under way; nil in later ones, and before it.
  package var decisionsWithoutEnd: Int? {
    [.playing, .writing].contains(phase) && episode == 1 && decisions > 0 ? decisions : nil
  }

  /// `playing episode 12, 340 decisions so far`, in words for people.
  ///
  /// - Parameter count: writes a number.
  package func words(_ count: (Int) -> String) -> String {
    let waiting =
      waitingSeconds > 0
      ? "; has waited for the environment for \(count(waitingSeconds)) s" : ""
    switch phase {
    case .starting: return "makes the environment" + waiting
    case .playing:
      return "plays episode \(count(episode ?? 0)), \(count(decisions)) decisions so far" + waiting
    case .updating: return "updates the policy"
    case .evaluating:
      return "plays evaluation episode \(count(episode ?? 0)), \(count(decisions)) decisions so far"
        + waiting
    case .recording: return "records a game" + waiting
    case .writing: return "writes its files"
    }
  }
}

extension TrialStatus {
  /// Changes as long as the process that writes this does something. Versions before 0.2 wrote a
  /// heartbeat only when they did.
  package var signOfLife: String {
    let process = "\(state.rawValue) \(process.pid) \(process.startTicks)"
    return activity.map { "\(process) \($0.signs)" }
      ?? "\(process) \(updatedAt) \(episodes) \(decisions) \(evaluated)"
  }

  /// Decisions of a first episode that has not ended yet; nil once one has, or before any.
  package var decisionsWithoutEnd: Int? {
    episodes == 0 ? activity?.decisionsWithoutEnd : nil
  }
}
