// SPDX-License-Identifier: MIT

/// The arithmetic mean; nil of nothing.
package func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The interquartile mean (Agarwal et al. 2021): of n sorted values, the mean of those left after
/// ⌊n / 4⌋ are dropped at each end; nil of nothing.
///
/// Fewer than four values drop none: the plain mean. Five keep three, six and seven keep four and
/// five. This is SciPy's `trim_mean(…, 0.25)`, which the reference implementation calls.
package func interquartileMean(_ values: [Double]) -> Double? {
  let dropped = values.count / 4
  return mean(Array(values.sorted()[dropped..<(values.count - dropped)]))
}

/// The sample standard deviation, with n − 1 in the denominator; nil of fewer than two values.
package func standardDeviation(_ values: [Double]) -> Double? {
  // Measured from the first value, so that equal values give exactly 0.
  guard values.count > 1, let origin = values.first,
    let centre = mean(values.map { $0 - origin })
  else { return nil }
  let squares = values.reduce(0) { sum, value in
    let deviation = value - origin - centre
    return sum + deviation * deviation
  }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The median; of an even number, the mean of the middle two; nil of nothing.
package func median(_ values: [Double]) -> Double? {
  quantile(values, 0.5)
}
