// SPDX-License-Identifier: MIT

extension ScoreMatrix {
  /// The statistic over the stratified bootstrap's resamples: each task's runs are drawn apart
  /// (Agarwal et al. 2021, section 4).
  ///
  /// Enumerated when there are at most 100,000 resamples. Nil when a task has fewer than two
  /// scores, since one run says nothing about the spread, and where the statistic has no value:
  /// no mean is made of scores that are infinite to both sides.
  ///
  /// - Parameter replicates: drawn when there are more.
  package func bootstrap(
    _ statistic: ScoreStatistic, key: ResamplingKey, replicates: Int? = nil
  ) -> BootstrapDistribution? {
    guard hasSpreadInEveryTask, let estimate = value(of: statistic), !estimate.isNaN else {
      return nil
    }
    let resampler = Resampler(
      sizes: tasks.map(\.count), replicates: replicates ?? Resampler.defaultReplicates)
    let scale = workingScale(scores)
    var values = resampled(statistic, scale: scale)
      .values(over: resampler, key: key.part(statistic.name))
    if scale != 1, !statistic.isShare { values = values.map { unscaled($0, by: scale) } }
    return BootstrapDistribution(estimate: estimate, values: values, isExact: resampler.isExact)
  }

  /// The statistic with its percentile interval; nil when a task has fewer than two scores.
  package func interval(
    of statistic: ScoreStatistic, key: ResamplingKey
  ) -> BootstrapInterval? {
    bootstrap(statistic, key: key)?.interval()
  }

  /// The performance profile with pointwise intervals; all points share their resamples. Nil when
  /// a task has fewer than two scores.
  ///
  /// - Parameter replicates: 2,000 where not enumerated, which moves an end by about a hundredth
  ///   of the scale and keeps a profile of a hundred points cheap.
  package func profileIntervals(
    at thresholds: [Double], key: ResamplingKey, replicates: Int = 2_000
  ) -> [BootstrapInterval]? {
    guard hasSpreadInEveryTask, let estimates = performanceProfile(at: thresholds) else {
      return nil
    }
    let resampler = Resampler(sizes: tasks.map(\.count), replicates: replicates)
    let order = thresholds.indices.sorted { thresholds[$0] < thresholds[$1] }
    let rising = order.map { thresholds[$0] }
    // How many thresholds each score exceeds; so all of them are counted at once.
    let exceeded = scores.map { score in firstIndex(in: rising) { $0 >= score } }
    var counts = Array(repeating: 0, count: rising.count + 1)
    var shares = rising.map { _ in [Double]() }
    for place in shares.indices { shares[place].reserveCapacity(resampler.count) }
    resampler.forEach(key: key.part(ScoreStatistic.profile(threshold: 0).name)) { drawn in
      for place in counts.indices { counts[place] = 0 }
      for index in drawn { counts[exceeded[index]] += 1 }
      var above = 0
      for place in rising.indices.reversed() {
        above += counts[place + 1]
        shares[place].append(Double(above) / Double(drawn.count))
      }
    }
    var intervals: [BootstrapInterval?] = thresholds.map { _ in nil }
    for (place, index) in order.enumerated() {
      intervals[index] = BootstrapDistribution(
        estimate: estimates[index], values: shares[place], isExact: resampler.isExact
      ).interval()
    }
    return intervals.compactMap { $0 }
  }

  /// Several statistics over the bootstrap's resamples: as `bootstrap(_:key:)`, but where resamples
  /// are drawn all statistics are of the same ones, drawn once.
  package func bootstraps(
    _ statistics: [ScoreStatistic], key: ResamplingKey
  ) -> [BootstrapDistribution?] {
    let canShare =
      hasSpreadInEveryTask && workingScale(scores) == 1
      && Resampler.number(sizes: tasks.map(\.count), upTo: Resampler.enumerationLimit) == nil
    guard canShare else { return statistics.map { bootstrap($0, key: key) } }
    let runs = DrawnRuns(self, key: key)
    let prepared = statistics.map { resampled($0, scale: 1) }
    let parts = inParts(Resampler.defaultReplicates) { part in
      var (runs, computed) = (runs, prepared)
      var values = computed.map { _ in [Double]() }
      for replicate in part {
        runs.draw(replicate)
        for place in computed.indices {
          values[place].append(computed[place].value(runs.places))
        }
      }
      return values
    }
    let values = statistics.indices.map { place in parts.flatMap { $0[place] } }
    return statistics.indices.map { place in
      guard let estimate = value(of: statistics[place]), !estimate.isNaN else { return nil }
      return BootstrapDistribution(estimate: estimate, values: values[place], isExact: false)
    }
  }
}

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
  private let isFinite: Bool
  private let rank: [Int]
  private var counts: [Int]

  init(_ scores: [Double]) {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    sorted = order.map { scores[$0] }
    isFinite = scores.allSatisfy(\.isFinite)
    var rank = Array(repeating: 0, count: scores.count)
    for (place, index) in order.enumerated() { rank[index] = place }
    self.rank = rank
    counts = Array(repeating: 0, count: scores.count)
  }

  mutating func value(_ drawn: [Int]) -> Double {
    for place in counts.indices { counts[place] = 0 }
    for index in drawn { counts[rank[index]] += 1 }
    let first = drawn.count / 4
    let end = drawn.count - first
    var (sum, place) = (0.0, 0)
    var behind = counts[0]
    while behind <= first {
      place += 1
      behind += counts[place]
    }
    sum += Double(min(behind, end) - first) * sorted[place]
    while behind < end {
      place += 1
      let taken = min(counts[place], end - behind)
      behind += counts[place]
      // Nothing of an infinite score is nothing.
      if isFinite || taken > 0 { sum += Double(taken) * sorted[place] }
    }
    return sum / Double(end - first)
  }
}
