// SPDX-License-Identifier: MIT

import Testing

@testable import Statistics

@Suite("Factorial effects")
struct FactorialTests {
  private typealias Factor = FactorialDesign.Factor
  private let key = ResamplingKey(experiment: "factorial", statistic: "test")

  private func grid(_ sizes: [Int]) -> [[Int?]] {
    sizes.reduce([[]]) { cells, size in cells.flatMap { cell in (0..<size).map { cell + [$0] } } }
  }

  private func factors(_ sizes: [Int]) -> [Factor] {
    sizes.enumerated().map { index, size in
      Factor(name: "f\(index)", levels: (0..<size).map { "\($0)" })
    }
  }

  @Test("Two by two: the textbook's main effects and interaction, whatever a seed adds to all")
  func twoByTwo() throws {
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2])))
    // Cells 00, 01, 10, 11 score 1, 2, 4, 9, and each seed adds its own to all of them.
    let scores = [1.0, 2, 4, 9].map { cell in [0.0, 10, -7].map { cell + $0 } }
    let found = try #require(FactorialEffects(design, scores: scores, key: key))
    #expect(found.coverage == Coverage(used: 3, planned: 3))
    #expect(found.mainEffects.map(\.estimate) == [5, 3])
    #expect(found.interactions.map(\.estimate) == [4])
    for effect in found.effects {
      let interval = try #require(effect.interval)
      #expect(interval.lower == effect.estimate && interval.upper == effect.estimate)
      #expect(interval.isExact && interval.resamples == 27)
      #expect(effect.test?.pValue == 0.25)
      // Three seeds decide nothing, though the interval leaves out 0.
      #expect(!effect.isClear)
    }
  }

  @Test("With more levels every effect is a mean over the combinations of the other factors")
  func naive() throws {
    let sizes = [3, 2, 2]
    let design = try #require(FactorialDesign(factors: factors(sizes), levels: grid(sizes)))
    var generator = PlainNoise(state: 5)
    let scores = (0..<12).map { _ in (0..<4).map { _ in generator.next() } }
    let found = try #require(FactorialEffects(design, scores: scores, key: key))
    #expect(found.effects.count == (2 + 1 + 1) + (2 + 2 + 1))
    func cellMean(_ cell: [Int]) -> Double {
      let row = scores[cell[0] * 4 + cell[1] * 2 + cell[2]]
      return row.reduce(0, +) / 4
    }
    for level in 1...2 {
      var sum = 0.0
      for b in 0..<2 { for c in 0..<2 { sum += cellMean([level, b, c]) - cellMean([0, b, c]) } }
      let effect = try #require(
        found.effects.first { $0.terms == [.init(factor: 0, level: level)] })
      #expect(abs(effect.estimate - sum / 4) < 1e-12)
      #expect(effect.combinations == 4)
      var both = 0.0
      for b in 0..<2 {
        both += cellMean([level, b, 1]) - cellMean([level, b, 0])
        both -= cellMean([0, b, 1]) - cellMean([0, b, 0])
      }
      let pair = try #require(
        found.effects.first {
          $0.terms == [.init(factor: 0, level: level), .init(factor: 2, level: 1)]
        })
      #expect(abs(pair.estimate - both / 2) < 1e-12)
    }
  }

  @Test("An excluded combination leaves the effects over those that are complete")
  func excluded() throws {
    let levels = grid([2, 2]).filter { $0 != [0, 0] }
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: levels))
    let found = try #require(
      FactorialEffects(design, scores: [[2, 3], [4, 5], [9, 10]], key: key))
    // 01 = 2, 10 = 4, 11 = 9: the first factor at level 1 of the second, and the other way round.
    #expect(found.mainEffects.map(\.estimate) == [7, 5])
    #expect(found.mainEffects.allSatisfy { $0.combinations == 1 })
    #expect(found.interactions.isEmpty)
  }

  @Test("Failed runs are left out with their whole seed, and counted")
  func failed() throws {
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2])))
    let found = try #require(
      FactorialEffects(
        design, scores: [[0, 1, 2], [1, .nan, 3], [2, 3, 4], [3, 4, 5]], key: key))
    #expect(found.coverage == Coverage(used: 2, planned: 3))
    #expect(found.mainEffects.map(\.estimate) == [2, 1])
    let single = try #require(
      FactorialEffects(design, scores: [[0], [1], [2], [3]], key: key))
    #expect(single.effects.allSatisfy { $0.interval == nil && $0.test == nil && !$0.isClear })
    #expect(FactorialEffects(design, scores: [[.nan], [1], [2], [3]], key: key) == nil)
  }

  @Test("An effect is clear where the interval and the adjusted p say so, and no sooner")
  func clear() throws {
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2])))
    func effects(_ seeds: Int, _ cells: [Double]) throws -> FactorialEffects {
      let scores = cells.enumerated().map { place, cell in
        (0..<seeds).map { cell + Double(($0 * (place + 3)) % 5) / 10 }
      }
      return try #require(FactorialEffects(design, scores: scores, key: key))
    }
    // Six seeds have p = 2/64 at best, and three times that after Holm.
    #expect(try effects(6, [0, 10, 20, 30]).effects.allSatisfy { !$0.isClear })
    let ten = try effects(10, [0, 10, 20, 30])
    #expect(ten.mainEffects.allSatisfy { $0.isClear && $0.adjustedP == 3 * 2.0 / 1024 })
    #expect(ten.interactions.allSatisfy { !$0.isClear })
    let equal = (0..<4).map { _ in Array(repeating: 500.1, count: 10) }
    #expect(
      try #require(FactorialEffects(design, scores: equal, key: key))
        .effects.allSatisfy { !$0.isClear && $0.estimate == 0 })
  }

  @Test("No effect is made of seeds that never reached the threshold")
  func censored() throws {
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2])))
    #expect(
      FactorialEffects(
        design, scores: [[1, 2], [2, .infinity], [3, 4], [5, 6]], key: key) == nil)
  }

  @Test("A list, a diagonal, a cell twice and cells off an axis are no grid")
  func noGrid() {
    #expect(FactorialDesign(factors: factors([4]), levels: grid([4])) == nil)
    #expect(
      FactorialDesign(factors: factors([5, 5]), levels: (0..<5).map { [$0, $0] }) == nil)
    #expect(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2]) + [[0, 0]]) == nil)
    #expect(
      FactorialDesign(factors: factors([2, 2]), levels: [[0, nil], [nil, 1], [1, 1]]) == nil)
    #expect(FactorialDesign(factors: [], levels: []) == nil)
    // An axis of one level does not count.
    #expect(
      FactorialDesign(factors: factors([2, 1, 2]), levels: grid([2, 1, 2]))?.factors.count == 2)
  }

  @Test("The p-values are those of all effects as one family")
  func family() throws {
    let design = try #require(FactorialDesign(factors: factors([2, 2]), levels: grid([2, 2])))
    var noise = PlainNoise(state: 9)
    let scores = (0..<4).map { cell in (0..<8).map { _ in Double(cell) * 0.4 + noise.next() } }
    let found = try #require(FactorialEffects(design, scores: scores, key: key))
    let plain = found.effects.compactMap { $0.test?.pValue }
    #expect(plain.count == 3)
    #expect(found.effects.compactMap(\.adjustedP) == holmAdjusted(plain))
  }
}

