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
  }

  /// A statistic of one variant.
  struct Estimate {
    let value: Double
    /// Nil below two runs in some task.
    let bootstrap: BootstrapDistribution?
    let interval: BootstrapInterval?
  }

  struct VariantStatistics {
    let name: String
    let matrix: ScoreMatrix
    /// By name, in order; without those that have no value.
    let estimates: [(name: String, estimate: Estimate)]
    let profile: [(threshold: Double, share: Double, interval: BootstrapInterval?)]

    func value(_ name: String) -> Double? {
      estimates.first { $0.name == name }?.estimate.value
    }
  }

  /// One variant over another; the greater score is the better one.
  struct Pair {
    let first: String
    let second: String
    /// Whether both have the same seeds in every task, so that whole pairs are resampled.
    let isPaired: Bool
    /// Seeds with a pair; nil where pairs are none.
    let pairs: Int?
    let improvement: Estimate
    let difference: Estimate?
    /// Of "the difference is 0"; nil where the seeds differ.
    let test: SignFlipResult?
    /// Its p after Holm's adjustment over all pairs.
    var adjustedP: Double?
  }

  let options: Options
  let variants: [VariantStatistics]
  let pairs: [Pair]
  /// What is left out, and why.
  let notes: [String]

  init(_ file: ScoreFile, _ options: Options) {
    var options = options
    var notes: [String] = []
    if options.range != nil {
      options.gamma = options.gamma ?? 1
      options.thresholds = options.thresholds ?? (0...20).map { Double($0) / 20 }
    } else if options.gamma == nil && options.thresholds == nil {
      notes.append(
        "without --range the normalized statistics (optimality gap, performance profile) are left"
          + " out; --range 0,1 takes scores that are normalized already")
    }
    self.options = options
    let matrices = file.variants.map { variant in
      options.range.map { variant.matrix.normalized(by: $0) } ?? variant.matrix
    }
    let each = zip(file.variants, matrices).map { variant, matrix in
      VariantStatistics(variant.name, matrix, options)
    }
    variants = each
    let order = each.indices.sorted { a, b in
      let (x, y) = (each[a].value("iqm") ?? -.infinity, each[b].value("iqm") ?? -.infinity)
      return x == y ? a < b : x > y
    }
    var found: [Pair] = []
    for (place, first) in order.enumerated() {
      for second in order[(place + 1)...] {
        let pair = Pair(
          file.variants[first], file.variants[second],
          matrices: (matrices[first], matrices[second]),
          range: options.range)
        if let pair {
          found.append(pair)
        } else {
          notes.append(
            "\(file.variants[first].name) and \(file.variants[second].name) cannot be compared: a"
              + " task without a score")
        }
      }
    }
    let adjusted = holmAdjusted(found.map { $0.test?.pValue ?? 1 })
    for index in found.indices where found[index].test != nil {
      found[index].adjustedP = adjusted[index]
    }
    pairs = found
    for variant in each where variant.estimates.isEmpty {
      notes.append("\(variant.name): a task has no score")
    }
    self.notes = notes
  }
}

extension ScoreStudy.VariantStatistics {
  fileprivate init(_ name: String, _ matrix: ScoreMatrix, _ options: ScoreStudy.Options) {
    self.name = name
    self.matrix = matrix
    let key = ResamplingKey(experiment: "stats", statistic: "variant \(name)")
    var asked: [(String, ScoreStatistic)] = [
      ("mean", .mean), ("median", .median), ("iqm", .interquartileMean),
    ]
    if let gamma = options.gamma { asked.append(("optimalityGap", .optimalityGap(target: gamma))) }
    estimates = asked.compactMap { label, statistic in
      guard let value = matrix.value(of: statistic), value.isFinite else { return nil }
      let bootstrap =
        matrix.scores.allSatisfy(\.isFinite) ? matrix.bootstrap(statistic, key: key) : nil
      return (
        label,
        ScoreStudy.Estimate(value: value, bootstrap: bootstrap, interval: bootstrap?.interval())
      )
    }
    let thresholds = options.thresholds ?? []
    let shares = matrix.performanceProfile(at: thresholds) ?? []
    let intervals = matrix.profileIntervals(at: thresholds, key: key)
    profile = shares.indices.map { (thresholds[$0], shares[$0], intervals?[$0]) }
  }
}

extension ScoreStudy.Pair {
  /// Nil when a task has no score on a side.
  fileprivate init?(
    _ first: ScoreFile.Variant, _ second: ScoreFile.Variant,
    matrices: (ScoreMatrix, ScoreMatrix), range: ScoreRange?
  ) {
    self.first = first.name
    self.second = second.name
    let key = ResamplingKey(
      experiment: "stats", statistic: "pair \(first.name) over \(second.name)")
    let isPaired = zip(first.seeds, second.seeds).allSatisfy { Set($0) == Set($1) }
    self.isPaired = isPaired
    if isPaired {
      func scaled(_ score: Double) -> Double { range?.normalized(score) ?? score }
      let y = first.seeds.indices.map { task in
        first.seeds[task].map { seed in
          second.seeds[task].firstIndex(of: seed).map { scaled(second.scores[task][$0]) } ?? .nan
        }
      }
      let scores = PairedScores(x: first.scores.map { $0.map(scaled) }, y: y)
      pairs = scores.seedCount
      guard let value = scores.value(of: .probabilityOfImprovement) else { return nil }
      improvement = ScoreStudy.Estimate(
        value, scores.bootstrap(.probabilityOfImprovement, key: key))
      difference = scores.value(of: .difference).map {
        ScoreStudy.Estimate($0, scores.bootstrap(.difference, key: key))
      }
      test = scores.signFlipTest(of: .difference, against: 0, key: key)
    } else {
      pairs = nil
      let (x, y) = matrices
      guard let value = x.value(of: .probabilityOfImprovement, over: y) else { return nil }
      improvement = ScoreStudy.Estimate(
        value, x.bootstrap(.probabilityOfImprovement, over: y, key: key))
      difference = x.value(of: .difference, over: y).map {
        ScoreStudy.Estimate($0, x.bootstrap(.difference, over: y, key: key))
      }
      test = nil
    }
  }
}

extension ScoreStudy.Estimate {
  fileprivate init(_ value: Double, _ bootstrap: BootstrapDistribution?) {
    self.init(value: value, bootstrap: bootstrap, interval: bootstrap?.interval())
  }
}
