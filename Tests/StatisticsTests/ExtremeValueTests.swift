// SPDX-License-Identifier: MIT

import Statistics
import Testing

/// Numbers near the ends of what a Double holds, equal, infinite and missing ones, in every
/// statistic.
@Suite("Extreme values")
struct ExtremeValueTests {
  private let key = ResamplingKey(experiment: "extremes", statistic: "test")
  private static let units: [Double] = [1e-308, 1e-200, 1, 1e154, 1e300, 1.7e308]
  private let greatest = Double.greatestFiniteMagnitude

  /// `pattern` in units of nearly the greatest or least size.
  private func scores(_ unit: Double, _ pattern: [Double] = [0.1, -0.7, 0.4, 1, -0.2, 0.9, 0.3])
    -> [Double]
  {
    pattern.map { $0 * unit }
  }

  /// Whether two numbers are the same in the unit at hand; 1e-308 has half a Double's digits.
  private func same(_ a: Double?, _ b: Double?, _ unit: Double) -> Bool {
    isClose(a.map { $0 / unit }, b, within: 1e-9)
  }

  @Test("Averages and deviations depend on the unit alone", arguments: units)
  func averages(unit: Double) throws {
    let (plain, scaled) = (scores(1), scores(unit))
    #expect(same(mean(scaled), mean(plain), unit))
    #expect(same(interquartileMean(scaled), interquartileMean(plain), unit))
    #expect(same(median(scaled), median(plain), unit))
    #expect(same(standardDeviation(scaled), standardDeviation(plain), unit))
    for q in [0.0, 0.1, 0.5, 0.9] {
      #expect(same(quantile(scaled, q), quantile(plain, q), unit))
    }
    let means = zip(meanOfLast(scaled, window: 3), meanOfLast(plain, window: 3))
    #expect(means.allSatisfy { same($0, $1, unit) })
  }