@Suite("Importance of parameters")
struct ImportanceTests {
  private let key = ResamplingKey(experiment: "importance", statistic: "test")

  @Test("Eight draws are dealt in all ways, as counting over all of them says")
  func exact() throws {
    let values = [0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6]
    let scores = [1.0, 8, 2, 7, 5, 3, 4, 6]
    let found = try #require(
      ParameterImportance(.numbers(values), scores: scores, key: key))
    #expect(found.isExact && found.bins == 2 && found.draws == 8)
    // Low draws score 1, 2, 5, 4 (mean 3), high ones 8, 7, 3, 6 (mean 6): η² = 18 / 42.
    #expect(abs(found.share - 18.0 / 42) < 1e-12)
    var hits = 0
    var deals = 0
    for mask in 0..<256 where mask.nonzeroBitCount == 4 {
      let sum = scores.indices.reduce(0) { $0 + (mask >> $1 & 1 == 1 ? scores[$1] : 0) }
      deals += 1
      if abs(sum / 4 - 4.5) >= 1.5 - 1e-12 { hits += 1 }
    }
    #expect(deals == 70)
    #expect(abs(found.pValue - Double(hits) / 70) < 1e-12)
  }

  @Test("A parameter that matters stands out, one that does not stays within chance")
  func matters() throws {
    var noise = PlainNoise(state: 3)
    let rate = (0..<40).map { _ in noise.next() }
    let other = (0..<40).map { _ in noise.next() }
    let scores = rate.map { -($0 - 0.5) * ($0 - 0.5) * 40 + noise.next() }
    let strong = try #require(ParameterImportance(.numbers(rate), scores: scores, key: key))
    let weak = try #require(ParameterImportance(.numbers(other), scores: scores, key: key))
    #expect(strong.bins == 4)
    #expect(strong.share > 0.5 && strong.share > strong.chance && strong.pValue < 0.001)
    #expect(weak.share < strong.share / 2 && weak.pValue > 0.05)
    #expect(strong == ParameterImportance(.numbers(rate), scores: scores, key: key))
    // Only the order of numbers counts.
    let logarithms = rate.map { 1_000 * $0 * $0 * $0 }
    #expect(
      ParameterImportance(.numbers(logarithms), scores: scores, key: key)?.share == strong.share)
  }

  @Test("Under chance alone p is below 0.05 in about one of twenty sweeps")
  func calibrated() throws {
    var noise = PlainNoise(state: 77)
    var hits = 0
    for _ in 0..<100 {
      let values = (0..<8).map { _ in noise.next() }
      let scores = (0..<8).map { _ in noise.next() }
      let found = try #require(ParameterImportance(.numbers(values), scores: scores, key: key))
      if found.pValue <= 0.05 { hits += 1 }
    }
    // 100 · 4/70 would be 6; 16 lies four deviations above.
    #expect((1...16).contains(hits))
  }

  @Test("Categories keep a bin each, and equal numbers stay together")
  func bins() {
    let words = ParameterBins(.categories(["b", "a", "b", "c"]))
    #expect(words.bins == [1, 0, 1, 2] && words.count == 3)
    let numbers = ParameterBins(.numbers([1, 1, 1, 1, 1, 1, 1, 2]))
    #expect(numbers.count == 2 || numbers.count == 1)
    #expect(Set(numbers.bins.prefix(7)).count == 1)
    let many = ParameterBins(.numbers((0..<40).map(Double.init)))
    #expect((0..<4).map { bin in many.bins.count { $0 == bin } } == [10, 10, 10, 10])
  }

  @Test("Too few draws, equal scores and a parameter that never changes have no importance")
  func nothing() {
    let seven = (0..<7).map(Double.init)
    #expect(ParameterImportance(.numbers(seven), scores: seven, key: key) == nil)
    let eight = (0..<8).map(Double.init)
    #expect(
      ParameterImportance(.numbers(eight), scores: eight.map { _ in 2 }, key: key) == nil)
    #expect(
      ParameterImportance(
        .categories(eight.map { _ in "x" }), scores: eight, key: key) == nil)
    #expect(
      ParameterImportance(.numbers(eight), scores: seven + [.nan], key: key) == nil)
  }
}

/// Uniform numbers in 0..<1 from a 64-bit linear congruence (Knuth's MMIX constants).
private struct PlainNoise {
  var state: UInt64

  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
}
