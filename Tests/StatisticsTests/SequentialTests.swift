// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Statistics

/// The slow obvious version: every sign vector written out, every look's distances sorted.
private struct NaivePath {
  let differences: [Double]
  /// Pairs at each look, and what it may use of the level.
  let pairs: [Int]
  let shares: [Double]
  /// All plus, and all others.
  let vectors: [[Double]]

  init(_ differences: [Double], _ pairs: [Int], _ shares: [Double], _ vectors: [[Double]]? = nil) {
    (self.differences, self.pairs, self.shares) = (differences, pairs, shares)
    self.vectors =
      vectors
      ?? differences.reduce([[]]) { heads, _ in heads.flatMap { [$0 + [1], $0 + [-1]] } }
  }

  /// Whether the path of d_i − c is cut at a level.
  func isCut(_ c: Double, level: Double) -> Bool {
    var left = vectors
    for (count, share) in zip(pairs, shares) {
      func distance(_ signs: [Double]) -> Double {
        abs(zip(signs, differences[..<count]).reduce(0) { $0 + $1.0 * ($1.1 - c) })
      }
      let slack = 1e-12 * differences[..<count].reduce(0) { $0 + abs($1 - c) }
      let sorted = left.map(distance).sorted(by: >)
      let allowed = Int(level * share * Double(vectors.count) + 1e-9)
      let bound = sorted.count > allowed ? sorted[allowed] + slack : -1
      if distance(differences.map { _ in 1 }) > bound { return true }
      left = left.filter { distance($0) <= bound }
    }
    return false
  }

  /// The least level at which it is cut, by halving.
  func pValue(_ c: Double) -> Double {
    guard isCut(c, level: 1) else { return 1 }
    var (low, high) = (0.0, 1.0)
    while high - low > 1e-8 {
      let middle = (low + high) / 2
      if isCut(c, level: middle) { high = middle } else { low = middle }
    }
    return high
  }
}

@Suite("Looking again and again")
struct SequentialTests {
  private struct Values: Decodable {
    struct Look: Decodable { let pairs: Int, p: Double, low: Double, high: Double }
    struct Within: Decodable { let m: Double, p: [Double] }
    struct Set: Decodable { let differences: [Double], byLook: [Look], within: Within }
    let looks: [Int], max: Int, sets: [String: Set]
  }

  private func values() throws -> Values {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/sequential-values.json")
    return try JSONDecoder().decode(Values.self, from: Data(contentsOf: url))
  }

  @Test(
    "p, interval and the p of no difference are those of full enumeration",
    arguments: ["A", "B", "C"])
  func knownValues(name: String) throws {
    let values = try values()
    let set = try #require(values.sets[name])
    var test = SequentialTest(LookPlan(pairs: values.looks, most: values.max))
    for (look, wanted) in set.byLook.enumerated() {
      let m = set.within.m
      let foundLook = test.look(at: Array(set.differences[..<wanted.pairs]), margins: [0, -m, m])
      let found = try #require(foundLook)
      #expect(abs(found.pValues[0] - wanted.p) < 1e-6)
      #expect(abs(max(found.pValues[1], found.pValues[2]) - set.within.p[look]) < 1e-6)
      // Asked for alone: a margin that is not cut is held by the interval, also where an island.
      let alone = test.look(at: Array(set.differences[..<wanted.pairs]), margins: [0])
      let interval = try #require(alone?.interval)
      #expect(abs(interval.lowerBound - wanted.low) < 6e-5)
      #expect(abs(interval.upperBound - wanted.high) < 6e-5)
    }
  }

