// SPDX-License-Identifier: MIT

import Diagnostics

/// A number of points as it comes about, in words: `2 discounts × 3 cases`.
struct SweepCount: Hashable {
  private(set) var text: String
  /// Whether it must stand in brackets within a product.
  private var isSum = false

  init(_ count: Int, _ noun: String) { text = "\(Numbers.whole(count)) \(noun)" }

  private init(text: String, isSum: Bool) {
    self.text = text
    self.isSum = isSum
  }

  private var factor: String { isSum ? "(\(text))" : text }

  static func product(_ factors: [SweepCount]) -> SweepCount {
    if factors.count == 1 { return factors[0] }
    return SweepCount(text: factors.map(\.factor).joined(separator: " × "), isSum: false)
  }

  /// Of very many terms only the first few are written.
  static func sum(_ terms: [SweepCount]) -> SweepCount {
    var texts = terms.map(\.text)
    if terms.count > 20 {
      texts = texts.prefix(3) + ["… of \(Numbers.whole(terms.count - 3)) more parts"]
    }
    return SweepCount(text: texts.joined(separator: " + "), isSum: terms.count > 1)
  }

  /// `2 algorithms, 1 of 2 × 3 maxKL values`: only some of the points before are multiplied.
  func times(_ other: SweepCount, in some: Int, of all: Int) -> SweepCount {
    SweepCount(
      text: "\(factor), \(Numbers.whole(some)) of \(Numbers.whole(all)) × \(other.factor)",
      isSum: true)
  }

  /// `2 algorithms, 7 with what applies to each`: no two of the points before need be alike.
  func becoming(_ total: Int) -> SweepCount {
    SweepCount(text: "\(text), \(Numbers.whole(total)) with what applies to each", isSum: true)
  }

  /// `3 cases − 1 excluded`.
  func without(_ count: Int, _ word: String) -> SweepCount {
    count == 0 ? self : SweepCount(text: "\(text) − \(Numbers.whole(count)) \(word)", isSum: true)
  }
}
