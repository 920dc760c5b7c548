// SPDX-License-Identifier: MIT

import Statistics

/// The statistics of a file of scores: every variant by itself, then each pair.
struct ScoreStudy {
  /// What is asked for beyond mean, median and interquartile mean.
  struct Options {
    /// The constants that become 0 and 1; nil leaves scores as they are.
    var range: ScoreRange?
    /// γ of the optimality gap; nil leaves it out where there is no range.
    var gamma: Double?
    /// Thresholds of the performance profile; nil leaves it out where there is no range.
    var thresholds: [Double]?
    /// Whether rows with the same seed share random numbers, so that they are compared as pairs.
    var isPaired = false
    /// Looks at growing numbers of pairs; nil for none.
    var looks: SequentialStudy.Looks?
  }

  /// A statistic with what its resamples say.
  struct Estimate {
    let value: Double
    /// Nil below two runs in some task, like the two that follow.
    let interval: BootstrapInterval?
    /// The mean and the deviation over the resamples.
    let resampledMean: Double?
    let resampledDeviation: Double?

    init(_ value: Double, _ bootstrap: BootstrapDistribution?) {
      self.value = value
      interval = bootstrap?.interval()
      resampledMean = bootstrap?.mean
      resampledDeviation = bootstrap?.standardDeviation
    }
  }

  struct VariantStatistics {
    let name: String
    let matrix: ScoreMatrix
    /// The key of its draws.
    let key: ResamplingKey
    /// By name, in order; without those that have no value.
    let estimates: [(name: String, estimate: Estimate)]
    /// Its mean over the resamples.
    let mean: BootstrapDistribution?
    let profile: [(threshold: Double, share: Double, interval: BootstrapInterval?)]

    init(_ name: String, _ matrix: ScoreMatrix, _ options: Options) {
      let key = ResamplingKey(experiment: "stats", statistic: "variant \(name)")
      (self.name, self.matrix, self.key) = (name, matrix, key)
      var asked: [(name: String, statistic: ScoreStatistic)] = [("mean", .mean)]
      // Of one task it would be the mean again, and no median of its scores.
      if matrix.tasks.count > 1 { asked.append(("median", .median)) }
      asked.append(("iqm", .interquartileMean))
      if let gamma = options.gamma {
        asked.append(("optimalityGap", .optimalityGap(target: gamma)))
      }
      let found =
        matrix.scores.allSatisfy(\.isFinite)
        ? matrix.bootstraps(asked.map(\.statistic), key: key) : asked.map { _ in nil }
      mean = found.first ?? nil
      estimates = zip(asked, found).compactMap { asked, bootstrap in
        guard let value = matrix.value(of: asked.statistic), value.isFinite else { return nil }
        return (asked.name, Estimate(value, bootstrap))
      }
      let thresholds = options.thresholds ?? []
      let shares = matrix.performanceProfile(at: thresholds) ?? []
      let intervals = matrix.profileIntervals(at: thresholds, key: key)
      profile = shares.indices.map { (thresholds[$0], shares[$0], intervals?[$0]) }
    }

    func estimate(_ name: String) -> Estimate? {
      estimates.first { $0.name == name }?.estimate
    }
  }

  /// One variant over another; the greater score is the better one.
  struct Pair {
    let first: String
    let second: String
    /// Seeds with a score on both sides of every task; nil where the sides are compared apart.
    let pairs: Coverage?
    let improvement: Estimate
    let difference: Estimate?
    /// Seeds in which the first is better; nil where the sides are compared apart.
    let seedsWon: SeedShare?
    /// Of "the difference is 0"; nil where the sides are compared apart.
    let test: SignFlipResult?
    /// Its p after Holm's adjustment over all pairs.
    var adjustedP: Double?

    var isPaired: Bool { pairs != nil }
  }

  let options: Options
  let variants: [VariantStatistics]
  let pairs: [Pair]
  /// The pairs at the looks that were asked for.
  let sequential: SequentialStudy?
  /// What is left out, and why.
  let notes: [String]

  /// - Parameter progressed: told the share that is done, now and then.
  init(_ file: ScoreFile, _ options: Options, progressed: (Double) -> Void = { _ in }) {
    var options = options
    var notes = file.notes
    if options.range != nil {
      options.gamma = options.gamma ?? 1
      options.thresholds = options.thresholds ?? (0...20).map { Double($0) / 20 }
    } else if options.gamma == nil && options.thresholds == nil {
      notes.append(
        "without --range the normalized statistics (optimality gap, performance profile) are left"
          + " out; --range 0,1 takes scores that are normalized already")
    }
    self.options = options
    let count = Double(file.variants.count)
    let work = count * (count + 1) / 2
    var variants: [VariantStatistics] = []
    for variant in file.variants {
      let matrix = options.range.map { variant.matrix.normalized(by: $0) } ?? variant.matrix
      variants.append(VariantStatistics(variant.name, matrix, options))
      progressed(Double(variants.count) / work)
    }
    self.variants = variants
    let order = variants.indices.sorted { a, b in
      let values = [a, b].map { variants[$0].estimate("iqm")?.value ?? -.infinity }
      return values[0] == values[1] ? a < b : values[0] > values[1]
    }
    var comparison = PairStudy(variants: file.variants, statistics: variants, options: options)
    pairs = comparison.pairs(in: order) { progressed((count + $0) / work) }
    notes += comparison.notes
    sequential = options.looks.map {
      SequentialStudy(file.variants, order: order, range: options.range, $0)
    }
    notes += sequential?.notes ?? []
    notes += file.variants.compactMap { variant in
      let without = file.tasks.indices.filter { variant.scores[$0].allSatisfy(\.isNaN) }
      let names = without.map { file.tasks[$0] }.joined(separator: ", ")
      guard !without.isEmpty else { return nil }
      return "\(variant.name) has no score" + (names.isEmpty ? "" : " in task \(names)")
    }
    notes += variants.compactMap { variant in
      let infinite = variant.matrix.scores.count { $0.isInfinite }
      return infinite > 0
        ? "\(variant.name): no mean is made of scores of which \(infinite) are infinite" : nil
    }
    if !options.isPaired, Self.shareSeeds(file) {
      notes.append(
        "seeds are names here, and variants are compared apart; --paired compares them seed by"
          + " seed, for scores whose equal seeds share their random numbers")
    }
    self.notes = notes
  }

  /// Whether two variants have seeds of the same name.
  private static func shareSeeds(_ file: ScoreFile) -> Bool {
    file.tasks.indices.contains { task in
      var known: Set<String> = []
      return file.variants.contains { variant in
        defer { known.formUnion(variant.seeds[task]) }
        return !known.isDisjoint(with: variant.seeds[task])
      }
    }
  }
}
