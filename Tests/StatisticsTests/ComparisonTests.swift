// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("Comparison of two variants")
struct ComparisonTests {
  private let key = ResamplingKey(experiment: "laws", statistic: "comparison")

  @Test("X over Y and Y over X add up to one", arguments: 0..<20)
  func complement(seed: Int) throws {
    var source = Source(seed: seed)
    let x = ScoreMatrix(tasks: [source.ties(5), source.scores(3), source.ties(1)])
    let y = ScoreMatrix(tasks: [source.ties(7), source.scores(4), source.ties(2)])
    let forward = try #require(x.value(of: .probabilityOfImprovement, over: y))
    let backward = try #require(y.value(of: .probabilityOfImprovement, over: x))
    #expect(isClose(forward + backward, 1))
    #expect((0...1).contains(forward))
  }

  @Test("A variant over itself is neutral in every measure")
  func neutral() {
    var source = Source(seed: 1)
    let x = ScoreMatrix(tasks: [source.scores(6), source.ties(6)])
    for measure in TwoSampleMeasure.allCases {
      #expect(isClose(x.value(of: measure, over: x), measure.neutralValue))
    }
  }

  @Test("A spread ratio of two says that the first is twice as consistent")
  func spread() {
    let x = ScoreMatrix(scores: [1, 2, 3, 4])
    let y = ScoreMatrix(scores: [10, 12, 14, 16])
    #expect(isClose(x.value(of: .spreadRatio, over: y), 2))
    #expect(isClose(y.value(of: .spreadRatio, over: x), 0.5))
    let still = ScoreMatrix(scores: [0.1, 0.1, 0.1, 0.1])
    #expect(still.value(of: .spreadRatio, over: x) == .infinity)
    #expect(still.value(of: .spreadRatio, over: still) == 1)
  }

  @Test("What cannot be compared has no value")
  func absent() {
    let one = ScoreMatrix(scores: [1])
    let two = ScoreMatrix(scores: [1, 2])
    let empty = ScoreMatrix(scores: [])
    let censored = ScoreMatrix(scores: [1, .infinity])
    #expect(one.value(of: .spreadRatio, over: two) == nil)
    #expect(one.value(of: .difference, over: two) == -0.5)
    #expect(one.interval(of: .difference, over: two, key: key) == nil)
    #expect(two.value(of: .difference, over: empty) == nil)
    #expect(two.value(of: .difference, over: ScoreMatrix(tasks: [[1], [2]])) == nil)
    #expect(two.value(of: .difference, over: censored) == nil)
    #expect(two.value(of: .probabilityOfImprovement, over: censored) == 0.375)
    #expect(PairedScores(x: [], y: [] as [[Double]]).value(of: .difference) == nil)
  }

  @Test("Pairs with a failed run are left out and counted")
  func coverage() {
    let pairs = PairedScores(x: [1, .nan, 3, 4], y: [0, 1, .nan, 2])
    #expect(pairs.coverage == [Coverage(used: 2, planned: 4)])
    #expect(pairs.seedCount == 2)
    #expect(pairs.value(of: .difference) == 1.5)
  }

