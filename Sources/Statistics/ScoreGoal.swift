// SPDX-License-Identifier: MIT

/// Whether scores are to be great or small; the words of an experiment's `score.goal`.
package enum ScoreGoal: String, CaseIterable, Codable, Sendable {
  case maximize
  case minimize

  /// Whether `score` is as good as `bound` or better.
  package func isReached(_ bound: Double, by score: Double) -> Bool {
    self == .maximize ? score >= bound : score <= bound
  }

  /// The best of the scores, NaN left out; nil of none.
  package func best(_ scores: [Double]) -> Double? {
    let usable = scores.filter { !$0.isNaN }
    return self == .maximize ? usable.max() : usable.min()
  }
}
