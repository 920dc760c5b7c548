// SPDX-License-Identifier: MIT

import Glibc

/// How finely the scores of one table, or of one sentence, are shown: all with the same places.
///
/// Alone a score has no places from 1,000 on, one from 1 on, and two significant digits below that.
/// Together they have as many as the greatest needs and at most one more; a narrow interval adds
/// some, so that two digits of its width are seen.
package struct Precision: Hashable, Sendable {
  /// Places after the point.
  package let places: Int
  /// What is smaller than this is rounding error beside the others.
  private let noise: Double
  /// The power of ten that all share where even the greatest is small.
  private let exponent: Int?

  /// - Parameters:
  ///   - values: all numbers that are shown together; those that are not finite do not count.
  ///   - widths: the lengths of the intervals among them.
  package init(_ values: [Double], widths: [Double] = []) {
    let sizes = values.filter(\.isFinite).map(abs).filter { $0 > 0 }
    let greatest = sizes.max() ?? 0
    noise = greatest * 1e-12
    exponent = greatest > 0 && greatest < 0.001 ? Int(floor(log10(greatest))) : nil
    let base = Self.own(greatest)
    let seen = sizes.filter { $0 > greatest * 1e-12 }
    let known = widths.filter { $0.isFinite && $0 > greatest * 1e-12 }
    guard let narrowest = known.min() else {
      places = min(seen.map(Self.own).max() ?? base, base + 1)
      return
    }
    let needed = 1 - Int(floor(log10(narrowest)))
    // One interval shows what it needs; in a table one narrow row does not stretch all others.
    let shown = max(base, known.count > 1 ? min(needed, base + 1) : needed)
    // One place more where that tells an end of an interval from zero.
    let isNothing = seen.contains { $0 * pow(10, Double(shown)) < 0.5 }
    let isSeen = seen.allSatisfy { $0 * pow(10, Double(shown + 1)) >= 0.5 }
    places = isNothing && isSeen ? shown + 1 : shown
  }

  /// A score; what is not zero and rounds to it keeps a sign, `+0.0` or `−0.0`, so that all numbers
  /// that stand together have the same places.
  package func text(_ value: Double) -> String {
    guard value.isFinite else { return Numbers.text(value) }
    if abs(value) <= noise { return exponent == nil ? Numbers.fixed(0, decimals: places) : "0" }
    if let exponent { return Numbers.scientific(value, exponent, decimals: places + exponent) }
    let shown = Numbers.fixed(value, decimals: places)
    let isNothing = abs(value) * pow(10, Double(places)) < 0.5
    return isNothing ? (value < 0 ? "−" : "+") + shown : shown
  }

  package func text(_ value: Double?) -> String { value.map { text($0) } ?? Numbers.nothing }

  /// `[−15.1, −13.3]`.
  package func interval(_ lower: Double, _ upper: Double) -> String {
    "[\(text(lower)), \(text(upper))]"
  }

  private static func own(_ size: Double) -> Int {
    if size >= 1_000 { return 0 }
    if size >= 1 || size == 0 { return 1 }
    return 1 - Int(floor(log10(size)))
  }
}

extension Numbers {
  /// A score by itself: `373.7`, `−0.45`, `1,203`.
  package static func score(_ value: Double?) -> String {
    value.map { Precision([$0]).text($0) } ?? nothing
  }

  /// An interval by itself, as fine as its width asks for: `[−15.1, −13.3]`.
  package static func interval(_ lower: Double, _ upper: Double) -> String {
    Precision([lower, upper], widths: [upper - lower]).interval(lower, upper)
  }

  /// A value with its interval: `−14.2 [−15.1, −13.3]`.
  package static func estimate(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    let precision = Precision([value, lower, upper], widths: [upper - lower])
    return "\(precision.text(value)) \(precision.interval(lower, upper))"
  }
}
