// SPDX-License-Identifier: MIT

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
