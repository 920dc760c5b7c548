// SPDX-License-Identifier: MIT

import Statistics
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
  private let statistics: [ScoreStatistic] = [
    .mean, .median, .interquartileMean, .optimalityGap(target: 0.5), .profile(threshold: 0),
  ]
  private let key = ResamplingKey(experiment: "laws", statistic: "test")

  @Test("Enumeration visits every resample once and agrees with the naive twin", arguments: 0..<10)
  func enumeration(seed: Int) throws {
    var source = Source(seed: seed)
    let ragged = [source.scores(3), source.scores(2), source.ties(3)]
    let single = [source.scores(4)]
    for tasks in [ragged, single] {
      for statistic in statistics {
        let fast = try #require(ScoreMatrix(tasks: tasks).bootstrap(statistic, key: key))
        let slow = Naive.resamples(tasks: tasks).map { ScoreMatrix(tasks: $0).value(of: statistic) }
        #expect(fast.isExact)
        #expect(fast.values.count == slow.count)
        #expect(zip(fast.values, slow).allSatisfy { isClose($0, $1) }, "\(statistic) of \(tasks)")
        #expect(fast.interval().lower == Naive.inverse(fast.values, 1, of: 40))
        #expect(fast.interval().upper == Naive.inverse(fast.values, 39, of: 40))
      }
    }
  }

  @Test("Two samples, paired and apart, agree with the naive twin", arguments: 0..<10)
  func twoSamples(seed: Int) throws {
    var source = Source(seed: seed)
    let x = [source.ties(3), source.scores(2)]
    let y = [source.ties(3), source.scores(2)]
    for measure in TwoSampleMeasure.allCases {
      let apart = try #require(
        ScoreMatrix(tasks: x).bootstrap(measure, over: ScoreMatrix(tasks: y), key: key))
      let slow = Naive.resamples(tasks: x + y).map {
        ScoreMatrix(tasks: Array($0[..<2])).value(
          of: measure, over: ScoreMatrix(tasks: Array($0[2...])))
      }
      #expect(apart.isExact)
      #expect(apart.values.count == 27 * 4 * 27 * 4)
      #expect(zip(apart.values, slow).allSatisfy { isClose($0, $1) }, "\(measure), seed \(seed)")

    }
  }

  @Test("A seed drawn brings both sides and all tasks along", arguments: 0..<10)
  func seeds(seed: Int) throws {
    var source = Source(seed: seed)
    let x = [source.ties(3), source.scores(3), source.scores(3)]
    let y = [source.ties(3), source.scores(3), source.ties(3)]
    func chosen(_ side: [[Double]], _ seeds: [Int]) -> ScoreMatrix {
      ScoreMatrix(tasks: side.map { task in seeds.map { task[$0] } })
    }
    let all = Naive.resamples(Array(0..<3))
    for measure in TwoSampleMeasure.allCases {
      let fast = try #require(PairedScores(x: x, y: y).bootstrap(measure, key: key))
      // The probability of improvement has no pairs: its sides are drawn apart.
      let slow =
        measure == .probabilityOfImprovement
        ? all.flatMap { mine in
          all.map { chosen(x, mine).value(of: measure, over: chosen(y, $0)) }
        }
        : all.map { chosen(x, $0).value(of: measure, over: chosen(y, $0)) }
      #expect(fast.isExact && fast.values.count == slow.count)
      #expect(zip(fast.values, slow).allSatisfy { isClose($0, $1) }, "\(measure), seed \(seed)")
      if measure == .probabilityOfImprovement { #expect(isClose(fast.mean, fast.estimate)) }
    }
  }

  @Test("Drawn resamples come near the enumeration", arguments: statistics(ofSixScores: 0.3))
  func monteCarlo(statistic: ScoreStatistic) throws {
    // 6⁶ = 46,656 are enumerated; a seventh score makes 823,543, which are drawn from.
    let scores = [0.1, -0.7, 1.3, 0.4, -1.6, 0.9, 0.2]
    let drawn = try #require(ScoreMatrix(scores: scores).bootstrap(statistic, key: key))
    #expect(!drawn.isExact)
    #expect(drawn.values.count == 50_000)
    let all = Naive.resamples(scores).compactMap { ScoreMatrix(scores: $0).value(of: statistic) }
    let mean = all.reduce(0, +) / Double(all.count)
    #expect(abs(drawn.mean - mean) < 0.01)
    #expect(abs(drawn.interval().lower - Naive.quantile(all, 0.025)) < 0.03)
    #expect(abs(drawn.interval().upper - Naive.quantile(all, 0.975)) < 0.03)
  }

  private static func statistics(ofSixScores threshold: Double) -> [ScoreStatistic] {
    [.mean, .interquartileMean, .optimalityGap(target: threshold)]
  }

  @Test("The limit of enumeration is 100,000 resamples")
  func limit() throws {
    var source = Source(seed: 1)
    let six = try #require(ScoreMatrix(scores: source.scores(6)).interval(of: .mean, key: key))
    #expect(six.isExact)
    #expect(six.resamples == 46_656)
    let ten = try #require(ScoreMatrix(scores: source.scores(10)).interval(of: .mean, key: key))
    #expect(!ten.isExact)
    #expect(ten.resamples == 50_000)
  }

  @Test("Intervals hold the estimate and lie within the data", arguments: 0..<20)
  func holdsEstimate(seed: Int) throws {
    var source = Source(seed: seed)
    let scores = source.scores(10)
    for statistic in [ScoreStatistic.mean, .interquartileMean] {
      let interval = try #require(ScoreMatrix(scores: scores).interval(of: statistic, key: key))
      #expect(interval.lower < interval.estimate && interval.estimate < interval.upper)
      #expect(try interval.lower >= #require(scores.min()))
      #expect(try interval.upper <= #require(scores.max()))
    }
  }

  @Test("The same key gives the same interval, another key another")
  func keys() throws {
    var source = Source(seed: 3)
    let matrix = ScoreMatrix(scores: source.scores(10))
    func bootstrap(_ experiment: String, _ statistic: String) -> [Double]? {
      matrix.bootstrap(.mean, key: ResamplingKey(experiment: experiment, statistic: statistic))?
        .values
    }
    #expect(bootstrap("a", "b") == bootstrap("a", "b"))
    #expect(bootstrap("a", "b") != bootstrap("a", "c"))
    #expect(bootstrap("a", "b") != bootstrap("c", "b"))
    #expect(bootstrap("a", "b") != bootstrap("b", "a"))
    #expect(bootstrap("ab", "c") != bootstrap("a", "bc"))
    #expect(Set(try #require(bootstrap("a", "b"))).count > 10_000)
  }

  @Test("The first draws of a key never change")
  func knownAnswer() throws {
    let matrix = ScoreMatrix(scores: (0..<10).map { Double(1 << (2 * $0)) })
    let key = ResamplingKey(experiment: "kl-line-search", statistic: "final")
    let values = try #require(matrix.bootstrap(.mean, key: key)).values
    // Computed apart, from the definitions of FNV-1a and SplitMix64.
    #expect(values[..<3] == [34_528.9, 7_459.3, 2_467.9])
  }

  @Test("Fewer replicates are a beginning of the more")
  func counterBased() throws {
    var source = Source(seed: 4)
    let matrix = ScoreMatrix(scores: source.scores(10))
    let few = try #require(matrix.bootstrap(.mean, key: key, replicates: 100)).values
    let many = try #require(matrix.bootstrap(.mean, key: key)).values
    #expect(few == Array(many[..<100]))
  }

  @Test("One run, no run and an empty task have no interval")
  func absent() {
    for tasks in [[], [[]], [[1]], [[1, 2], []], [[1, 2], [3]], [[.nan, 1]]] as [[[Double]]] {
      #expect(ScoreMatrix(tasks: tasks).interval(of: .mean, key: key) == nil)
      #expect(ScoreMatrix(tasks: tasks).profileIntervals(at: [0], key: key) == nil)
    }
    #expect(ScoreMatrix(scores: [1]).value(of: .mean) == 1)
    #expect(ScoreMatrix(tasks: []).value(of: .interquartileMean) == nil)
    #expect(ScoreMatrix(tasks: [[1, 2], []]).value(of: .mean) == nil)
    #expect(ScoreMatrix(tasks: [[]]).performanceProfile(at: [0]) == nil)
  }

  @Test("Equal scores have an interval without width")
  func equal() throws {
    let interval = try #require(
      ScoreMatrix(scores: Array(repeating: 0.1, count: 10)).interval(
        of: .interquartileMean, key: key))
    #expect(isClose(interval.lower, 0.1) && isClose(interval.upper, 0.1))
  }

  @Test("A failed run is excluded and counted")
  func coverage() throws {
    let matrix = ScoreMatrix(scores: [1, .nan, 3, 5, .nan])
    #expect(matrix.totalCoverage == Coverage(used: 3, planned: 5))
    #expect(!matrix.totalCoverage.isComplete)
    #expect(matrix.value(of: .mean) == 3)
    let range = try #require(ScoreRange(minimum: 0, maximum: 500))
    #expect(matrix.normalized(by: range).totalCoverage == Coverage(used: 3, planned: 5))
  }

  @Test("A profile falls from point to point, and so do its intervals")
  func profile() throws {
    var source = Source(seed: 5)
    let matrix = ScoreMatrix(tasks: [source.scores(10), source.scores(8)])
    let points = (-10...10).map { Double($0) / 4 }
    let values = try #require(matrix.performanceProfile(at: points))
    let intervals = try #require(matrix.profileIntervals(at: points, key: key))
    #expect(intervals.map(\.estimate) == values)
    #expect(intervals.allSatisfy { $0.resamples == 2_000 })
    for index in points.indices.dropFirst() {
      #expect(values[index] <= values[index - 1])
      #expect(intervals[index].lower <= intervals[index - 1].lower)
      #expect(intervals[index].upper <= intervals[index - 1].upper)
    }
  }

  @Test("A profile's points at once are those of each threshold alone", arguments: [2, 5, 9])
  func profileAtOnce(runs: Int) throws {
    var source = Source(seed: runs)
    let matrix = ScoreMatrix(tasks: [source.ties(runs), source.ties(runs)])
    let points = [2.0, -1, 0.5, 0, 3, 7, 1]
    let together = try #require(matrix.profileIntervals(at: points, key: key))
    for (point, interval) in zip(points, together) {
      let alone = matrix.bootstrap(.profile(threshold: point), key: key, replicates: 2_000)
      #expect(interval == alone?.interval())
    }
  }

  @Test("A censored time makes the upper end infinite, not wrong")
  func censored() throws {
    let matrix = ScoreMatrix(scores: [120, 340, .infinity, 200, 500, .infinity, 180, 260])
    let mean = try #require(matrix.interval(of: .mean, key: key))
    #expect(mean.estimate == .infinity && mean.upper == .infinity)
    let middle = try #require(matrix.interval(of: .interquartileMean, key: key))
    #expect(middle.estimate == (200 + 260 + 340 + 500) / 4)
    #expect(middle.lower < middle.estimate && middle.upper == .infinity)
  }
}
