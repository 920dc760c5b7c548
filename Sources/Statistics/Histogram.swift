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
  ///     equal, half a unit to either side, or a thousandth where half a unit is less than rounding.
  package init?(_ values: [Double], bins: Int, range: ClosedRange<Double>? = nil) {
    precondition(bins > 0, "a histogram wants at least 1 bin, found \(bins)")
    let finite = values.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(),
      let high = range?.upperBound ?? finite.max(), low.isFinite, high.isFinite
    else { return nil }
    let limit = Double.greatestFiniteMagnitude
    let half = low - 0.5 < low && high + 0.5 > high ? 0.5 : abs(low) / 1_000
    let room = low == high ? half : 0
    let (first, last) = (max(low - room, -limit), min(high + room, limit))
    // Smaller units where multiples of the width are beyond the greatest Double.
    let unit = ((last - first) * Double(bins)).isFinite ? 1 : 0x1p-64
    let width = last * unit - first * unit
    let edges = (0...bins).map {
      $0 == bins ? last : (first * unit + width * Double($0) / Double(bins)) / unit
    }
    var counts = Array(repeating: 0, count: bins)
    for value in finite where value >= first && value <= last {
      let share = (value * unit - first * unit) / width
      var bin = min(bins - 1, Int(share * Double(bins)))
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
