// SPDX-License-Identifier: MIT

/// Numbers as the runner shows them.
package enum Amounts {
  /// `8,000`
  package static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// `0:07`, `12:30`, `1:02:03`, `2d 03h`; a bar where nobody can tell.
  package static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3_600, whole / 60 % 60)
    if hours >= 48 { return "\(hours / 24)d \(twoDigits(hours % 24))h" }
    if hours > 0 { return "\(hours):\(twoDigits(minutes)):\(twoDigits(whole % 60))" }
    return "\(minutes):\(twoDigits(whole % 60))"
  }

  /// `-14.2`, one decimal; `–` when there is none yet.
  package static func mean(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    if abs(value) >= 1e6 { return (value < 0 ? "-" : "") + scaled(abs(value)) }
    let tenths = Int((value * 10).rounded())
    let text = "\(count(abs(tenths) / 10)).\(abs(tenths) % 10)"
    return tenths < 0 ? "-" + text : text
  }

  /// `1.21M`, `950`; `–` when there is none yet.
  package static func rate(_ perSecond: Double?) -> String {
    guard let perSecond, perSecond.isFinite, perSecond >= 0 else { return "–" }
    return scaled(perSecond)
  }

  /// Three significant digits with k, M, G or T.
  private static func scaled(_ value: Double) -> String {
    var (value, unit) = (value, 0)
    let units = ["", "k", "M", "G", "T"]
    while value >= 999.5 && unit < units.count - 1 { (value, unit) = (value / 1_000, unit + 1) }
    if unit == 0 || value >= 99.95 { return "\(Int(min(value, 1e9).rounded()))\(units[unit])" }
    let decimals = value >= 9.995 ? 1 : 2
    let scale = decimals == 1 ? 10 : 100
    let whole = Int((value * Double(scale)).rounded())
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(whole / scale).\(zeros)\(fraction)\(units[unit])"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
