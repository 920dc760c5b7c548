// SPDX-License-Identifier: MIT

/// A statistic's values over the bootstrap's resamples.
package struct BootstrapDistribution: Sendable {
  /// The statistic of the data themselves.
  package let estimate: Double
  /// One value per resample, in the order of enumeration or of the replicates.
  package let values: [Double]
  /// Whether every resample was enumerated, so that nothing here is random.
  package let isExact: Bool
}

extension BootstrapDistribution {
  /// The difference of two statistics whose resamples were drawn apart, replicate by replicate.
  package init(
    estimate: Double, drawnDifferenceOf x: BootstrapDistribution, and y: BootstrapDistribution
  ) {
    precondition(
      !x.isExact && !y.isExact && x.values.count == y.values.count,
      "\(x.values.count) and \(y.values.count) resamples are no replicates of each other")
    self.init(estimate: estimate, values: zip(x.values, y.values).map { $0 - $1 }, isExact: false)
  }

  /// The same resamples with another value each.
  func mapped(_ transform: (Double) -> Double) -> BootstrapDistribution {
    BootstrapDistribution(estimate: estimate, values: values.map(transform), isExact: isExact)
  }

  /// The mean over the resamples.
  package var mean: Double { Statistics.mean(values) ?? estimate }

  /// The standard deviation over the resamples: the bootstrap's standard error. The denominator
  /// is their number, since an enumeration is the whole population. NaN when a value is infinite.
  package var standardDeviation: Double {
    let scale = workingScale(values)
    let centre = mean * scale
    let squares = values.reduce(0) { $0 + ($1 * scale - centre) * ($1 * scale - centre) }
    return unscaled((squares / Double(values.count)).squareRoot(), by: scale)
  }

  /// The 95 % percentile interval (Efron 1979): of drawn resamples by linear interpolation at
  /// (B − 1)·q, of enumerated ones by the inverted cumulative distribution, since interpolation is
  /// narrower than a distribution of few values allows.
  ///
  /// With few seeds it under-covers: print n and show every seed beside it.
  package func interval() -> BootstrapInterval {
    var selection = Selection(values)
    let ends = selection.interval(isExact: isExact)
    return BootstrapInterval(
      estimate: estimate, lower: ends.lower, upper: ends.upper, resamples: values.count,
      isExact: isExact)
  }
}

/// An estimate with its 95 % percentile interval.
package struct BootstrapInterval: Hashable, Sendable {
  /// The statistic of the data themselves; inside the interval save for very skewed statistics.
  package let estimate: Double
  package let lower: Double
  package let upper: Double
  /// How many resamples are behind it.
  package let resamples: Int
  /// Whether those were all there are.
  package let isExact: Bool
}

extension Selection {
  /// The ends between which 95 % of the resamples lie.
  mutating func interval(isExact: Bool) -> (lower: Double, upper: Double) {
    let confidence = 0.95
    let (low, high) = ((1 - confidence) / 2, (1 + confidence) / 2)
    return isExact ? (inverse(low), inverse(high)) : (quantile(low), quantile(high))
  }
}
