// SPDX-License-Identifier: MIT

import Testing

@testable import Statistics

@Suite("Curves")
struct CurveTests {
  private let key = ResamplingKey(experiment: "laws", statistic: "curve")

  @Test("Three seeds give the band of all 27 resamples")
  func enumerated() throws {
    let band = CurveBand([[0, 5], [1, 5], [4, 5]], key: key)
    #expect(band.isExact && band.resamples == 27)
    #expect(isClose(band.points[0].lower, 0))
    #expect(isClose(band.points[0].upper, 4))
    #expect(isClose(band.points[0].centre, 5.0 / 3))
    #expect(band.points[1] == CurvePoint(centre: 5, lower: 5, upper: 5, runs: 3))
  }

  @Test("Bands agree with the naive twin, also where runs have ended", arguments: 0..<6)
  func naive(seed: Int) throws {
    var source = Source(seed: seed)
    var curves = (0..<5).map { _ in source.scores(4) }
    curves[1].removeLast()
    curves[3][2] = .nan
    curves[4].removeLast(2)
    let band = CurveBand(curves, key: key)
    #expect(band.isExact && band.points.count == 4)
    for (index, point) in band.points.enumerated() {
      let column = curves.map { index < $0.count ? $0[index] : .nan }
      let replicated = Naive.resamples(column).compactMap { drawn -> Double? in
        let values = drawn.filter { !$0.isNaN }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      #expect(point.runs == column.count { !$0.isNaN })
      #expect(isClose(point.lower, Naive.inverse(replicated, 1, of: 40)), "\(index)")
      #expect(isClose(point.upper, Naive.inverse(replicated, 39, of: 40)), "\(index)")
    }
  }

  @Test("Ten seeds draw 2,000 resamples, near the interval of the final score")
  func drawn() throws {
    var source = Source(seed: 9)
    let scores = source.scores(10)
    let curves = scores.map { [$0, 2 * $0 + 1] }
    let band = CurveBand(curves, key: key)
    #expect(!band.isExact && band.resamples == 2_000)
    let interval = try #require(ScoreMatrix(scores: scores).interval(of: .mean, key: key))
    let lower = try #require(band.points[0].lower)
    let upper = try #require(band.points[0].upper)
    #expect(abs(lower - interval.lower) < 0.1 && abs(upper - interval.upper) < 0.1)
    #expect(isClose(band.points[0].centre, interval.estimate))
    // The same resamples at each point: a stretched curve has a stretched band.
    #expect(isClose(band.points[1].lower, 2 * lower + 1))
    #expect(isClose(band.points[1].upper, 2 * upper + 1))
    #expect(band == CurveBand(curves, key: key))
    #expect(band != CurveBand(curves, key: key.part("other")))
  }

  @Test("One run has a centre and no band; no run has nothing")
  func few() {
    let one = CurveBand([[1, .nan]], key: key)
    #expect(
      one.points == [
        CurvePoint(centre: 1, lower: nil, upper: nil, runs: 1),
        CurvePoint(centre: nil, lower: nil, upper: nil, runs: 0),
      ])
    #expect(CurveBand([], key: key).points.isEmpty)
    #expect(CurveBand([[], []], key: key).points.isEmpty)
  }

  @Test("Means of the last values agree with the naive twin", arguments: [1, 2, 7, 100, 1_000])
  func meansOfLast(window: Int) {
    var source = Source(seed: window)
    let values = source.scores(400)
    let slow = Naive.meanOfLast(values, window: window)
    #expect(zip(meanOfLast(values, window: window), slow).allSatisfy { isClose($0, $1) })
    #expect(meanOfLast([], window: window) == [])
  }

  @Test("A mean of the last values forgets a huge value and a NaN when they leave the window")
  func forgets() {
    let means = meanOfLast([1e18, 1, 2, .nan, 3, 4, 5], window: 2)
    #expect(means[2] == 1.5)
    #expect(means[3].isNaN && means[4].isNaN)
    #expect(means[5] == 3.5 && means[6] == 4.5)
  }

  @Test("A run reaches the threshold with its first full window, or is censored")
  func threshold() {
    let rising = (1...10).map(Double.init)
    #expect(timeToThreshold(rising, threshold: 5, window: 3) == .reached(episode: 6))
    #expect(timeToThreshold(rising, threshold: 0, window: 3) == .reached(episode: 3))
    #expect(timeToThreshold(rising, threshold: 9.5, window: 3) == .censored(after: 10))
    #expect(timeToThreshold([21, 21], threshold: 0) == .censored(after: 2))
    #expect(timeToThreshold([], threshold: 0) == .censored(after: 0))
    #expect(
      timeToThreshold(rising.reversed(), threshold: 5, window: 3, goal: .minimize)
        == .reached(episode: 7))
    #expect(ThresholdTime.censored(after: 10).score == .infinity)
    #expect(ThresholdTime.reached(episode: 6).score == 6)
    let long = Array(repeating: -21.0, count: 99) + Array(repeating: 21.0, count: 200)
    #expect(timeToThreshold(long, threshold: 0) == .reached(episode: 149))
  }

  @Test("A run's score is reduced as asked")
  func reductions() {
    let returns: [Double] = [9, 9, 1, 4, 9, 16]
    #expect(ScoreReduction.mean.score(of: returns, window: 4) == 7.5)
    #expect(ScoreReduction.iqm.score(of: returns, window: 4) == 6.5)
    #expect(ScoreReduction.last.score(of: returns, window: 4) == 16)
    #expect(ScoreReduction.best.score(of: returns, window: 2) == 12.5)
    #expect(ScoreReduction.best.score(of: returns, window: 2, goal: .minimize) == 2.5)
    #expect(ScoreReduction.best.score(of: returns, window: 100) == 8)
    for reduction in ScoreReduction.allCases {
      #expect(reduction.score(of: [], window: 4) == nil)
      #expect(reduction.score(of: [3], window: 4) == 3)
    }
  }

  @Test("A curve on another grid holds the last known value")
  func held() {
    let values = heldValues(
      positions: [10, 20, 20, 35], values: [1, 2, 3, 4], on: [5, 10, 15, 20, 35, 36])
    #expect(values[0].isNaN && values[5].isNaN)
    #expect(values[1...4] == [1, 1, 3, 4])
    #expect(heldValues(positions: [], values: [], on: [1]).allSatisfy { $0.isNaN })
  }
}
