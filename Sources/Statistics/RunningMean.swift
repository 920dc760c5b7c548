// SPDX-License-Identifier: MIT

/// The running mean: at each index, the mean of the last `window` values up to it, or of as many
/// as there are yet.
///
/// O(n), with a compensated sum (Neumaier 1974), so that nothing drifts over a million episodes. A
/// value that is not finite makes NaN of the windows that hold it, and of no others.
///
/// - Parameter window: at least 1; 100 in Pong's learning curves.
package func runningMean(_ values: [Double], window: Int) -> [Double] {
  precondition(window > 0, "a window wants at least 1 value, found \(window)")
  let scale = workingScale(values)
  var sum = CompensatedSum()
  var unusable = 0
  return values.indices.map { index in
    if values[index].isFinite { sum.add(values[index] * scale) } else { unusable += 1 }
    if index >= window {
      let gone = values[index - window]
      if gone.isFinite { sum.add(-gone * scale) } else { unusable -= 1 }
    }
    return unusable > 0 ? .nan : unscaled(sum.total / Double(min(index + 1, window)), by: scale)
  }
}

private struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  var total: Double { sum + lost }

  mutating func add(_ value: Double) {
    let next = sum + value
    lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }
}
