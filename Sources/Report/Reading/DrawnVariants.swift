// SPDX-License-Identifier: MIT

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
    guard count > Self.most else {
      indices = Array(0..<count)
      return
    }
    if isRanked {
      indices = Array(ranked.prefix(Self.best) + ranked.suffix(1))
    } else {
      let scored = Set(ranked)
      let others = (0..<count).filter { !scored.contains($0) }
      indices = Array((ranked + others).prefix(Self.best + 1))
    }
  }

  /// The number of each variant's style, by index: the plan's order while styles differ, else those
  /// that are drawn first.
  var styles: [Int] {
    guard count > 24 else { return Array(0..<count) }
    let drawn = Set(indices)
    let order = indices + (0..<count).filter { !drawn.contains($0) }
    var styles = [Int](repeating: 0, count: count)
    for (place, index) in order.enumerated() { styles[index] = place }
    return styles
  }
}

/// All variants' lines as one: their median and the band of the middle nine tenths, at each place
/// where half of them have a value.
struct MedianLine: Sendable {
  let x: [Double]
  private(set) var middle: [Double] = []
  private(set) var low: [Double] = []
  private(set) var high: [Double] = []

  /// - Parameters:
  ///   - x: rising places.
  ///   - columns: a value for each place and line; NaN for gaps.
  init(x: [Double], columns: [[Double]]) {
    self.x = x
    for index in x.indices {
      let values = columns.map { $0[index] }.filter(\.isFinite)
      let isKnown = values.count * 2 >= columns.count && !values.isEmpty
      func at(_ share: Double) -> Double { isKnown ? quantile(values, share) ?? .nan : .nan }
      middle.append(at(0.5))
      low.append(at(0.05))
      high.append(at(0.95))
    }
  }
}
