// SPDX-License-Identifier: MIT

import Glibc

/// Numbers as people read them, the same in tables, sentences and figures: thousands apart by
/// commas, a proper minus (U+2212), `–` where there is no number. Files and output for programs
/// have plain digits instead.
package enum Numbers {
  /// What stands where there is no number.
  package static let nothing = "–"

  /// `12.3`, `−20.5`, `12,345`, `2.5 M`, `2×10⁻⁵`; never `0` for what is not zero.
  ///
  /// - Parameter digits: significant digits; trailing zeros are left out, whole digits below a
  ///   million are all shown.
  package static func text(_ value: Double, digits: Int = 3) -> String {
    if value.isNaN { return nothing }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size < 0.001 || size >= 1e12 { return scientific(value, digits: digits) }
    if size >= 999_500_000 { return trimmed(value / 1e9, digits: digits) + " bn" }
    if size >= 999_999.5 { return trimmed(value / 1e6, digits: digits) + " M" }
    return trimmed(value, digits: digits)
  }

  package static func text(_ value: Double?, digits: Int = 3) -> String {
    value.map { text($0, digits: digits) } ?? nothing
  }

  /// Exactly `decimals` places after the point; what rounds to zero is zero, without a sign.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    if !value.isFinite { return text(value) }
    let decimals = min(max(decimals, 0), 12)
    let power = pow(10, Double(decimals))
    let exact = abs(value) * power
    // A mean of 11.95 that came out as 11.949999999999998 rounds as 11.95 does.
    let scaled = (exact < 1e9 ? exact * (1 + 1e-12) : exact).rounded()
    // Beyond what whole numbers of 64 bits hold, places after the point mean nothing.
    if scaled >= 9e18 { return scientific(value, digits: 3) }
    let whole = UInt64(scaled) / UInt64(power)
    let rest = UInt64(scaled) % UInt64(power)
    var text = grouped(String(whole))
    if decimals > 0 {
      let digits = String(rest)
      text += "." + String(repeating: "0", count: decimals - digits.count) + digits
    }
    return value < 0 && scaled > 0 ? "−" + text : text
  }

  /// `2×10⁻⁵`, or `10⁻⁵` where the factor is one.
  package static func scientific(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value != 0 else { return text(value) }
    var exponent = Int(floor(log10(abs(value))))
    var factor = scaledDown(value, by: exponent)
    if abs(factor) >= 10 - 0.5 * pow(10, Double(1 - digits)) {
      exponent += 1
      factor /= 10
    }
    let power = Self.power(exponent)
    let text = trimmed(factor, digits: digits)
    if text == "1" { return power }
    if text == "−1" { return "−" + power }
    return text + "×" + power
  }

  /// `0.90×10⁻⁹`: with a given power of ten, for numbers that stand together.
  static func scientific(_ value: Double, _ exponent: Int, decimals: Int) -> String {
    fixed(scaledDown(value, by: exponent), decimals: decimals) + "×" + power(exponent)
  }

  /// `1,234,567`.
  package static func whole(_ number: Int) -> String {
    (number < 0 ? "−" : "") + grouped(String(number.magnitude))
  }

  /// A speed such as decisions per second, rounded to three digits: `950`, `12,300`, `1.21 M`.
  package static func rate(_ perSecond: Double?) -> String {
    guard let perSecond, perSecond.isFinite, perSecond > 0 else {
      return perSecond == 0 ? "0" : nothing
    }
    guard perSecond >= 1_000, perSecond < 1e12 else { return text(perSecond) }
    let unit = pow(10, floor(log10(perSecond)) - 2)
    return text((perSecond / unit).rounded() * unit)
  }

  /// `73 %`; a share that is not quite nothing or all is never shown as `0 %` or `100 %`.
  package static func percent(_ share: Double, decimals: Int = 0) -> String {
    guard share.isFinite else { return text(share) }
    let rounded = fixed(100 * share, decimals: decimals)
    let (none, all) = (fixed(0, decimals: decimals), fixed(100, decimals: decimals))
    if rounded == none, share > 0 { return "< \(smallest(decimals)) %" }
    if rounded == all, share < 1 {
      return "> \(fixed(100 - pow(10, -Double(decimals)), decimals: decimals)) %"
    }
    return rounded + " %"
  }

  /// `0.031`, or `< 0.001` for less.
  package static func probability(_ p: Double) -> String {
    p > 0 && p < 0.001 ? "< 0.001" : fixed(p, decimals: 3)
  }

  /// `p = 0.031`, or `p < 0.001` for less.
  package static func pValue(_ p: Double) -> String {
    "p " + (p > 0 && p < 0.001 ? "" : "= ") + probability(p)
  }

  /// A number of bytes in decimal units: `512 B`, `3.4 MB`.
  package static func bytes(_ count: Int) -> String {
    var (value, unit) = (Double(count), 0)
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while abs(value) >= 999.5 && unit < units.count - 1 {
      (value, unit) = (value / 1_000, unit + 1)
    }
    return fixed(value, decimals: unit == 0 || abs(value) >= 99.95 ? 0 : 1) + " " + units[unit]
  }

  // MARK: - Parts

  private static func smallest(_ decimals: Int) -> String {
    fixed(pow(10, -Double(decimals)), decimals: decimals)
  }

  private static func trimmed(_ value: Double, digits: Int) -> String {
    let magnitude = Int(floor(log10(abs(value))))
    let decimals = max(digits - 1 - magnitude, 0)
    var text = fixed(value, decimals: decimals)
    if decimals > 0 {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text
  }

  /// `value / 10^exponent`; in two steps, since 10^-308 and less are not exact.
  private static func scaledDown(_ value: Double, by exponent: Int) -> Double {
    let half = exponent / 2
    return value / pow(10, Double(half)) / pow(10, Double(exponent - half))
  }

  /// `10⁻⁵`.
  private static func power(_ exponent: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let text = String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } }
    return "10" + (exponent < 0 ? "⁻" : "") + String(text)
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

