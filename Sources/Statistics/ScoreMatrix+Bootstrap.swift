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
    let key = key.part(statistic.name)
    let scale = workingScale(self.scores)
    let tasks = scale == 1 ? self.tasks : self.tasks.map { $0.map { $0 * scale } }
    let scores = tasks.flatMap { $0 }
    let values: [Double]
    switch statistic {
    case .mean:
      values = resampler.values(of: ResampledTaskMeans(tasks, combine: .mean), key: key)
    case .median:
      values = resampler.values(of: ResampledTaskMeans(tasks, combine: .median), key: key)
    case .interquartileMean:
      values = resampler.values(of: ResampledInterquartileMean(scores), key: key)
    case .optimalityGap(let target):
      values = resampler.values(of: ResampledGap(tasks, target: target * scale), key: key)
    case .profile(let threshold):
      let above = self.scores.map { $0 > threshold ? 1.0 : 0.0 }
      values = resampler.values(of: ResampledMean(above), key: key)
      return BootstrapDistribution(estimate: estimate, values: values, isExact: resampler.isExact)
    }
    return BootstrapDistribution(
      estimate: estimate, values: scale == 1 ? values : values.map { unscaled($0, by: scale) },
      isExact: resampler.isExact)
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
      ).interval(confidence: confidence)
    }
    return intervals.compactMap { $0 }
  }
}
