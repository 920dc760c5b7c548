// SPDX-License-Identifier: MIT

extension ScoreMatrix {
  /// The statistic of one resample after another, of the scores times `scale`; only a profile's
  /// share does not depend on it.
  func resampled(_ statistic: ScoreStatistic, scale: Double) -> any ResampledStatistic {
    let scaled = scale == 1 ? tasks : tasks.map { $0.map { $0 * scale } }
    switch statistic {
    case .mean: return ResampledTaskMeans(scaled)
    case .median: return ResampledTaskMeans(scaled, isMedian: true)
    case .interquartileMean: return ResampledInterquartileMean(scaled.flatMap { $0 })
    case .optimalityGap(let target):
      let target = target * scale
      return ResampledTaskMeans(scaled.map { $0.map { min($0, target) } }, shortOf: target)
    case .profile(let threshold):
      return ResampledTaskMeans([scores.map { $0 > threshold ? 1 : 0 }])
    }
  }
}

/// The mean or median over tasks of the tasks' means.
private struct ResampledTaskMeans: ResampledStatistic {
  private let scores: [Double]
  private let sizes: [Int]
  private let isMedian: Bool
  /// From which the result is taken; nil for the result itself.
  private let target: Double?
  private var means: [Double]

  init(_ tasks: [[Double]], isMedian: Bool = false, shortOf target: Double? = nil) {
    scores = tasks.flatMap { $0 }
    sizes = tasks.map(\.count)
    self.isMedian = isMedian
    self.target = target
    means = Array(repeating: 0, count: tasks.count)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var position = 0
    for task in sizes.indices {
      var sum = 0.0
      for _ in 0..<sizes[task] {
        sum += scores[drawn[position]]
        position += 1
      }
      means[task] = sum / Double(sizes[task])
    }
    if isMedian {
      means.sort()
      let half = means.count / 2
      return means.count % 2 == 1 ? means[half] : (means[half - 1] + means[half]) / 2
    }
    var sum = 0.0
    for mean in means { sum += mean }
    let mean = sum / Double(means.count)
    return target.map { $0 - mean } ?? mean
  }
}

/// The interquartile mean by counting over the sorted scores, which are sorted once only.
private struct ResampledInterquartileMean: ResampledStatistic {
  private let sorted: [Double]
  private let rank: [Int]
  private var counts: [Int]

  init(_ scores: [Double]) {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    sorted = order.map { scores[$0] }
    var rank = Array(repeating: 0, count: scores.count)
    for (place, index) in order.enumerated() { rank[index] = place }
    self.rank = rank
    counts = Array(repeating: 0, count: scores.count)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    for place in counts.indices { counts[place] = 0 }
    for index in drawn { counts[rank[index]] += 1 }
    let dropped = drawn.count / 4
    let kept = drawn.count - 2 * dropped
    var toDrop = dropped
    var toKeep = kept
    var sum = 0.0
    for place in counts.indices where counts[place] > 0 {
      let skipped = min(toDrop, counts[place])
      toDrop -= skipped
      let taken = min(toKeep, counts[place] - skipped)
      guard taken > 0 else { continue }
      toKeep -= taken
      sum += Double(taken) * sorted[place]
    }
    return sum / Double(kept)
  }
}
