// SPDX-License-Identifier: MIT

/// A statistic's values over the bootstrap's resamples.
package struct BootstrapDistribution: Sendable {
  /// The statistic of the data themselves.
  package let estimate: Double
  /// One value per resample, in the order of enumeration or of the replicates.
  package let values: [Double]
  /// Whether every resample was enumerated, so that nothing here is random.
  package let isExact: Bool

  /// The mean over the resamples.
  package var mean: Double { Statistics.mean(values) ?? estimate }

  /// The standard deviation over the resamples: the bootstrap's standard error. The denominator
  /// is their number, since an enumeration is the whole population. NaN when a value is infinite.
  package var standardDeviation: Double {
    let centre = mean
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (squares / Double(values.count)).squareRoot()
  }

  /// The percentile interval (Efron 1979), by linear interpolation at (B − 1)·q.
  ///
  /// With few seeds it under-covers: print n and show every seed beside it.
  ///
  /// - Parameter confidence: the share of resamples inside; in (0, 1).
  package func interval(confidence: Double = 0.95) -> BootstrapInterval {
    precondition(
      confidence > 0 && confidence < 1, "a confidence lies between 0 and 1, found \(confidence)")
    var selection = Selection(values)
    return BootstrapInterval(
      estimate: estimate, lower: selection.quantile((1 - confidence) / 2),
      upper: selection.quantile((1 + confidence) / 2), confidence: confidence,
      resamples: values.count, isExact: isExact)
  }
}

/// An estimate with its percentile interval.
package struct BootstrapInterval: Hashable, Sendable {
  /// The statistic of the data themselves; inside the interval save for very skewed statistics.
  package let estimate: Double
  package let lower: Double
  package let upper: Double
  /// The nominal coverage, such as 0.95.
  package let confidence: Double
  /// How many resamples are behind it.
  package let resamples: Int
  /// Whether those were all there are.
  package let isExact: Bool

  package init(
    estimate: Double, lower: Double, upper: Double, confidence: Double, resamples: Int,
    isExact: Bool
  ) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
    self.resamples = resamples
    self.isExact = isExact
  }
}
