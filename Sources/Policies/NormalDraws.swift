// SPDX-License-Identifier: MIT

import Kernels
package import Randomness

/// Standard normal draws by Marsaglia's polar method (1964), from operations that round the same
/// on every machine.
package struct NormalDraws {
  private var generator: Xoshiro256
  private var spare: Double?

  package init(_ generator: Xoshiro256) { self.generator = generator }

  /// The next draw.
  package mutating func next() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let u = 2 * generator.nextUnit() - 1
      let v = 2 * generator.nextUnit() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 {
        let factor = (-2 * logarithm(s) / s).squareRoot()
        spare = v * factor
        return u * factor
      }
    }
  }
}