  @Test("The first look can decide, each is a quarter further, and all of the level is spent")
  func plan() throws {
    #expect(
      LookPlan(from: 10, to: 100, hypotheses: 4)?.pairs == [
        10, 13, 17, 22, 28, 35, 44, 55, 69, 87, 100,
      ])
    // At 8 of 100 the least p of sign flips, 2/2⁸, is more than the look may use.
    #expect(LookPlan(from: 8, to: 100, hypotheses: 1)?.pairs.first == 9)
    #expect(LookPlan(from: 1, to: 100, hypotheses: 20)?.pairs.first == 13)
    #expect(LookPlan(from: 2, to: 5, hypotheses: 1) == nil)
    for hypotheses in 1...30 {
      let plan = try #require(LookPlan(from: 3, to: 60, hypotheses: hypotheses))
      #expect(abs(plan.shares.reduce(0, +) - 1) < 1e-12)
      #expect(
        zip(plan.pairs, plan.pairs.dropFirst()).dropLast().allSatisfy {
          Double($1) >= 1.25 * Double($0) && Double($1 - 1) < 1.25 * Double($0)
        })
      let vectors = pow(2, Double(plan.pairs[0] - 1))
      #expect(1 / vectors <= 0.05 / Double(hypotheses) * plan.shares[0])
    }
  }

  @Test("Fast and slow agree, with ties and without", arguments: 0..<8)
  func slowAndFast(seed: Int) throws {
    var source = Source(seed: seed)
    let isDiscrete = seed % 2 == 1
    let differences = source.scores(9, centre: Double(seed % 5) * 0.3).map {
      isDiscrete ? ($0 * 2).rounded() : $0
    }
    var test = SequentialTest(pairs: [6, 7, 9], shares: [0.3, 0.3, 0.4])
    for (look, count) in test.pairs.enumerated() {
      let part = Array(differences[..<count])
      let naive = NaivePath(part, Array(test.pairs[...look]), Array(test.shares[...look]))
      let foundLook = test.look(at: part, margins: [0, 0.5])
      let found = try #require(foundLook)
      #expect(abs(found.pValues[0] - naive.pValue(0)) < 2e-8)
      #expect(abs(found.pValues[1] - naive.pValue(0.5)) < 2e-8)
      // With so few pairs as at the first two looks no path can be cut, and no value has an end.
      guard count == 9, let interval = found.interval else { continue }
      let width = interval.upperBound - interval.lowerBound
      // Nothing outside is left, but for lone ties, which no grid of odd steps meets.
      for step in 1...10 {
        let away = width * 0.113_7 * Double(step)
        #expect(naive.isCut(interval.lowerBound - away - 1e-7, level: 0.05))
        #expect(naive.isCut(interval.upperBound + away + 1e-7, level: 0.05))
      }
      // An end is left, or is the limit of what is left.
      for (end, inwards) in [(interval.lowerBound, 1e-9), (interval.upperBound, -1e-9)] {
        #expect(
          !naive.isCut(end, level: 0.05) || !naive.isCut(end + inwards, level: 0.05), "\(end)")
      }
    }
  }

  @Test("Drawn signs are judged as enumerated ones are", arguments: 0..<2)
  func drawn(seed: Int) throws {
    var source = Source(seed: 100 + seed)
    let pairs = [10, 17, 22]
    let shares = [0.4, 0.3, 0.3]
    let differences = source.scores(22, centre: Double(seed) * 0.25)
    let vectors = SignVectors(pairs: pairs, draws: 160)
    // The signs of a pair are the sums of a row that is 1 there and 0 elsewhere.
    let signs = (0..<22).map { pair in
      let sums = SignVectors(pairs: [22], draws: 160).sums(of: (0..<22).map { $0 == pair ? 1 : 0 })
      return sums[0].flatMap { lanes in (0..<8).map { lanes[$0] } }
    }
    let rows = [Array(repeating: 1.0, count: 22)] + (0..<160).map { row in signs.map { $0[row] } }
    let naive = NaivePath(differences, pairs, shares, rows)
    var path = SignPath(differences, vectors: vectors, shares: shares)
    for c in [0, 0.2] {
      #expect(abs(path.pValue(at: c) - naive.pValue(c)) <= 1.1e-4 * naive.pValue(c))
    }
    let range = try #require(differences.min())...(try #require(differences.max()))
    guard let interval = path.interval(within: range, kept: []) else {
      // The seeds drift.
      #expect(naive.isCut(path.mean, level: 0.05))
      return
    }
    let step = 2e-5 * (range.upperBound - range.lowerBound)
    #expect(!naive.isCut(interval.lowerBound, level: 0.05))
    #expect(naive.isCut(interval.lowerBound - step, level: 0.05))
    #expect(!naive.isCut(interval.upperBound, level: 0.05))
    #expect(naive.isCut(interval.upperBound + step, level: 0.05))
  }

  @Test("What a sample of the signs leads to is what all of them say", arguments: [0.0, 0.4])
  func sampled(centre: Double) throws {
    var source = Source(seed: 300)
    let differences = source.scores(22, centre: centre)
    var path = SignPath(
      differences, vectors: SignVectors(pairs: [10, 17, 22]), shares: [0.4, 0.3, 0.3])
    let p = path.pValue(at: 0)
    // `cut` measures all vectors.
    #expect(p < 1 && path.cut(at: 0, level: p) != nil)
    #expect(path.cut(at: 0, level: p * (1 - 1e-7)) == nil)
    let found = path.interval(within: -5...5, kept: [])
    let interval = try #require(found)
    #expect(path.cut(at: interval.lowerBound, level: 0.05) == nil)
    #expect(path.cut(at: interval.lowerBound - 2e-4, level: 0.05) != nil)
    #expect(path.cut(at: interval.upperBound, level: 0.05) == nil)
    #expect(path.cut(at: interval.upperBound + 2e-4, level: 0.05) != nil)
  }

  @Test("A sequential p never rises, and an interval never grows", arguments: 0..<3)
  func neverBack(seed: Int) throws {
    var source = Source(seed: 200 + seed)
    let differences = source.scores(35, centre: 0.1 * Double(seed))
    let plan = try #require(LookPlan(from: 10, to: 60, hypotheses: 2))
    var test = SequentialTest(plan)
    var before: SequentialLook?
    for count in plan.pairs where count <= 35 {
      let foundLook = test.look(at: Array(differences[..<count]), margins: [0])
      let found = try #require(foundLook)
      if let before {
        #expect(found.pValues[0] <= before.pValues[0] + 1e-4)
        let (old, new) = (try #require(before.interval), try #require(found.interval))
        #expect(old.lowerBound <= new.lowerBound + 1e-4 && new.upperBound <= old.upperBound + 1e-4)
      }
      before = found
    }
  }

  @Test("Units change nothing but the unit; a difference without a value says nothing")
  func units() throws {
    var source = Source(seed: 9)
    let differences = source.scores(13, centre: 0.4)
    var test = SequentialTest(LookPlan(pairs: [10, 13], most: 40))
    let plainLook = test.look(at: differences, margins: [0.1])
    let plain = try #require(plainLook)
    let greatLook = test.look(at: differences.map { $0 * 0x1p500 }, margins: [0.1 * 0x1p500])
    let great = try #require(greatLook)
    #expect(great.pValues == plain.pValues)
    #expect(great.interval?.lowerBound == plain.interval.map { $0.lowerBound * 0x1p500 })
    #expect(test.look(at: differences.dropLast() + [.infinity], margins: [0]) == nil)
    #expect(test.look(at: Array(differences[..<12]), margins: [0]) == nil)
  }

  @Test("Equal differences have an interval without a width")
  func equal() throws {
    var test = SequentialTest(LookPlan(pairs: [8, 10], most: 10))
    let look = test.look(at: [Double](repeating: 40, count: 8), margins: [0])
    let found = try #require(look?.interval)
    #expect(found == 40...40)
  }

  @Test("Seeds that drift leave no value: the interval is empty")
  func drift() throws {
    var test = SequentialTest(LookPlan(pairs: [10, 13, 16], most: 16))
    let differences = (0..<16).map { seed in
      (seed < 10 ? 10.0 : -200.0) + 0.01 * Double(seed)
    }
    let foundLook = test.look(at: differences, margins: [0])
    let found = try #require(foundLook)
    #expect(found.interval == nil || found.interval?.lowerBound ?? 0 > 9)
  }

  @Test("A score collapsed where it lies far below its fellows and could speak against the claim")
  func collapse() {
    let scores = SequentialScores(
      better: [[498, 498.5, 499, 497.8, 498.2, 490, 498.4]],
      than: [[22, 21, 23, 22.4, 21.6, 22, 23]])
    #expect(scores.collapses(.maximize, beyond: 0) == (1, 0))
    // The claim holds by hundreds: eight less is nothing to it.
    #expect(scores.collapses(.maximize, beyond: 376) == (0, 0))
  }
}
