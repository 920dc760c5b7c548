// SPDX-License-Identifier: MIT

import FoundationEssentials
package import RunStore

/// What a trial's process says on its stdout, about five times a second; for display only.
package struct ProgressLine: Codable, Hashable, Sendable {
  package enum Phase: String, Codable, Hashable, Sendable { case training, evaluating }

  /// Training episodes done.
  package var episodes: Int
  /// Training episodes in the end, as far as the trial can tell: it may be measured in decisions, or
  /// end early.
  package var targetEpisodes: Int?
  /// Training decisions done.
  package var decisions: Int?
  /// The smoothed mean of the returns, as in `TrialStatus`.
  package var smoothedMean: Double?
  /// Decisions a second.
  package var rate: Double?
  package var phase: Phase?
  /// Evaluation episodes done.
  package var evaluated: Int?
  /// What it does just now.
  package var activity: TrialActivity?

  package init(
    episodes: Int, targetEpisodes: Int? = nil, decisions: Int? = nil, smoothedMean: Double? = nil,
    rate: Double? = nil, phase: Phase? = nil, evaluated: Int? = nil,
    activity: TrialActivity? = nil
  ) {
    self.activity = activity
    self.episodes = episodes
    self.targetEpisodes = targetEpisodes
    self.decisions = decisions
    self.smoothedMean = smoothedMean
    self.rate = rate
    self.phase = phase
    self.evaluated = evaluated
  }

  /// Decisions of a first episode that has not ended yet; nil once one has, or before any.
  package var decisionsWithoutEnd: Int? {
    guard episodes == 0 else { return nil }
    return activity?.decisionsWithoutEnd
  }

  /// Reads one line; nil for anything that is not such an object with sensible numbers.
  package init?(line: [UInt8]) {
    guard line.first == UInt8(ascii: "{"),
      let read = try? JSONDecoder().decode(Self.self, from: Data(line)), read.episodes >= 0,
      (read.evaluated ?? 0) >= 0, (read.decisions ?? 0) >= 0,
      (read.targetEpisodes ?? 0) >= 0
    else { return nil }
    self = read
  }
}
