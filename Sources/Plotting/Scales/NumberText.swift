// SPDX-License-Identifier: MIT

import Glibc

/// A number as people read it: `12.3`, `−20.5`, `1,200`, `12k`, `2.5 M`, `2×10⁻⁵`; `–` for NaN.
///
/// About `digits` significant digits, trailing zeros left out; the minus is U+2212.
package func shortNumber(_ value: Double, digits: Int = 3) -> String {
  if value.isNaN { return "–" }
  if value.isInfinite { return value < 0 ? "−∞" : "∞" }
  if value == 0 { return "0" }
  let size = abs(value)
  if size < 0.001 || size >= 1e12 { return scientificNumber(value, digits: digits) }
  if size >= 999_500 {
    return size >= 999_500_000
      ? roundedNumber(value / 1e9, digits: digits) + " bn"
      : roundedNumber(value / 1e6, digits: digits) + " M"
  }
  if size >= 9_999.5 { return roundedNumber(value / 1e3, digits: digits) + "k" }
  return roundedNumber(value, digits: max(digits, size >= 1000 ? 4 : digits))
}

/// A number among others of the same scale: as many places for all, three digits of `span`.
///
/// - Parameter span: the length of what the numbers cover, such as 42 for scores of −21…21, which
///   gives one place; for numbers of 10,000 and more as `shortNumber`.
package func scaledNumber(_ value: Double, span: Double) -> String {
  guard value.isFinite, span.isFinite, span > 0, abs(value) < 9_999.5 else {
    return shortNumber(value)
  }
  let decimals = 2 - Int(floor(log10(span)))
  return decimals > 6 ? shortNumber(value) : fixedNumber(value, decimals: decimals)
}

/// A number with exactly `decimals` places, thousands apart by commas and a proper minus.
package func fixedNumber(_ value: Double, decimals: Int) -> String {
  if !value.isFinite { return shortNumber(value) }
  let decimals = min(max(decimals, 0), 12)
  let power = pow(10, Double(decimals))
  let scaled = (abs(value) * power).rounded()
  // Beyond what whole numbers of 64 bits hold, places after the point mean nothing.
  if scaled >= 9e18 { return scientificNumber(value, digits: 3) }
  let whole = UInt64(scaled) / UInt64(power)
  let rest = UInt64(scaled) % UInt64(power)
  var text = grouped(whole)
  if decimals > 0 {
    let digits = String(rest)
    text += "." + String(repeating: "0", count: decimals - digits.count) + digits
  }
  return value < 0 && scaled > 0 ? "−" + text : text
}

private func roundedNumber(_ value: Double, digits: Int) -> String {
  let magnitude = Int(floor(log10(abs(value))))
  let decimals = max(digits - 1 - magnitude, 0)
  var text = fixedNumber(value, decimals: decimals)
  if decimals > 0 {
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
  }
  return text
}

/// `2×10⁻⁵`, or `10⁻⁵` where the factor is one.
func scientificNumber(_ value: Double, digits: Int) -> String {
  var exponent = Int(floor(log10(abs(value))))
  var factor = value / pow(10, Double(exponent))
  if abs(factor) >= 10 - 0.5 * pow(10, Double(1 - digits)) {
    exponent += 1
    factor /= 10
  }
  let power = "10" + superscript(exponent)
  let text = roundedNumber(factor, digits: digits)
  if text == "1" { return power }
  if text == "−1" { return "−" + power }
  return text + "×" + power
}

private func superscript(_ number: Int) -> String {
  let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  let text = String(abs(number)).compactMap { $0.wholeNumberValue.map { digits[$0] } }
  return (number < 0 ? "⁻" : "") + String(text)
}

private func grouped(_ number: UInt64) -> String {
  let digits = Array(String(number))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}
