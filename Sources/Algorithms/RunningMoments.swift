// SPDX-License-Identifier: MIT

import Artifacts

/// Mean and variance of each of several quantities over all rows seen so far, in Double, batch by
/// batch: Chan, Golub and LeVeque 1979, eq. 2.1.
package struct RunningMoments: Hashable, Sendable {
  package private(set) var means: [Double]
  /// Population variances, from 1 on.
  package private(set) var variances: [Double]
  /// Rows; a trace of one at the start, so that the first batch decides.
  private var count = 1e-4

  package init(width: Int) {
    means = [Double](repeating: 0, count: width)
    variances = [Double](repeating: 1, count: width)
  }

  /// Adds rows, shape `[T, width]`.
  package mutating func add(_ rows: [Float]) {
    let width = means.count
    let added = Double(rows.count / width)
    guard added > 0 else { return }
    for i in 0..<width {
      let own = stride(from: i, to: rows.count, by: width)
      let mean = own.reduce(0.0) { $0 + Double(rows[$1]) } / added
      let squares = own.reduce(0.0) {
        $0 + (Double(rows[$1]) - mean) * (Double(rows[$1]) - mean)
      }
      let (distance, total) = (mean - means[i], count + added)
      means[i] += distance * added / total
      let moved = distance * distance * count * added / total
      variances[i] = (variances[i] * count + squares + moved) / total
    }
    count += added
  }

  /// √(variance + 10⁻⁸), shape `[width]`.
  package var deviations: [Float] { variances.map { Float(($0 + 1e-8).squareRoot()) } }

  // MARK: Checkpoints

  /// All its numbers to the last bit, shape `[4, 2·width + 1]`: sixteen bits of each a row, the
  /// highest first.
  func tensor(name: String) -> Tensor {
    let bits = (means + variances + [count]).map(\.bitPattern)
    return Tensor(
      name: name, shape: [4, bits.count],
      values: [48, 32, 16, 0].flatMap { shift in bits.map { Float($0 >> shift & 0xFFFF) } })
  }

  /// - Returns: nil when all fits, otherwise what does not.
  mutating func load(_ tensor: Tensor?, name: String) -> String? {
    let (width, numbers) = (means.count, 2 * means.count + 1)
    guard let tensor else { return "\(name) is missing" }
    guard tensor.shape == [4, numbers] else {
      return "\(name) is \(tensor.shape); allowed: [4, \(numbers)]"
    }
    let parts = tensor.values.map { UInt16(exactly: $0) }
    let read = (0..<numbers).map { i -> Double in
      let bits = stride(from: i, to: parts.count, by: numbers).reduce(0 as UInt64) {
        $0 << 16 | UInt64(parts[$1] ?? 0)
      }
      return Double(bitPattern: bits)
    }
    guard !parts.contains(nil), read.allSatisfy(\.isFinite), read[width...].allSatisfy({ $0 >= 0 })
    else { return "\(name) holds no means and variances" }
    (means, variances, count) = (
      Array(read[..<width]), Array(read[width..<2 * width]), read[2 * width]
    )
    return nil
  }
}
