// SPDX-License-Identifier: MIT

import Glibc
import Randomness

/// How strong players are who met in pairs (Bradley and Terry 1952): i beats j with probability
/// s_i / (s_i + s_j).
///
/// Ratings are 400 · log₁₀ s, as Elo's, with mean 0: 100 more are 64 wins of 100. To every pair that met
/// one drawn game is added; otherwise who never lost would be infinitely strong.
package struct BradleyTerry: Sendable {
  /// What two players' games came to.
  package struct Meeting: Hashable, Sendable {
    package let first: Int
    package let second: Int
    /// Of the first player in each game: 1, 0, or ½ for a draw.
    package let outcomes: [Double]

    package init(first: Int, second: Int, outcomes: [Double]) {
      (self.first, self.second, self.outcomes) = (first, second, outcomes)
    }
  }

  /// Of each player.
  package let ratings: [Double]
  /// 95 %, by the bootstrap over each pair's games (percentiles of 2,000 resamples).
  package let intervals: [ClosedRange<Double>]

  /// - Parameter players: each of whom has met another, by a chain of meetings all others.
  package init(players: Int, meetings: [Meeting], seed: UInt64 = 0) {
    ratings = Self.ratings(players, meetings)
    var draws = RandomStreams(root: seed, seed: 0).generator(.resampling)
    let resamples = (0..<2_000).map { _ in
      Self.ratings(
        players,
        meetings.map { meeting in
          let count = UInt32(meeting.outcomes.count)
          return Meeting(
            first: meeting.first, second: meeting.second,
            outcomes: meeting.outcomes.map { _ in
              meeting.outcomes[Int(draws.next(below: count))]
            })
        })
    }
    intervals = (0..<players).map { player in
      let sorted = resamples.map { $0[player] }.sorted()
      return sorted[Int(0.025 * 1_999)]...sorted[Int((0.975 * 1_999).rounded(.up))]
    }
  }

  /// The most likely ones, by Hunter's iteration (2004, eq. 3): s_i ← W_i / Σ_j N_ij / (s_i + s_j),
  /// with W_i the games that i won, and N_ij those of i and j.
  static func ratings(_ players: Int, _ meetings: [Meeting]) -> [Double] {
    var won = [Double](repeating: 0, count: players)
    let counts = meetings.map { Double($0.outcomes.count) + 1 }
    for (meeting, count) in zip(meetings, counts) {
      let first = meeting.outcomes.reduce(0.5, +)
      won[meeting.first] += first
      won[meeting.second] += count - first
    }
    var logs = [Double](repeating: 0, count: players)
    for _ in 0..<10_000 {
      let strengths = logs.map { exp($0) }
      var sums = [Double](repeating: 0, count: players)
      for (meeting, count) in zip(meetings, counts) {
        let share = count / (strengths[meeting.first] + strengths[meeting.second])
        sums[meeting.first] += share
        sums[meeting.second] += share
      }
      var next = zip(won, sums).map { log($0 / $1) }
      let mean = next.reduce(0, +) / Double(players)
      next = next.map { $0 - mean }
      let change = zip(logs, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      logs = next
      if change < 1e-9 { break }
    }
    return logs.map { 400 / log(10) * $0 }
  }

  /// Three players each of whom beat the next in more than half of their games, every such cycle
  /// once, beginning with the lowest number.
  package static func cycles(players: Int, meetings: [Meeting]) -> [[Int]] {
    var beats = [[Bool]](repeating: [Bool](repeating: false, count: players), count: players)
    for meeting in meetings {
      let share = meeting.outcomes.reduce(0, +) / Double(max(1, meeting.outcomes.count))
      beats[meeting.first][meeting.second] = share > 0.5
      beats[meeting.second][meeting.first] = share < 0.5
    }
    return (0..<players).flatMap { a in
      (a + 1..<max(a + 1, players)).flatMap { b in
        (a + 1..<players).filter { c in beats[a][b] && beats[b][c] && beats[c][a] }
          .map { [a, b, $0] }
      }
    }
  }
}
