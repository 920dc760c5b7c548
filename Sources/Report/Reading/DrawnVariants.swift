// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting
import Statistics

/// Which variants figures of lines draw by themselves: all while lines can be told apart, else the
/// best and the worst by score.
struct DrawnVariants: Equatable, Sendable {
  /// Lines that can be told apart in one figure.
  static let most = 12
  private static let best = 8

  /// Indices of variants: in the plan's order where all are drawn, else best first.
  let indices: [Int]
  /// All variants.
  let count: Int
  /// Whether the scores decided.
  let isRanked: Bool

  var isPartial: Bool { indices.count < count }

  /// - Parameters:
  ///   - ranked: indices of variants with a score, best first.
  ///   - count: all variants.
  init(ranked: [Int], count: Int) {
    self.count = count
    isRanked = ranked.count > Self.best
    let order = ranked + Set(0..<count).subtracting(ranked).sorted()
    indices =
      count <= Self.most
      ? Array(0..<count)
      : isRanked ? ranked.prefix(Self.best) + ranked.suffix(1) : Array(order.prefix(Self.best + 1))
  }

  /// The number of each variant's style, by index: the plan's order while styles differ, else those
  /// that are drawn first.
  var styles: [Int] {
    guard count > 24 else { return Array(0..<count) }
    var styles = [Int](repeating: 0, count: count)
    let order = indices + Set(0..<count).subtracting(indices).sorted()
    for (place, index) in order.enumerated() { styles[index] = place }
    return styles
  }
}

extension DrawnVariants {
  /// The lines of the drawn variants, and where that is a part of them one in grey for all: their
  /// median and the band of the middle nine tenths, at each place where half of them have a value.
  ///
  /// - Parameters:
  ///   - drawn: those with a line of their own.
  ///   - x: rising places for the median.
  ///   - columns: a value for each place and variant; NaN for gaps.
  ///   - all: variants that the median is of.
  func lines(_ drawn: [MeanLine], x: [Double], columns: [[Double]], of all: Int) -> [Line] {
    guard isPartial else { return drawn.map(\.line) }
    func quantiles(_ share: Double) -> [Double] {
      x.indices.map { index in
        let values = columns.map { $0[index] }.filter(\.isFinite)
        guard !values.isEmpty, values.count * 2 >= columns.count else { return .nan }
        return quantile(values, share) ?? .nan
      }
    }
    let median = Line(
      label: "median of \(Numbers.whole(all)) variants", x: x, y: quantiles(0.5),
      low: quantiles(0.05), high: quantiles(0.95), isBackground: true)
    return drawn.map(\.line) + [median]
  }

  /// Which variants have a line of their own; empty where all have.
  var words: String {
    guard isPartial else { return "" }
    let lines =
      isRanked
      ? "the \(Numbers.whole(indices.count - 1)) best and the worst by score have a line of their own"
      : "\(Numbers.whole(indices.count)) have a line of their own, those with a finished seed first"
    return
      " Of \(Numbers.count(count, "variant")) \(lines); grey stands for all: their median, in a"
      + " band from their 5\u{A0}% to their 95\u{A0}% quantile. The CSV has every one."
  }
}