  @Test("Intervals of a variant depend on the unit alone", arguments: units)
  func variants(unit: Double) throws {
    let statistics: [(ScoreStatistic, ScoreStatistic)] = [
      (.mean, .mean), (.median, .median), (.interquartileMean, .interquartileMean),
      (.profile(threshold: 0), .profile(threshold: 0)),
    ]
    for pattern in [scores(1), [0.1, -0.7, 0.4]] {
      let plain = ScoreMatrix(scores: pattern)
      let scaled = ScoreMatrix(scores: pattern.map { $0 * unit })
      for (statistic, other) in statistics {
        let expected = try #require(plain.interval(of: statistic, key: key))
        let found = try #require(scaled.interval(of: other, key: key))
        let size = statistic == .profile(threshold: 0) ? 1 : unit
        #expect(same(found.lower, expected.lower, size), "\(statistic)")
        #expect(same(found.upper, expected.upper, size), "\(statistic)")
      }
      #expect(
        same(
          scaled.bootstrap(.mean, key: key)?.standardDeviation,
          try #require(plain.bootstrap(.mean, key: key)).standardDeviation, unit))
    }
  }

  @Test("Comparisons, tests and effects depend on the unit alone", arguments: units.dropLast())
  func comparisons(unit: Double) throws {
    let other = [0.2, -0.9, 0.1, 0.3, -0.4, 0.1, 0.2]
    let plain = PairedScores(x: scores(1), y: other)
    let scaled = PairedScores(x: scores(unit), y: scores(unit, other))
    for measure in TwoSampleMeasure.allCases {
      let size = measure == .difference ? unit : 1
      let margin = measure.neutralValue
      #expect(same(scaled.value(of: measure), plain.value(of: measure), size), "\(measure)")
      let expected = try #require(plain.interval(of: measure, key: key))
      let found = try #require(scaled.interval(of: measure, key: key))
      #expect(same(found.lower, expected.lower, size), "\(measure)")
      #expect(same(found.upper, expected.upper, size), "\(measure)")
      #expect(
        scaled.signFlipTest(of: measure, against: margin, key: key)
          == plain.signFlipTest(of: measure, against: margin, key: key), "\(measure)")
    }
    let design = try #require(
      FactorialDesign(
        factors: ["a", "b"].map { .init(name: $0, levels: ["0", "1"]) },
        levels: [[0, 0], [0, 1], [1, 0], [1, 1]]))
    let cells = [scores(1), other, other.reversed(), scores(1).map { -$0 / 2 }]
    let effects = try #require(FactorialEffects(design, scores: cells, key: key))
    let great = try #require(
      FactorialEffects(design, scores: cells.map { scores(unit, $0) }, key: key))
    for (a, b) in zip(great.effects, effects.effects) {
      #expect(same(a.estimate, b.estimate, unit))
      #expect(a.test?.pValue == b.test?.pValue && a.isClear == b.isClear)
    }
  }

  @Test("A difference beyond the greatest number has no value, and no test and no verdict")
  func tooFar() throws {
    let pairs = PairedScores(
      x: Array(repeating: greatest, count: 7), y: Array(repeating: -greatest, count: 7))
    #expect(pairs.value(of: .difference) == nil)
    #expect(pairs.interval(of: .difference, key: key) == nil)
    #expect(pairs.value(of: .probabilityOfImprovement) == 1)
    let verdict = try #require(
      verdicts(
        on: [
          PairedHypothesis(name: "a", measure: .difference, atLeast: 0, scores: pairs),
          PairedHypothesis(name: "b", measure: .spreadRatio, atLeast: 1e308, scores: pairs),
        ], experiment: "e"
      ).first)
    #expect(verdict.estimate == nil && verdict.test == nil)
    #expect(verdict.outcome == .undecided(.inconclusive(estimatedSeeds: nil)))
  }

  @Test("A margin that no score reaches is refuted, not a crash", arguments: [1e100, 1e308])
  func greatMargin(margin: Double) throws {
    let pairs = PairedScores(x: scores(1), y: scores(1, [3, -2, 5, 1, -4, 2, 0]))
    for measure in [TwoSampleMeasure.difference, .spreadRatio] {
      let verdict = try #require(
        verdicts(
          on: [PairedHypothesis(name: "a", measure: measure, atLeast: margin, scores: pairs)],
          experiment: "e"
        ).first)
      #expect(verdict.outcome == .refuted, "\(measure)")
    }
  }

  @Test("Equal scores of any size have no spread and no effect", arguments: units)
  func equal(unit: Double) throws {
    let scores = Array(repeating: unit, count: 7)
    #expect(standardDeviation(scores) == 0)
    #expect(isClose(mean(scores).map { $0 / unit }, 1))
    let interval = try #require(ScoreMatrix(scores: scores).interval(of: .mean, key: key))
    #expect(isClose(interval.lower / unit, 1) && isClose(interval.upper / unit, 1))
    let pairs = PairedScores(x: scores, y: scores)
    #expect(pairs.value(of: .difference) == 0 && pairs.value(of: .spreadRatio) == 1)
    #expect(pairs.signFlipTest(of: .difference, against: 0, key: key)?.pValue == 1)
    let histogram = try #require(Histogram(scores, bins: 4))
    #expect(histogram.counts.reduce(0, +) == 7 && histogram.excluded == 0)
    #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 })
    #expect(
      ParameterImportance(
        .numbers((0..<8).map(Double.init)), scores: scores + [unit], key: key)
        == nil)
  }

  @Test("Importance and histograms depend on the unit alone", arguments: units)
  func shapes(unit: Double) throws {
    let pattern = [0.1, 0.9, 0.25, 0.8, -0.3, 0.7, -1, 1]
    let draws = ParameterDraws.numbers((0..<8).map { Double($0 * 3 % 8) })
    let expected = try #require(ParameterImportance(draws, scores: pattern, key: key))
    let found = try #require(
      ParameterImportance(draws, scores: pattern.map { $0 * unit }, key: key))
    #expect(isClose(found.share, expected.share, within: 1e-9) && found.pValue == expected.pValue)
    let histogram = try #require(Histogram(pattern.map { $0 * unit }, bins: 5))
    #expect(histogram.counts == Histogram(pattern, bins: 5)?.counts)
  }

  @Test("A range as wide as all numbers normalizes")
  func range() throws {
    let range = try #require(ScoreRange(minimum: -1.7e308, maximum: 1.7e308))
    #expect(range.normalized(-1.7e308) == 0 && range.normalized(1.7e308) == 1)
    #expect(range.normalized(0) == 0.5 && range.normalized(17) == 0.5)
  }

  @Test("A curve's bands hold runs of any size, infinite and missing values", arguments: units)
  func curves(unit: Double) throws {
    let plain = [[0.1, 0.5, .nan], [-0.3, 0.9, 1], [0.2, -1]]
    let expected = CurveBand(plain, key: key)
    let found = CurveBand(plain.map { $0.map { $0 * unit } }, key: key)
    for (a, b) in zip(found.points, expected.points) {
      #expect(a.runs == b.runs && (a.lower == nil) == (b.lower == nil))
      #expect(b.centre == nil || same(a.centre, b.centre, unit))
      #expect(b.lower == nil || same(a.lower, b.lower, unit) && same(a.upper, b.upper, unit))
    }
  }

  @Test("Scores infinite to both sides have no mean and no interval; those to one side have")
  func infinite() throws {
    let both = ScoreMatrix(scores: [-.infinity, 0, .infinity])
    #expect(both.interval(of: .mean, key: key) == nil)
    let one = try #require(
      ScoreMatrix(scores: [1, 2, .infinity]).interval(of: .mean, key: key))
    #expect(one.estimate == .infinity && one.lower == 1 && one.upper == .infinity)
    let profile = try #require(both.interval(of: .profile(threshold: 0), key: key))
    #expect(isClose(profile.estimate, 1.0 / 3))
  }
}