extension Numbers {
  /// `1 episode`, `3,000 episodes`.
  ///
  /// - Parameter plural: the plural where `plural(_:)` does not know it.
  package static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(whole(number)) \(number == 1 ? noun : plural ?? self.plural(noun))"
  }

  /// `seeds`, `entries`, `indices`; of several words the last one changes.
  package static func plural(_ noun: String) -> String {
    let start = noun.lastIndex(of: " ").map { noun.index(after: $0) } ?? noun.startIndex
    let (head, last) = (noun[..<start], String(noun[start...]))
    let irregular = ["axis": "axes", "index": "indices", "series": "series", "child": "children"]
    if let known = irregular[last] { return head + known }
    if last.hasSuffix("y"), let before = last.dropLast().last, !"aeiou".contains(before) {
      return head + last.dropLast() + "ies"
    }
    for ending in ["s", "x", "ch", "sh", "z"] where last.hasSuffix(ending) {
      return head + last + "es"
    }
    return head + last + "s"
  }
}

/// Lengths of time as people read them.
package enum Durations {
  /// `4.2 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`; `–` where nobody can tell.
  ///
  /// The two greatest units, rounded to the smaller one; a second unit of zero is left out.
  package static func text(_ seconds: Double?) -> String {
    guard let seconds, seconds >= 0, seconds < 1e15 else { return Numbers.nothing }
    if seconds < 9.95 {
      if seconds == seconds.rounded() { return Numbers.fixed(seconds, decimals: 0) + " s" }
      let tenths = Numbers.fixed(seconds, decimals: 1)
      return (tenths == "0.0" ? Numbers.text(seconds, digits: 1) : tenths) + " s"
    }
    let whole = Int(seconds.rounded())
    if whole < 100 { return "\(whole) s" }
    if whole < 3_600 { return pair(whole, 60, "min", "s") }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 48 * 60 { return pair(minutes, 60, "h", "min") }
    return pair(Int((seconds / 3_600).rounded()), 24, "d", "h")
  }

  /// How long ago something was: `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`.
  package static func ago(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.isNaN ? 0 : seconds), 1e15))
    switch whole {
    case ..<60: return "\(whole) s ago"
    case ..<3_600: return "\(whole / 60) min ago"
    case ..<172_800: return "\(whole / 3_600) h ago"
    default: return "\(Numbers.whole(whole / 86_400)) d ago"
    }
  }

  private static func pair(_ number: Int, _ size: Int, _ large: String, _ small: String) -> String {
    let (first, second) = number.quotientAndRemainder(dividingBy: size)
    return Numbers.whole(first) + " " + large + (second == 0 ? "" : " \(second) \(small)")
  }
}
