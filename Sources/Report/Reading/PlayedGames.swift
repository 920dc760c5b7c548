// SPDX-License-Identifier: MIT

import Statistics

/// The single games behind a trial's score: what histograms are drawn from.
struct PlayedGames: Equatable, Sendable {
  enum Source: Equatable, Sendable {
    /// Played by the final weights.
    case evaluation
    /// The last episodes of the training.
    case training
  }

  /// Training episodes that stand in where nothing was evaluated.
  static let lastEpisodes = 100

  let source: Source
  let returns: [Double]
  /// Decisions in each game.
  let lengths: [Int]

  /// The evaluation's games, else the last of the training.
  init(evaluation: TrialDigest.Evaluation?, returns: [Double], decisions: [Int]) {
    if let evaluation, evaluation.lengths.count == evaluation.returns.count {
      source = .evaluation
      self.returns = evaluation.returns
      lengths = evaluation.lengths
      return
    }
    source = .training
    let first = max(0, returns.count - Self.lastEpisodes)
    self.returns = Array(returns[first...])
    lengths = (first..<decisions.count).map { index in
      decisions[index] - (index == 0 ? 0 : decisions[index - 1])
    }
  }

  /// Mean decisions a point of each whole game of Pong: 21 points to the winner and 21 − |return|
  /// to the other are 42 − |return| in all.
  ///
  /// Only the mean of a game is known, since points are not stored one by one; and a game that was
  /// cut off before 21 would be taken for one with more points than it had.
  var decisionsPerPoint: [Double] {
    zip(returns, lengths).compactMap { value, length in
      guard value.isFinite, value == value.rounded(), abs(value) <= 21, length > 0 else {
        return nil
      }
      return Double(length) / (42 - abs(value))
    }
  }
}
