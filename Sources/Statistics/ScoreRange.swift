// SPDX-License-Identifier: MIT

/// The fixed constants that normalize a game's scores; never taken from the runs compared
/// (Agarwal et al. 2021, section 2).
package struct ScoreRange: Hashable, Sendable {
  /// The score that becomes 0.
  package let minimum: Double
  /// The score that becomes 1; above `minimum`.
  package let maximum: Double

  /// Refuses, by nil, ends that are not finite or not in ascending order.
  package init?(minimum: Double, maximum: Double) {
    guard minimum.isFinite, maximum.isFinite, minimum < maximum else { return nil }
    self.init(from: minimum, to: maximum)
  }

  /// Pong's points won less points lost, −21 to 21: x = (return + 21) / 42.
  package static let pong = ScoreRange(from: -21, to: 21)
  /// CartPole's rewards in an episode, 0 to 500: x = return / 500.
  package static let cartPole = ScoreRange(from: 0, to: 500)

  /// `(score − minimum) / (maximum − minimum)`; not clipped.
  package func normalized(_ score: Double) -> Double {
    // Of halves, since the whole width may be beyond the greatest Double.
    (score / 2 - minimum / 2) / (maximum / 2 - minimum / 2)
  }

  private init(from minimum: Double, to maximum: Double) {
    self.minimum = minimum
    self.maximum = maximum
  }
}
