// SPDX-License-Identifier: MIT

import Diagnostics

/// Which rows of a figure are drawn by themselves: all while they can be read, else the first and the
/// last of them, with one row for those between.
struct ShownRows: Equatable {
  /// A row of the drawing.
  enum Place: Equatable {
    case single(Int)
    /// All that have no row of their own.
    case rest
  }

  /// Rows that can be read in one figure.
  static let most = 24
  private static let first = 16
  private static let last = 4

  /// From above downwards.
  let places: [Place]
  /// Indices of those that share one row.
  let rest: [Int]
  private let count: Int

  /// - Parameter order: all indices, best first.
  init(count: Int, order: [Int]) {
    self.count = count
    guard count > Self.most else {
      places = order.map { .single($0) }
      rest = []
      return
    }
    rest = Array(order.dropFirst(Self.first).dropLast(Self.last))
    places =
      order.prefix(Self.first).map { .single($0) } + [.rest]
      + order.suffix(Self.last).map { .single($0) }
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
