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
    var values = resampler.values(
      of: resampled(statistic, scale: scale), key: key.part(statistic.name))
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
    var runs = DrawnRuns(self, key: key)
    var computed = statistics.map { resampled($0, scale: 1) }
    var values = statistics.map { _ in [Double]() }
    for place in values.indices { values[place].reserveCapacity(Resampler.defaultReplicates) }
    for replicate in 0..<Resampler.defaultReplicates {
      runs.draw(replicate)
      for place in computed.indices {
        values[place].append(computed[place].value(runs.places))
      }
    }
    return statistics.indices.map { place in
      guard let estimate = value(of: statistics[place]), !estimate.isNaN else { return nil }
      return BootstrapDistribution(estimate: estimate, values: values[place], isExact: false)
    }
  }
}
