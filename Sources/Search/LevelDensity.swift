// SPDX-License-Identifier: MIT

package import Randomness

/// An estimate of how likely each of some levels is: how often it was observed, and a uniform prior
/// that counts as one observation.
package struct LevelDensity: Sendable {
  package let shares: [Double]

  /// - Parameters:
  ///   - observed: levels in `0..<count`.
  ///   - count: at least 1.
  package init(_ observed: [Int], count: Int) {
    var counts = [Double](repeating: 1 / Double(count), count: count)
    for level in observed { counts[level] += 1 }
    shares = counts.map { $0 / Double(observed.count + 1) }
  }

  /// A level drawn from it.
  package func draw(using random: inout Xoshiro256) -> Int {
    var left = random.nextUnit()
    for (level, share) in shares.enumerated() {
      if left < share { return level }
      left -= share
    }
    return shares.count - 1
  }
}
