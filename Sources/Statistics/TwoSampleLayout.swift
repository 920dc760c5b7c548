// SPDX-License-Identifier: MIT

/// Two samples laid out flat for resampling, and which draws each of their tasks takes.
struct TwoSampleLayout {
  /// What is drawn together.
  enum Draws {
    /// Each side and task by itself.
    case apart
    /// Seeds, which bring the scores of both sides and of all tasks.
    case seeds
    /// Seeds of each side by itself, which bring the scores of all tasks.
    case seedsOfEachSide
  }

  let x: [Double]
  let y: [Double]
  /// By task: the number of runs, where its draws begin, and what is added to a drawn index to
  /// find the score.
  let xTasks: [(count: Int, start: Int, shift: Int)]
  let yTasks: [(count: Int, start: Int, shift: Int)]
  private let strata: [Int]

  /// - Precondition: but for `apart`, all tasks have the same seeds in the same order.
  init(x: [[Double]], y: [[Double]], draws: Draws) {
    self.x = x.flatMap { $0 }
    self.y = y.flatMap { $0 }
    let seeds = x.first?.count ?? 0
    precondition(
      draws == .apart || (x + y).allSatisfy { $0.count == seeds },
      "pairs want equal counts, found \(x.map(\.count)) and \(y.map(\.count))")
    func tasks(_ side: [[Double]], from first: Int) -> [(count: Int, start: Int, shift: Int)] {
      var place = 0
      return side.map { scores in
        defer { place += scores.count }
        return draws == .apart
          ? (scores.count, first + place, -first) : (scores.count, first, place - first)
      }
    }
    xTasks = tasks(x, from: 0)
    switch draws {
    case .apart:
      yTasks = tasks(y, from: self.x.count)
      strata = x.map(\.count) + y.map(\.count)
    case .seeds:
      yTasks = tasks(y, from: 0)
      strata = [seeds]
    case .seedsOfEachSide:
      yTasks = tasks(y, from: seeds)
      strata = [seeds, seeds]
    }
  }

  /// The measure over all resamples or `replicates` of them, by default 50,000.
  func bootstrap(
    by measure: TwoSampleMeasure, estimate: Double, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution {
    let resampler = Resampler(
      sizes: strata, replicates: replicates ?? Resampler.defaultReplicates)
    let key = key.part(measure.rawValue)
    let values: [Double]
    switch measure {
    case .difference: values = resampler.values(of: ResampledDifference(self), key: key)
    case .probabilityOfImprovement:
      values = resampler.values(of: ResampledProbability(self), key: key)
    case .spreadRatio: values = resampler.values(of: ResampledSpreadRatio(self), key: key)
    }
    return BootstrapDistribution(estimate: estimate, values: values, isExact: resampler.isExact)
  }
}

private struct ResampledDifference: ResampledStatistic {
  private let layout: TwoSampleLayout

  init(_ layout: TwoSampleLayout) {
    self.layout = layout
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var total = 0.0
    for index in layout.xTasks.indices {
      let (xs, ys) = (layout.xTasks[index], layout.yTasks[index])
      var xSum = 0.0
      for position in xs.start..<(xs.start + xs.count) {
        xSum += layout.x[drawn[position] + xs.shift]
      }
      var ySum = 0.0
      for position in ys.start..<(ys.start + ys.count) {
        ySum += layout.y[drawn[position] + ys.shift]
      }
      total += xSum / Double(xs.count) - ySum / Double(ys.count)
    }
    return total / Double(layout.xTasks.count)
  }
}

/// Counts wins by the places of each task's y scores: O(Nx + Ny) instead of O(Nx·Ny).
private struct ResampledProbability: ResampledStatistic {
  private let layout: TwoSampleLayout
  /// By score of Y: its place among its task's sorted scores.
  private let place: [Int]
  /// By score of X: how many of its task's y scores are less, and how many no greater.
  private let less: [Int]
  private let noGreater: [Int]
  /// How many of the drawn y scores stand before each place.
  private var before: [Int]

  init(_ layout: TwoSampleLayout) {
    self.layout = layout
    var (place, less, noGreater): ([Int], [Int], [Int]) = ([], [], [])
    var (xEnd, yEnd) = (0, 0)
    for (xTask, yTask) in zip(layout.xTasks, layout.yTasks) {
      let xs = layout.x[xEnd..<(xEnd + xTask.count)]
      let ys = Array(layout.y[yEnd..<(yEnd + yTask.count)])
      let order = ys.indices.sorted { (ys[$0], $0) < (ys[$1], $1) }
      let sorted = order.map { ys[$0] }
      var places = Array(repeating: 0, count: ys.count)
      for (rank, index) in order.enumerated() { places[index] = rank }
      place += places
      less += xs.map { x in firstIndex(in: sorted) { $0 >= x } }
      noGreater += xs.map { x in firstIndex(in: sorted) { $0 > x } }
      xEnd += xTask.count
      yEnd += yTask.count
    }
    self.place = place
    self.less = less
    self.noGreater = noGreater
    before = Array(repeating: 0, count: (layout.yTasks.map(\.count).max() ?? 0) + 1)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var total = 0.0
    for index in layout.xTasks.indices {
      let (xs, ys) = (layout.xTasks[index], layout.yTasks[index])
      for rank in 0...ys.count { before[rank] = 0 }
      for position in ys.start..<(ys.start + ys.count) {
        before[place[drawn[position] + ys.shift] + 1] += 1
      }
      for rank in 0..<ys.count { before[rank + 1] += before[rank] }
      var halfWins = 0
      for position in xs.start..<(xs.start + xs.count) {
        let score = drawn[position] + xs.shift
        halfWins += before[less[score]] + before[noGreater[score]]
      }
      total += Double(halfWins) / Double(2 * xs.count * ys.count)
    }
    return total / Double(layout.xTasks.count)
  }
}

/// The first index whose value is so, where all behind it are; the count where none is.
func firstIndex(in sorted: [Double], where isSo: (Double) -> Bool) -> Int {
  var (low, high) = (0, sorted.count)
  while low < high {
    let middle = (low + high) / 2
    if isSo(sorted[middle]) { high = middle } else { low = middle + 1 }
  }
  return low
}

private struct ResampledSpreadRatio: ResampledStatistic {
  private let layout: TwoSampleLayout

  init(_ layout: TwoSampleLayout) {
    self.layout = layout
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var xTotal = 0.0
    var yTotal = 0.0
    for index in layout.xTasks.indices {
      xTotal += variance(drawn, of: layout.x, layout.xTasks[index])
      yTotal += variance(drawn, of: layout.y, layout.yTasks[index])
    }
    return xTotal == 0 && yTotal == 0 ? 1 : (yTotal / xTotal).squareRoot()
  }

  private func variance(
    _ drawn: [Int], of scores: [Double], _ task: (count: Int, start: Int, shift: Int)
  ) -> Double {
    // The first value is the origin, so that equal draws give exactly 0.
    let origin = scores[drawn[task.start] + task.shift]
    let positions = task.start..<(task.start + task.count)
    var sum = 0.0
    for position in positions { sum += scores[drawn[position] + task.shift] - origin }
    let centre = sum / Double(task.count)
    var squares = 0.0
    for position in positions {
      let deviation = scores[drawn[position] + task.shift] - origin - centre
      squares += deviation * deviation
    }
    return squares / Double(task.count - 1)
  }
}
