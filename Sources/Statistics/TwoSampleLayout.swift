// SPDX-License-Identifier: MIT

/// Two samples laid out flat for resampling.
///
/// Independent, the strata are X's tasks and then Y's; paired, they are the tasks, and an index
/// draws the x and the y of one seed together.
struct TwoSampleLayout {
  let x: [Double]
  let y: [Double]
  let xSizes: [Int]
  let ySizes: [Int]
  let isPaired: Bool

  /// Precondition when paired: `x[m]` and `y[m]` have equal counts for every task m.
  init(x: [[Double]], y: [[Double]], isPaired: Bool) {
    self.x = x.flatMap { $0 }
    self.y = y.flatMap { $0 }
    xSizes = x.map(\.count)
    ySizes = y.map(\.count)
    self.isPaired = isPaired
    precondition(
      !isPaired || xSizes == ySizes, "pairs want equal counts, found \(xSizes) and \(ySizes)")
  }

  /// Where Y's draws begin.
  var yPosition: Int { isPaired ? 0 : x.count }
  /// What is subtracted from a drawn index to find a y.
  var yBase: Int { isPaired ? 0 : x.count }

  /// The measure over all resamples or `replicates` of them, by default 50,000.
  func bootstrap(
    by measure: TwoSampleMeasure, estimate: Double, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution {
    let resampler = Resampler(
      sizes: isPaired ? xSizes : xSizes + ySizes,
      replicates: replicates ?? Resampler.defaultReplicates)
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
    var xPosition = 0
    var yPosition = layout.yPosition
    var total = 0.0
    for task in layout.xSizes.indices {
      var xSum = 0.0
      for _ in 0..<layout.xSizes[task] {
        xSum += layout.x[drawn[xPosition]]
        xPosition += 1
      }
      var ySum = 0.0
      for _ in 0..<layout.ySizes[task] {
        ySum += layout.y[drawn[yPosition] - layout.yBase]
        yPosition += 1
      }
      total += xSum / Double(layout.xSizes[task]) - ySum / Double(layout.ySizes[task])
    }
    return total / Double(layout.xSizes.count)
  }
}

/// Counts wins over the ranks of each task's pooled scores: O(Nx + Ny) instead of O(Nx·Ny).
private struct ResampledProbability: ResampledStatistic {
  private let layout: TwoSampleLayout
  private let xRank: [Int]
  private let yRank: [Int]
  /// For each task, the rank behind its last; ranks go on from task to task.
  private let ends: [Int]
  private var xCounts: [Int]
  private var yCounts: [Int]

  init(_ layout: TwoSampleLayout) {
    self.layout = layout
    var xRank: [Int] = []
    var yRank: [Int] = []
    var ends: [Int] = []
    var start = 0
    for task in layout.xSizes.indices {
      let xs = layout.x[xRank.count..<(xRank.count + layout.xSizes[task])]
      let ys = layout.y[yRank.count..<(yRank.count + layout.ySizes[task])]
      let distinct = (xs + ys).sorted().reduce(into: [Double]()) { found, score in
        if found.last != score { found.append(score) }
      }
      let rank = { (score: Double) in start + (distinct.firstIndex(of: score) ?? 0) }
      xRank += xs.map(rank)
      yRank += ys.map(rank)
      start += distinct.count
      ends.append(start)
    }
    self.xRank = xRank
    self.yRank = yRank
    self.ends = ends
    xCounts = Array(repeating: 0, count: start)
    yCounts = Array(repeating: 0, count: start)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    for rank in xCounts.indices {
      xCounts[rank] = 0
      yCounts[rank] = 0
    }
    for position in 0..<xRank.count { xCounts[xRank[drawn[position]]] += 1 }
    for position in layout.yPosition..<(layout.yPosition + yRank.count) {
      yCounts[yRank[drawn[position] - layout.yBase]] += 1
    }
    var total = 0.0
    var rank = 0
    for task in ends.indices {
      var halfWins = 0
      var below = 0
      while rank < ends[task] {
        halfWins += xCounts[rank] * (2 * below + yCounts[rank])
        below += yCounts[rank]
        rank += 1
      }
      total += Double(halfWins) / Double(2 * layout.xSizes[task] * layout.ySizes[task])
    }
    return total / Double(ends.count)
  }
}

private struct ResampledSpreadRatio: ResampledStatistic {
  private let layout: TwoSampleLayout

  init(_ layout: TwoSampleLayout) {
    self.layout = layout
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var xPosition = 0
    var yPosition = layout.yPosition
    var xTotal = 0.0
    var yTotal = 0.0
    for task in layout.xSizes.indices {
      xTotal += variance(drawn, of: layout.x, from: xPosition, count: layout.xSizes[task], base: 0)
      yTotal += variance(
        drawn, of: layout.y, from: yPosition, count: layout.ySizes[task], base: layout.yBase)
      xPosition += layout.xSizes[task]
      yPosition += layout.ySizes[task]
    }
    return xTotal == 0 && yTotal == 0 ? 1 : (yTotal / xTotal).squareRoot()
  }

  private func variance(
    _ drawn: [Int], of scores: [Double], from start: Int, count: Int, base: Int
  ) -> Double {
    // The first value is the origin, so that equal draws give exactly 0.
    let origin = scores[drawn[start] - base]
    var sum = 0.0
    for position in start..<(start + count) { sum += scores[drawn[position] - base] - origin }
    let centre = sum / Double(count)
    var squares = 0.0
    for position in start..<(start + count) {
      let deviation = scores[drawn[position] - base] - origin - centre
      squares += deviation * deviation
    }
    return squares / Double(count - 1)
  }
}
