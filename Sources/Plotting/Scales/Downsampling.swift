// SPDX-License-Identifier: MIT

/// A series of numbers, thinned so that no extreme is lost: one entry a bucket in every column.
package struct Downsampled: Equatable, Sendable {
  /// Mean of the bucket's x values.
  package var x: [Double] = []
  /// Least finite y; NaN where the bucket has none.
  package var minimum: [Double] = []
  /// Mean of the finite y; NaN where the bucket has none.
  package var mean: [Double] = []
  /// Greatest finite y; NaN where the bucket has none.
  package var maximum: [Double] = []
  /// How many points each bucket stands for, gaps included.
  var counts: [Int] = []

  /// One value a bucket, without positions.
  package init(_ values: [Double] = []) { (minimum, mean, maximum) = (values, values, values) }

  /// Whether any bucket stands for more than one point, so that a reader must be told.
  var isThinned: Bool { counts.contains { $0 > 1 } }
}

/// The series in at most `maximumPoints` buckets of neighbours, their sizes equal to within one.
///
/// - Parameters:
///   - x: rising positions; as many as `y`.
///   - y: values; NaN and infinities are gaps.
/// - Complexity: O(n).
package func downsampled(
  x: [Double], y: [Double], maximumPoints: Int = 500
) -> Downsampled {
  precondition(x.count == y.count, "\(x.count) positions do not fit \(y.count) values")
  precondition(maximumPoints > 0, "a series keeps at least 1 point, not \(maximumPoints)")
  let buckets = min(maximumPoints, y.count)
  var result = Downsampled()
  for bucket in 0..<buckets {
    let first = bucket * y.count / buckets
    let last = (bucket + 1) * y.count / buckets
    var (low, high, sum, count) = (Double.infinity, -Double.infinity, 0.0, 0)
    for value in y[first..<last] where value.isFinite {
      low = min(low, value)
      high = max(high, value)
      sum += value
      count += 1
    }
    result.x.append(x[first..<last].reduce(0, +) / Double(last - first))
    result.minimum.append(count > 0 ? low : .nan)
    result.maximum.append(count > 0 ? high : .nan)
    // Held within the extremes, which rounding of the sum could leave by a bit.
    result.mean.append(count > 0 ? min(max(sum / Double(count), low), high) : .nan)
    result.counts.append(last - first)
  }
  return result
}
