// SPDX-License-Identifier: MIT

extension ScoreMatrix {
  /// The statistic over the stratified bootstrap's resamples: each task's runs are drawn apart
  /// (Agarwal et al. 2021, section 4).
  ///
  /// Enumerated when there are at most 100,000 resamples. Nil when a task has fewer than two
  /// scores, since one run says nothing about the spread.
  ///
  /// - Parameter replicates: drawn when there are more.
  package func bootstrap(
    _ statistic: ScoreStatistic, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution? {
    guard hasSpreadInEveryTask, let estimate = value(of: statistic) else { return nil }
    let resampler = Resampler(
      sizes: tasks.map(\.count), replicates: replicates ?? Resampler.defaultReplicates)
    let key = key.part(statistic.name)
    let values: [Double]
    switch statistic {
    case .mean:
      values = resampler.values(of: ResampledTaskMeans(tasks, combine: .mean), key: key)
    case .median:
      values = resampler.values(of: ResampledTaskMeans(tasks, combine: .median), key: key)
    case .interquartileMean:
      values = resampler.values(of: ResampledInterquartileMean(scores), key: key)
    case .optimalityGap(let target):
      let clipped = tasks.map { $0.map { min($0, target) } }
      values = resampler.values(of: ResampledTaskMeans(clipped, combine: .mean), key: key)
        .map { target - $0 }
    case .profile(let threshold):
      let above = scores.map { $0 > threshold ? 1.0 : 0.0 }
      values = resampler.values(of: ResampledMean(above), key: key)
    }
    return BootstrapDistribution(estimate: estimate, values: values, isExact: resampler.isExact)
  }

  /// The statistic with its percentile interval; nil when a task has fewer than two scores.
  package func interval(
    of statistic: ScoreStatistic, key: ResamplingKey, confidence: Double = 0.95
  ) -> BootstrapInterval? {
    bootstrap(statistic, key: key)?.interval(confidence: confidence)
  }

  /// The performance profile with pointwise intervals; all points share their resamples. Nil when
  /// a task has fewer than two scores.
  ///
  /// - Parameter replicates: 2,000 where not enumerated, which moves an end by about a hundredth
  ///   of the scale and keeps a profile of a hundred points cheap.
  package func profileIntervals(
    at thresholds: [Double], key: ResamplingKey, confidence: Double = 0.95, replicates: Int = 2_000
  ) -> [BootstrapInterval]? {
    guard hasSpreadInEveryTask else { return nil }
    return thresholds.compactMap {
      bootstrap(.profile(threshold: $0), key: key, replicates: replicates)?
        .interval(confidence: confidence)
    }
  }
}

/// The mean of all drawn values.
private struct ResampledMean: ResampledStatistic {
  private let scores: [Double]

  init(_ scores: [Double]) {
    self.scores = scores
  }

  mutating func value(_ drawn: [Int]) -> Double {
    var sum = 0.0
    for index in drawn { sum += scores[index] }
    return sum / Double(drawn.count)
  }
}

/// The mean or median over tasks of the tasks' means.
private struct ResampledTaskMeans: ResampledStatistic {
  enum Combination { case mean, median }

  private let scores: [Double]
  private let sizes: [Int]
  private let combination: Combination
  private var means: [Double]

  init(_ tasks: [[Double]], combine combination: Combination) {
    scores = tasks.flatMap { $0 }
    sizes = tasks.map(\.count)
    self.combination = combination
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
    if combination == .median {
      means.sort()
      let middle = means.count / 2
      return means.count % 2 == 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2
    }
    var sum = 0.0
    for mean in means { sum += mean }
    return sum / Double(means.count)
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
