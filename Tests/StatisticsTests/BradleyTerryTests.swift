// SPDX-License-Identifier: MIT

import Foundation
import Randomness
import Statistics
import Testing

@Suite("Bradley–Terry ratings") struct BradleyTerryTests {
  private typealias Meeting = BradleyTerry.Meeting

  /// Everyone against everyone, with outcomes drawn.
  private static func meetings(_ players: Int, games: Int, seed: UInt64) -> [BradleyTerry.Meeting] {
    var draws = Xoshiro256(seed: seed)
    return (0..<players).flatMap { a in
      (a + 1..<max(a + 1, players)).map { b in
        BradleyTerry.Meeting(
          first: a, second: b,
          outcomes: (0..<games).map { _ in Double(draws.next(below: 3)) / 2 })
      }
    }
  }

  private static func chance(_ a: Double, _ b: Double) -> Double {
    1 / (1 + pow(10, (b - a) / 400))
  }

  @Test("Of two players the difference is the odds of what was won, with half a game to each")
  func two() {
    let outcomes = (0..<40).map { $0 < 30 ? 1.0 : 0 }
    let table = BradleyTerry(
      players: 2, meetings: [Meeting(first: 0, second: 1, outcomes: outcomes)])
    #expect(abs(table.ratings[0] - table.ratings[1] - 400 * log10(30.5 / 10.5)) < 1e-5)
    #expect(abs(table.ratings[0] + table.ratings[1]) < 1e-6)
    let never = BradleyTerry(
      players: 2, meetings: [Meeting(first: 0, second: 1, outcomes: [1, 1, 1])])
    #expect(abs(never.ratings[0] - never.ratings[1] - 400 * log10(7)) < 1e-5)
  }

  @Test(
    "They are the most likely ones: each player is expected to win what it won", arguments: 1...8)
  func likelihood(seed: Int) {
    let players = 2 + seed
    let meetings = Self.meetings(players, games: 12, seed: UInt64(seed))
    let ratings = BradleyTerry(players: players, meetings: meetings).ratings
    var (won, expected) = (ratings.map { _ in 0.0 }, ratings.map { _ in 0.0 })
    for meeting in meetings {
      let (a, b) = (meeting.first, meeting.second)
      let count = Double(meeting.outcomes.count) + 1
      let first = meeting.outcomes.reduce(0.5, +)
      (won[a], won[b]) = (won[a] + first, won[b] + count - first)
      expected[a] += count * Self.chance(ratings[a], ratings[b])
      expected[b] += count * Self.chance(ratings[b], ratings[a])
    }
    for (found, wanted) in zip(expected, won) { #expect(abs(found - wanted) < 1e-5) }
  }

  @Test("Intervals hold the rating, are the same again, and shrink with the games")
  func intervals() {
    let few = Self.meetings(4, games: 10, seed: 3)
    let many = few.map {
      Meeting(
        first: $0.first, second: $0.second,
        outcomes: Array(repeating: $0.outcomes, count: 25).flatMap { $0 })
    }
    let (table, again) = (
      BradleyTerry(players: 4, meetings: few), BradleyTerry(players: 4, meetings: few)
    )
    let wide = BradleyTerry(players: 4, meetings: many)
    #expect(table.intervals == again.intervals)
    for i in 0..<4 {
      #expect(table.intervals[i].contains(table.ratings[i]))
      let (a, b) = (table.intervals[i], wide.intervals[i])
      let ratio = (a.upperBound - a.lowerBound) / (b.upperBound - b.lowerBound)
      // Five times as narrow with 25 times the games.
      #expect(ratio > 3.5 && ratio < 7, "\(ratio)")
    }
  }

  @Test("Cycles of three are those that looking at all triples finds", arguments: 1...10)
  func cycles(seed: Int) {
    let players = 3 + seed % 5
    let meetings = Self.meetings(players, games: 3, seed: UInt64(seed))
    func beats(_ a: Int, _ b: Int) -> Bool {
      meetings.contains { meeting in
        let share = meeting.outcomes.reduce(0, +) / 3
        return meeting.first == a && meeting.second == b && share > 0.5
          || meeting.first == b && meeting.second == a && share < 0.5
      }
    }
    var naive: Set<[Int]> = []
    for a in 0..<players {
      for b in 0..<players {
        for c in 0..<players where a < b && a < c && beats(a, b) && beats(b, c) && beats(c, a) {
          naive.insert([a, b, c])
        }
      }
    }
    let found = BradleyTerry.cycles(players: players, meetings: meetings)
    #expect(Set(found) == naive && found.count == naive.count)
  }
}