  @Test("Pairing narrows the interval where seeds matter")
  func pairing() throws {
    var source = Source(seed: 8)
    let common = source.scores(10)
    let noise = source.scores(10)
    let x = zip(common, noise).map { $0 + 0.1 * $1 + 0.5 }
    let paired = try #require(PairedScores(x: x, y: common).interval(of: .difference, key: key))
    let apart = try #require(
      ScoreMatrix(scores: x).interval(of: .difference, over: ScoreMatrix(scores: common), key: key))
    #expect(paired.upper - paired.lower < (apart.upper - apart.lower) / 4)
  }

  @Test(
    "The sign-flip test agrees with the naive twin and is never below 2 / 2^n", arguments: 1...12)
  func signFlips(count: Int) throws {
    var source = Source(seed: count)
    for values in [source.scores(count, centre: 1), source.ties(count), source.scores(count)] {
      let result = try #require(signFlipTest(values, key: key))
      #expect(result.isExact && result.count == count)
      #expect(result.pValue == Naive.signFlipP(values))
      #expect(result.pValue >= 2 / Double(1 << count))
    }
    let allPositive = try #require(
      signFlipTest((1...count).map { Double($0) }, key: key))
    #expect(allPositive.pValue == 2 / Double(1 << count))
  }

  @Test("Five pairs never reach 0.05, six do")
  func fewestPairs() throws {
    let five = try #require(signFlipTest([1, 1, 1, 1, 1], key: key))
    let six = try #require(signFlipTest([1, 1, 1, 1, 1, 1], key: key))
    #expect(five.pValue == 0.0625)
    #expect(six.pValue == 0.03125)
  }

  @Test("Twenty values are flipped exactly, more by drawing, and both agree")
  func manyFlips() throws {
    var source = Source(seed: 2)
    let twenty = source.scores(20, centre: 0.4)
    let exact = try #require(signFlipTest(twenty, key: key))
    #expect(exact.isExact)
    // A value of next to nothing changes no sum, so that p stays what it was.
    let drawn = try #require(signFlipTest(twenty + [1e-15], key: key))
    #expect(!drawn.isExact)
    #expect(abs(drawn.pValue - exact.pValue) < 0.005)
    let clear = try #require(signFlipTest(Array(repeating: 1, count: 60), key: key))
    #expect(clear.pValue == 1.0 / 100_001)
  }

  @Test("No values or an infinite one have no test; zeros say nothing")
  func noTest() {
    #expect(signFlipTest([], key: key) == nil)
    #expect(signFlipTest([1, .infinity], key: key) == nil)
    #expect(signFlipTest([1, .nan], key: key) == nil)
    #expect(signFlipTest([0, 0, 0], key: key)?.pValue == 1)
  }

  @Test("At the neutral value, the flips are exchanges of the variants' scores", arguments: 0..<10)
  func exchanges(seed: Int) throws {
    var source = Source(seed: seed)
    let x = [source.ties(5), source.scores(5, centre: 0.5)]
    let y = [source.ties(5), source.scores(5)]
    let pairs = PairedScores(x: x, y: y)
    for measure in [TwoSampleMeasure.difference, .probabilityOfImprovement] {
      let seen = try abs(#require(pairs.value(of: measure)) - measure.neutralValue)
      var hits = 0
      for pattern in 0..<32 {
        func exchanged(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
          zip(a, b).map { zip($0, $1).enumerated().map { pattern >> $0 & 1 == 0 ? $1.0 : $1.1 } }
        }
        let other = PairedScores(x: exchanged(x, y), y: exchanged(y, x))
        let value = try #require(other.value(of: measure))
        if abs(value - measure.neutralValue) >= seen - 1e-9 { hits += 1 }
      }
      let test = try #require(
        pairs.signFlipTest(of: measure, against: measure.neutralValue, key: key))
      #expect(test.pValue == Double(hits) / 32, "\(measure), seed \(seed)")
    }
  }

  @Test("Differences that lie at the margin but for rounding say nothing")
  func rounding() {
    let pairs = PairedScores(
      x: Array(repeating: 0.3, count: 8), y: Array(repeating: 0.2, count: 8))
    #expect(pairs.signFlipTest(of: .difference, against: 0.1, key: key)?.pValue == 1)
  }

  @Test("Holm's example: 0.01, 0.04, 0.03 and 0.005")
  func holm() {
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    #expect(zip(adjusted, [0.03, 0.06, 0.06, 0.02]).allSatisfy { isClose($0, $1) })
    #expect(holmAdjusted([]) == [])
    #expect(holmAdjusted([0.2]) == [0.2])
    #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
  }

  @Test("Holm keeps the order, never lowers a p and never exceeds Bonferroni", arguments: 0..<20)
  func holmLaws(seed: Int) {
    var source = Source(seed: seed)
    let pValues = source.ties(7, below: 50).map { $0 / 50 }
    let adjusted = holmAdjusted(pValues)
    for i in pValues.indices {
      #expect(adjusted[i] >= pValues[i] && adjusted[i] <= min(1, 7 * pValues[i]))
      for j in pValues.indices where pValues[i] <= pValues[j] {
        #expect(adjusted[i] <= adjusted[j])
      }
    }
  }
}
