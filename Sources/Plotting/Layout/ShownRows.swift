// SPDX-License-Identifier: MIT

import Diagnostics

/// Which rows of a figure are drawn by themselves: all while they can be read, else the first and the
/// last of them, with one row for those between.
struct ShownRows {
  /// Rows that can be read in one figure.
  private static let most = 24
  private static let first = 16
  private static let last = 4

  /// From above downwards; nil for the row of all that have none of their own.
  let places: [Int?]
  /// Those that share one row.
  let rest: Range<Int>
  private let count: Int

  /// - Parameter count: that of all rows, best first.
  init(count: Int) {
    self.count = count
    rest = count > Self.most ? Self.first..<(count - Self.last) : 0..<0
    places =
      rest.isEmpty
      ? Array(0..<count) : Array(0..<rest.lowerBound) + [nil] + Array(rest.upperBound..<count)
  }

  /// What is not drawn by itself; nil where nothing is left out.
  var sentence: String? {
    if rest.isEmpty { return nil }
    func text(_ number: Int) -> String { Numbers.whole(number) }
    return "Of \(text(count)) rows the best \(Self.first) and the worst \(Self.last) stand by"
      + " themselves. One row stands for the \(text(rest.count)) between them: the dot is their"
      + " median, the thick bar the middle half, the thin one all. The table and the CSV have every"
      + " one."
  }
}

/// How values are spread: the least, the quartiles and the greatest.
struct Spread {
  let least: Double
  let lowerQuartile: Double
  let median: Double
  let upperQuartile: Double
  let greatest: Double

  /// Nil where no value is finite.
  init?(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (below, part) = (Int(place), place - place.rounded(.down))
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] * (1 - part) + sorted[above] * part
    }
    (least, greatest) = (first, last)
    (lowerQuartile, median, upperQuartile) = (quantile(0.25), quantile(0.5), quantile(0.75))
  }

  func marks(y: Double, scale: Scale) -> [Mark] {
    func line(_ from: Double, _ to: Double, width: Double) -> Mark {
      .line(
        [Point(scale.position(from), y), Point(scale.position(to), y)],
        Stroke(.mutedInk.opacity(0.6), width: width))
    }
    return [
      line(least, greatest, width: 1.5), line(lowerQuartile, upperQuartile, width: 6),
      .circle(
        Point(scale.position(median), y), radius: 4.5, fill: .surface,
        stroke: Stroke(.mutedInk, width: 2)),
    ]
  }
}
