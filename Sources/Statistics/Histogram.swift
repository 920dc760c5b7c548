// SPDX-License-Identifier: MIT

/// Counts of values in bins of equal width.
package struct Histogram: Equatable, Sendable {
  /// The bins' edges, ascending, one more than `counts`.
  package let edges: [Double]
  /// Values in each bin: lower edge inclusive, upper exclusive, the last bin's inclusive.
  package let counts: [Int]
  /// Values that are not finite or lie outside the edges.
  package let excluded: Int

  /// Nil when no value is finite and no range is given.
  ///
  /// - Parameters:
  ///   - bins: at least 1.
  ///   - range: the outer edges, by default the least and the greatest value; when those are
  ///     equal, half a unit to either side.
  package init?(_ values: [Double], bins: Int, range: ClosedRange<Double>? = nil) {
    precondition(bins > 0, "a histogram wants at least 1 bin, found \(bins)")
    let finite = values.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(),
      let high = range?.upperBound ?? finite.max(), low.isFinite, high.isFinite
    else { return nil }
    let first = low == high ? low - 0.5 : low
    let last = low == high ? high + 0.5 : high
    let edges = (0...bins).map {
      $0 == bins ? last : first + (last - first) * Double($0) / Double(bins)
    }
    var counts = Array(repeating: 0, count: bins)
    for value in finite where value >= first && value <= last {
      var bin = min(bins - 1, Int((value - first) / (last - first) * Double(bins)))
      // The quotient may round to the neighbour; the edges decide.
      if value < edges[bin] {
        bin -= 1
      } else if bin < bins - 1, value >= edges[bin + 1] {
        bin += 1
      }
      counts[bin] += 1
    }
    self.edges = edges
    self.counts = counts
    excluded = values.count - counts.reduce(0, +)
  }
}
