// SPDX-License-Identifier: MIT

import Statistics
import Testing

/// Values computed with the reference implementation (Agarwal et al. 2021) or by full enumeration.
@Suite("Reference values")
struct ReferenceValueTests {
  private let x = ScoreMatrix(runs: [[1, 2], [2, 2], [1, 1], [2, 1]])
  private let y = ScoreMatrix(runs: [[1, 1], [2, 2], [3, 3]])
  private let s = ScoreMatrix(runs: [
    [0, 0.5, 0.9], [0.1, 0.4, 1.2], [0.3, 0.6, 0.8], [0.2, 0.7, 1.1],
  ])
  private let z = ScoreMatrix(runs: [[0, 0.4], [0.2, 0.6], [1, 0.5]])
  private let a = ScoreMatrix(scores: [-21, -18.5, -12, 3, 14]).inPong
  private let b = ScoreMatrix(scores: [-20, -19, -21, -15, -21]).inPong
  private let profilePoints = [0, 0.1, 0.25, 0.5, 0.75, 1]

  @Test("Two tasks with unequal numbers of seeds")
  func twoTasks() {
    for statistic in [ScoreStatistic.mean, .median, .interquartileMean] {
      #expect(printed(x.value(of: statistic)) == printed(1.5))
      #expect(printed(y.value(of: statistic)) == printed(2))
    }
    #expect(printed(x.value(of: .probabilityOfImprovement, over: y)) == printed(1.0 / 3))
    #expect(printed(x.value(of: .optimalityGap(target: 2.5))) == printed(1))
    #expect(printed(y.value(of: .optimalityGap(target: 2.5)), 4) == printed(0.6667, 4))
  }

  @Test(
    "The interquartile mean of the first n squares",
    arguments: zip(1...9, [1, 2.5, 4.66667, 6.5, 9.66667, 13.5, 18, 21.5, 27]))
  func squares(n: Int, expected: Double) {
    let values = (1...n).map { Double($0 * $0) }
    #expect(printed(interquartileMean(values), 5) == printed(expected, 5))
    #expect(printed(interquartileMean(values.reversed()), 5) == printed(expected, 5))
  }

  @Test("Three tasks of four runs")
  func threeTasks() {
    #expect(printed(s.value(of: .mean)) == printed(0.566667))
    #expect(printed(s.value(of: .median)) == printed(0.55))
    #expect(printed(s.value(of: .interquartileMean)) == printed(0.55))
    #expect(printed(s.value(of: .optimalityGap(target: 1))) == printed(0.458333))
    #expect(printed(s.value(of: .optimalityGap(target: 0.5))) == printed(0.125))
  }

  @Test("Two tasks of three runs, with all 729 stratified resamples")
  func allStratifiedResamples() throws {
    #expect(printed(z.value(of: .interquartileMean)) == printed(0.425))
    #expect(printed(z.value(of: .median)) == printed(0.45))
    #expect(printed(z.value(of: .optimalityGap(target: 1))) == printed(0.55))
    let profile = try #require(z.performanceProfile(at: profilePoints))
    #expect(
      profile.map { printed($0, 4) }
        == [0.8333, 0.8333, 0.6667, 0.3333, 0.1667, 0].map { printed($0, 4) })
    let bootstrap = try #require(z.bootstrap(.interquartileMean, key: key))
    #expect(bootstrap.isExact)
    #expect(bootstrap.values.count == 729)
    #expect(printed(bootstrap.mean) == printed(0.440123))
    let interval = bootstrap.interval()
    #expect(printed(interval.lower) == printed(0.25))
    #expect(printed(interval.upper) == printed(0.75))
  }

  @Test("All 27 resamples of the mean of 0, 1 and 4")
  func allMeans() throws {
    let bootstrap = try #require(
      ScoreMatrix(scores: [0, 1, 4]).bootstrap(.mean, key: key))
    let sorted = bootstrap.values.sorted()
    let distinct = sorted.reduce(into: [Double]()) { if $0.last != $1 { $0.append($1) } }
    #expect(
      distinct.map { value in sorted.count { $0 == value } } == [1, 3, 3, 1, 3, 6, 3, 3, 3, 1])
    let interval = bootstrap.interval()
    #expect(interval.isExact)
    #expect(interval.resamples == 27)
    #expect(interval.lower == 0 && interval.upper == 4)
  }

  @Test("Final scores of Pong, with all 3,125 resamples")
  func pong() throws {
    #expect(printed(a.value(of: .mean)) == printed(0.335714))
    #expect(printed(a.value(of: .interquartileMean)) == printed(0.281746))
    #expect(printed(a.value(of: .optimalityGap(target: 1))) == printed(0.664286))
    #expect(printed(b.value(of: .interquartileMean), 7) == printed(0.0238095, 7))
    #expect(printed(b.value(of: .optimalityGap(target: 1))) == printed(0.957143))
    #expect(printed(a.value(of: .probabilityOfImprovement, over: b)) == printed(0.8))
    let profile = try #require(a.performanceProfile(at: profilePoints))
    #expect(profile.map { printed($0) } == [0.8, 0.6, 0.4, 0.4, 0.2, 0].map { printed($0) })
    let bootstrap = try #require(a.bootstrap(.interquartileMean, key: key))
    #expect(bootstrap.values.count == 3_125)
    #expect(printed(bootstrap.mean) == printed(0.308385))
    #expect(printed(bootstrap.standardDeviation) == printed(0.188285))
    let interval = bootstrap.interval()
    #expect(printed(interval.lower) == printed(0.019841))
    #expect(printed(interval.upper) == printed(0.746032))
  }

  @Test("A tie counts half")
  func tie() {
    let probability = ScoreMatrix(scores: [3, 1, 2])
      .value(of: .probabilityOfImprovement, over: ScoreMatrix(scores: [2, 2]))
    #expect(printed(probability) == printed(0.5))
  }

  private var key: ResamplingKey { ResamplingKey(experiment: "reference", statistic: "test") }

  /// The number as the table prints it: rounded to its digits.
  private func printed(_ value: Double?, _ digits: Int = 6) -> Double? {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return value.map { ($0 * scale).rounded() / scale }
  }
}
