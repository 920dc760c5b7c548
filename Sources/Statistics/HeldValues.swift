// SPDX-License-Identifier: MIT

/// A curve's values on another grid: at each grid point, the last value at or before it.
///
/// Brings runs whose points lie at different decisions or seconds onto one grid, without a value
/// that was not yet known there. NaN before the first point and behind the last, where the run has
/// no value.
///
/// - Parameters:
///   - positions: the curve's abscissae, ascending, one per value.
///   - values: the curve's ordinates.
///   - grid: ascending.
package func heldValues(
  positions: [Double], values: [Double], on grid: [Double]
) -> [Double] {
  precondition(
    positions.count == values.count,
    "a curve wants as many positions as values, found \(positions.count) and \(values.count)")
  guard let last = positions.last else { return grid.map { _ in .nan } }
  var behind = 0
  return grid.map { point in
    while behind < positions.count, positions[behind] <= point { behind += 1 }
    return behind == 0 || point > last ? .nan : values[behind - 1]
  }
}
