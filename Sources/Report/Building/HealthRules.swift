// SPDX-License-Identifier: MIT

import Statistics

/// What in a training is worth a sentence: each rule has a name, a threshold and a test.
enum HealthRule: String, CaseIterable, Sendable {
  case notANumber = "Not a number"
  case stuck = "Stuck at the bottom"
  case entropyCollapse = "Entropy collapse"
  case largeStep = "Large step"
  case deadUnits = "Dead units"

  /// Below this share of log 2 the policy chooses almost without chance, in nats per decision.
  static let collapsedEntropy = 0.05
  /// A final running mean below this, in points: worse than the random player, −20.5.
  static let bottom = -20.8
  /// Episodes that a training must have had before it can be called stuck.
  static let patience = 500
  /// Mean KL of one update above this, in nats per decision; ten times the usual bound of 0.01.
  static let largeDivergence = 0.1
  /// Share of hidden units that fired on no decision of the last updates.
  static let deadShare = 0.5

  /// The rule for the page, with its threshold.
  var meaning: String {
    switch self {
    case .notANumber:
      "A return, gradient norm, KL or entropy of a trial is NaN or infinite."
    case .stuck:
      "After \(Self.patience) episodes or more of Pong, the mean of the last 100 is below"
        + " −20.8, worse than chance (−20.5)."
    case .entropyCollapse:
      "The mean entropy of the last tenth of the updates is below 0.05 nats per decision (chance:"
        + " 0.69) while the mean return is below 0."
    case .largeStep:
      "An update moved the policy by a mean KL of more than 0.1 nats per decision."
    case .deadUnits:
      "In the last tenth of the updates, more than half of the hidden units fired on no decision."
    }
  }

  /// The number that fires the rule, or nil where it does not fire.
  func reading(_ trial: TrialDigest, isPong: Bool) -> Double? {
    let updates = trial.updates
    switch self {
    case .notANumber:
      let broken = trial.brokenEpisodes + updates.brokenUpdates
      return broken > 0 ? Double(broken) : nil
    case .stuck:
      guard isPong, trial.episodeCount >= Self.patience, let final = trial.finalMean else {
        return nil
      }
      return final < Self.bottom ? final : nil
    case .entropyCollapse:
      guard let last = Self.lastTenth(updates, .entropy), let final = trial.finalMean else {
        return nil
      }
      return last < Self.collapsedEntropy && final < 0 ? last : nil
    case .largeStep:
      return updates.largestKL.flatMap { $0.value > Self.largeDivergence ? $0.value : nil }
    case .deadUnits:
      return Self.lastTenth(updates, .deadUnits).flatMap { $0 > Self.deadShare ? $0 : nil }
    }
  }

  private static func lastTenth(_ updates: UpdateTrace, _ measure: UpdateTrace.Measure) -> Double? {
    guard let values = updates.known(measure) else { return nil }
    return mean(values.suffix(max(1, values.count / 10)).filter(\.isFinite))
  }
}
