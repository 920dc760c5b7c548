// SPDX-License-Identifier: MIT

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
