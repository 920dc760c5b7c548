// SPDX-License-Identifier: MIT

/// What of two samples is drawn together.
enum TwoSampleDraws {
  /// Each side and task by itself.
  case apart
  /// Seeds, which bring the scores of both sides and of all tasks.
  case seeds
  /// Seeds of each side by itself, which bring the scores of all tasks.
  case seedsOfEachSide
}

/// The measure over resamples of two samples; drawn ones of the probability of improvement are the
/// same whichever side is named first, so that P(X, Y) + P(Y, X) = 1 in each of them.
///
/// - Precondition: but for `apart`, all tasks have the same seeds in the same order.
func twoSampleBootstrap(
  _ measure: TwoSampleMeasure, x: [[Double]], y: [[Double]], draws: TwoSampleDraws,
  estimate: Double, key: ResamplingKey, replicates: Int?
) -> BootstrapDistribution {
  let seeds = x.first?.count ?? 0
  precondition(
    draws == .apart || (x + y).allSatisfy { $0.count == seeds },
    "pairs want equal counts, found \(x.map(\.count)) and \(y.map(\.count))")
  let scale =
    measure == .probabilityOfImprovement ? 1 : workingScale((x + y).lazy.flatMap { $0 })
  func scaled(_ side: [[Double]]) -> [[Double]] {
    scale == 1 ? side : side.map { $0.map { $0 * scale } }
  }
  func distribution(_ x: [[Double]], over y: [[Double]]) -> BootstrapDistribution {
    let (strata, yDraws) =
      switch draws {
      case .apart: ((x + y).map(\.count), x.reduce(0) { $0 + $1.count })
      case .seeds: ([seeds], 0)
      case .seedsOfEachSide: ([seeds, seeds], seeds)
      }
    let resampled = ResampledMeasure(
      measure, x: ResampledSide(scaled(x), firstDraw: 0, sharesDraws: draws != .apart),
      y: ResampledSide(scaled(y), firstDraw: yDraws, sharesDraws: draws != .apart))
    let resampler = Resampler(
      sizes: strata, replicates: replicates ?? Resampler.defaultReplicates)
    return BootstrapDistribution(
      estimate: estimate, values: resampler.values(of: resampled, key: key.part(measure.rawValue)),
      isExact: resampler.isExact)
  }
  let found = distribution(x, over: y)
  switch measure {
  case .spreadRatio: return found
  case .difference:
    return scale == 1 ? found : found.mapped { unscaled($0, by: scale) }
  case .probabilityOfImprovement:
    return found.isExact || !y.joined().lexicographicallyPrecedes(x.joined())
      ? found : distribution(y, over: x).mapped { 1 - $0 }
  }
}

/// One side's scores, and which draw each of them takes.
private struct ResampledSide {
  /// Where each task's scores lie.
  let tasks: [Range<Int>]
  /// How the drawn scores rank among their task's.
  private(set) var ranks: RankCounts
  let byTask: [[Double]]
  private let scores: [Double]
  /// The scores drawn, as places among all, task after task.
  private(set) var places: [Int]
  /// By place: the position of its draw, and what is added to a drawn index to find the score.
  private var positions: [Int] = []
  private var shifts: [Int] = []

  /// - Parameters:
  ///   - firstDraw: the position of the side's first draw.
  ///   - sharesDraws: whether all tasks take the same draws.
  init(_ byTask: [[Double]], firstDraw: Int, sharesDraws: Bool) {
    self.byTask = byTask
    scores = byTask.flatMap { $0 }
    places = Array(scores.indices)
    ranks = RankCounts(byTask)
    var tasks: [Range<Int>] = []
    var start = 0
    for task in byTask {
      tasks.append(start..<(start + task.count))
      positions += task.indices.map { firstDraw + $0 + (sharesDraws ? 0 : start) }
      shifts += task.map { _ in sharesDraws ? start - firstDraw : -firstDraw }
      start += task.count
    }
    self.tasks = tasks
  }

  mutating func take(_ drawn: [Int]) {
    for place in places.indices { places[place] = drawn[positions[place]] + shifts[place] }
  }

  mutating func rank() { ranks.count(places) }

  /// The mean of a task's drawn scores.
  func mean(_ task: Range<Int>) -> Double {
    var sum = 0.0
    for place in task { sum += scores[places[place]] }
    return sum / Double(task.count)
  }

  /// The unbiased variance of a task's drawn scores.
  func variance(_ task: Range<Int>) -> Double {
    // The first value is the origin, so that equal draws give exactly 0.
    let origin = scores[places[task.lowerBound]]
    var sum = 0.0
    for place in task { sum += scores[places[place]] - origin }
    let centre = sum / Double(task.count)
    var squares = 0.0
    for place in task {
      let deviation = scores[places[place]] - origin - centre
      squares += deviation * deviation
    }
    return squares / Double(task.count - 1)
  }
}

/// A measure of one side over the other.
private struct ResampledMeasure: ResampledStatistic {
  private let measure: TwoSampleMeasure
  private var x: ResampledSide
  private var y: ResampledSide
  private let wins: WinCounts

  init(_ measure: TwoSampleMeasure, x: ResampledSide, y: ResampledSide) {
    self.measure = measure
    self.x = x
    self.y = y
    wins = WinCounts(x.byTask, over: y.byTask)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    x.take(drawn)
    y.take(drawn)
    switch measure {
    case .difference:
      var total = 0.0
      for task in x.tasks.indices { total += x.mean(x.tasks[task]) - y.mean(y.tasks[task]) }
      return total / Double(x.tasks.count)
    case .probabilityOfImprovement:
      y.rank()
      return wins.share(x.places, over: y.ranks)
    case .spreadRatio:
      var (xTotal, yTotal) = (0.0, 0.0)
      for task in x.tasks.indices {
        xTotal += x.variance(x.tasks[task])
        yTotal += y.variance(y.tasks[task])
      }
      return xTotal == 0 && yTotal == 0 ? 1 : (yTotal / xTotal).squareRoot()
    }
  }
}
