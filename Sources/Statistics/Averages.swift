// SPDX-License-Identifier: MIT

/// The arithmetic mean; nil of nothing. Of finite values it is finite, however great they are.
package func mean(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sum = values.reduce(0, +)
  if sum.isFinite || !values.allSatisfy(\.isFinite) { return sum / Double(values.count) }
  let scale = workingScale(values)
  return unscaled(values.reduce(0) { $0 + $1 * scale } / Double(values.count), by: scale)
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
  let scale = workingScale(values)
  // Measured from the first value, so that equal values give exactly 0.
  guard values.count > 1, let origin = values.first.map({ $0 * scale }),
    let centre = mean(values.map { $0 * scale - origin })
  else { return nil }
  let squares = values.reduce(0) { sum, value in
    let deviation = value * scale - origin - centre
    return sum + deviation * deviation
  }
  return unscaled((squares / Double(values.count - 1)).squareRoot(), by: scale)
}

/// The median; of an even number, the mean of the middle two; nil of nothing.
package func median(_ values: [Double]) -> Double? {
  quantile(values, 0.5)
}
