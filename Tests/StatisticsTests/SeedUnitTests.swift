// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("A seed is the unit")
struct SeedUnitTests {
  private let experiment = "units"

  /// Scores of a two-by-two grid with what each seed does to all cells alike: cells 00, 01, 10, 11.
  private func cells(_ seeds: Int, seed: Int) -> [[Double]] {
    var source = Source(seed: seed)
    let common = source.scores(seeds).map { 3 * $0 }
    return [0.0, 1, 2, 4].map { cell in
      zip(common, source.scores(seeds)).map { $0 + $1 + cell }
    }
  }

  @Test(
    "A hypothesis over several pairs of variants and the main effect have one interval and one p",
    arguments: [2, 3, 5, 6, 7, 10, 24])
  func oneInterval(seeds: Int) throws {
    let cells = cells(seeds, seed: seeds)
    let design = try #require(
      FactorialDesign(
        factors: ["a", "b"].map { .init(name: $0, levels: ["0", "1"]) },
        levels: [[0, 0], [0, 1], [1, 0], [1, 1]]))
    let key = ResamplingKey.seeds(of: experiment)
    let effect = try #require(
      FactorialEffects(design, scores: cells, key: key)?.mainEffects.first)
    let claims = [0.0, 1].map { margin in
      PairedHypothesis(
        name: "a, by \(margin)", measure: .difference, atLeast: margin,
        scores: PairedScores(x: [cells[2], cells[3]], y: [cells[0], cells[1]]))
    }
    let verdicts = verdicts(on: claims, experiment: experiment)
    let interval = try #require(effect.interval)
    for verdict in verdicts {
      let other = try #require(verdict.interval)
      #expect(isClose(other.lower, interval.lower) && isClose(other.upper, interval.upper))
      #expect(isClose(verdict.estimate, effect.estimate))
      #expect(other.resamples == interval.resamples && other.isExact == interval.isExact)
    }
    #expect(verdicts[0].test == effect.test)
  }

  @Test("Drawn resamples of P(X over Y) and of P(Y over X) add up to one", arguments: 0..<5)
  func mirrored(seed: Int) throws {
    var source = Source(seed: seed)
    let (x, y) = (source.ties(8), source.ties(8, below: 6))
    let key = ResamplingKey.seeds(of: experiment)
    func values(_ a: [Double], _ b: [Double]) throws -> [Double] {
      let found = try #require(
        PairedScores(x: a, y: b).bootstrap(.probabilityOfImprovement, key: key))
      #expect(!found.isExact)
      return found.values
    }
    #expect(zip(try values(x, y), try values(y, x)).allSatisfy { isClose($0 + $1, 1) })
  }

  @Test("Drawn resamples of the probability of improvement have the estimate as their mean")
  func unbiased() throws {
    // Every seed is won, but by less than seeds differ: pairs would say more than half.
    let y = (0..<8).map { Double($0) }
    let x = y.map { $0 + 0.5 }
    let pairs = PairedScores(x: x, y: y)
    let found = try #require(
      pairs.bootstrap(.probabilityOfImprovement, key: .seeds(of: experiment)))
    #expect(found.estimate == 36.0 / 64)
    #expect(abs(found.mean - found.estimate) < 0.003)
    #expect(pairs.seedsWon?.share == 1)
  }

  @Test("A seed that failed in one task is left out of all, and counted")
  func failed() throws {
    let pairs = PairedScores(
      x: [[1, 2, .nan, 4], [5, 6, 7, 8]], y: [[0, 0, 0, 0], [1, .nan, 1, 1]])
    #expect(pairs.x == [[1, 4], [5, 8]] && pairs.y == [[0, 0], [1, 1]])
    #expect(pairs.seedCount == 2)
    #expect(pairs.coverage == Array(repeating: Coverage(used: 2, planned: 4), count: 2))
    #expect(pairs.value(of: .difference) == 4)
  }

  @Test("An undecided verdict knows whether the interval or the test is in the way")
  func reasons() throws {
    func verdict(_ x: [Double], family: Int = 1) throws -> Verdict {
      let claims = (0..<family).map {
        PairedHypothesis(
          name: "\($0)", measure: .difference, atLeast: 0,
          scores: PairedScores(x: x, y: x.map { _ in 0 }))
      }
      return try #require(verdicts(on: claims, experiment: experiment).first)
    }
    let both = try verdict([-3, 2, 1, -1, 4, 2])
    #expect(both.holdsMargin && !both.isSignificant)
    // All eight agree, but so many claims are made that p after Holm is no longer small.
    let test = try verdict([1, 2, 1, 1, 4, 2, 3, 2], family: 8)
    #expect(!test.holdsMargin && !test.isSignificant)
    let decided = try verdict([1, 2, 1, 1, 4, 2, 3, 2])
    #expect(!decided.holdsMargin && decided.isSignificant && decided.outcome == .supported)
  }
}

@Suite("Shares of seeds won")
struct SeedShareTests {
  @Test("Clopper and Pearson's interval is where the tails are 2.5 %", arguments: 1...12)
  func tails(count: Int) {
    func chance(_ k: Int, _ p: Double) -> Double {
      var ways = 1.0
      for i in 0..<k { ways = ways * Double(count - i) / Double(i + 1) }
      var value = ways
      for i in 0..<count { value *= i < k ? p : 1 - p }
      return value
    }
    for won in 0...count {
      let share = SeedShare(won: won, of: count)
      if won > 0 {
        let above = (won...count).reduce(0) { $0 + chance($1, share.lower) }
        #expect(isClose(above, 0.025, within: 1e-10))
      } else {
        #expect(share.lower == 0)
      }
      if won < count {
        let below = (0...won).reduce(0) { $0 + chance($1, share.upper) }
        #expect(isClose(below, 0.025, within: 1e-10))
      } else {
        #expect(share.upper == 1)
      }
    }
  }

  @Test("Known intervals: none and all of ten, seven of ten, and a thousand")
  func known() {
    // 1 − 0.025^(1/10), and from R's binom.test(7, 10).
    #expect(isClose(SeedShare(won: 0, of: 10).upper, 0.308_497_1, within: 1e-7))
    #expect(isClose(SeedShare(won: 10, of: 10).lower, 0.691_502_9, within: 1e-7))
    #expect(isClose(SeedShare(won: 7, of: 10).lower, 0.347_547_1, within: 1e-7))
    #expect(isClose(SeedShare(won: 7, of: 10).upper, 0.933_260_5, within: 1e-7))
    let many = SeedShare(won: 500, of: 1_000)
    #expect(isClose(many.lower + many.upper, 1) && many.lower > 0.468 && many.lower < 0.469)
  }

  @Test("Ties are no wins; a seed over several tasks is won by the more of them")
  func counting() {
    let one = PairedScores(x: [1, 2, 3, .infinity, .nan], y: [1, 1, 4, 5, 0]).seedsWon
    #expect(one == SeedShare(won: 2, tied: 1, of: 4))
    let tasks = PairedScores(
      x: [[1, 1, 1], [1, 0, 0], [1, 0, 1]], y: [[0, 0, 0], [0, 1, 1], [0, 1, 1]]
    ).seedsWon
    #expect(tasks == SeedShare(won: 1, tied: 1, of: 3))
    #expect(PairedScores(x: [.nan], y: [1]).seedsWon == nil)
  }
}
