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

/// The power of two that brings the greatest of the values near 1 where sums or squares could leave
/// what a Double holds; 1 where they cannot, so that ordinary numbers keep their bits.
///
/// Multiplying by it is exact, so what does not depend on the unit of the scores may be computed of
/// the scaled ones. Values that are not finite do not count.
func workingScale(_ values: some Sequence<Double>) -> Double {
  var greatest = 0.0
  for value in values where value.isFinite { greatest = max(greatest, abs(value)) }
  guard greatest > 0, greatest < 0x1p-400 || greatest > 0x1p400 else { return 1 }
  let exponent = max(-1_000, min(1_000, -greatest.exponent))
  return Double(sign: .plus, exponent: exponent, significand: 1)
}

/// `value / scale` of a value that lies between the unscaled numbers: rounding makes no infinity of
/// a finite one.
func unscaled(_ value: Double, by scale: Double) -> Double {
  let result = value / scale
  guard result.isInfinite, value.isFinite else { return result }
  return result < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
}

/// The middle of two values, also of two whose sum is beyond the greatest Double.
func middle(_ a: Double, _ b: Double) -> Double {
  let sum = a + b
  return sum.isInfinite && a.isFinite && b.isFinite ? a / 2 + b / 2 : sum / 2
}
