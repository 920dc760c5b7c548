// SPDX-License-Identifier: MIT

package import ExperimentSpec
import Glibc
package import ParameterSchema
package import Randomness

/// Two densities over the values of a random sweep, of the good variants and of the rest, path by
/// path: the estimator of Bergstra et al. (2011) for paths that all variants have.
///
/// What is proposed is drawn from the good ones' density, and of some draws the one is taken where it
/// is greatest against that of the rest, which maximizes the expected improvement (their eq. 7 to 11).
package struct ParzenModel: Sendable {
  /// Draws among which a proposal is the best; the paper has 24 in hyperopt, too.
  private static let candidates = 24

  private enum Density: Sendable {
    case levels(LevelDensity)
    case places(UnitDensity)

    init(_ axis: DrawnPath, _ values: [ConfigValue]) {
      if let count = axis.levelCount {
        self = .levels(LevelDensity(values.map(axis.level), count: count))
      } else {
        let cells = values.map(axis.cell)
        self = .places(UnitDensity(cells.map { ($0.lowerBound + $0.upperBound) / 2 }))
      }
    }
  }

  private let axes: [DrawnPath]
  private let good: [Density]
  private let rest: [Density]

  /// - Parameters:
  ///   - good: a value for each axis, of each good variant; so for `rest`.
  package init(_ axes: [DrawnPath], good: [[ConfigValue]], rest: [[ConfigValue]]) {
    func densities(_ rows: [[ConfigValue]]) -> [Density] {
      axes.enumerated().map { i, axis in Density(axis, rows.map { $0[i] }) }
    }
    self.axes = axes
    self.good = densities(good)
    self.rest = densities(rest)
  }

  /// A variant drawn from the density of the good ones.
  private func draw(using random: inout Xoshiro256) -> [ConfigValue] {
    zip(axes, good).map { axis, density in
      switch density {
      case .levels(let levels): axis.value(ofLevel: levels.draw(using: &random))
      case .places(let places): axis.value(at: places.draw(using: &random))
      }
    }
  }

  /// The logarithm of the good ones' density over that of the rest.
  package func promise(of values: [ConfigValue]) -> Double {
    axes.indices.reduce(0) { sum, i in
      sum + log(Self.likelihood(values[i], axes[i], good[i]))
        - log(Self.likelihood(values[i], axes[i], rest[i]))
    }
  }

  /// The most promising of some draws that is allowed; nil where none is of ten times as many.
  func proposal(
    using random: inout Xoshiro256, isAllowed: ([ConfigValue]) -> Bool
  ) -> [ConfigValue]? {
    for _ in 0..<10 {
      let drawn = (0..<Self.candidates).map { _ in draw(using: &random) }
      let order = ranking(drawn.map(promise))
      if let best = order.first(where: { isAllowed(drawn[$0]) }) { return drawn[best] }
    }
    return nil
  }

  /// A whole number is as likely as its cell, a real one as dense as its place.
  private static func likelihood(
    _ value: ConfigValue, _ axis: DrawnPath, _ density: Density
  ) -> Double {
    switch density {
    case .levels(let levels): return levels.shares[axis.level(of: value)]
    case .places(let places):
      let cell = axis.cell(of: value)
      return cell.lowerBound < cell.upperBound
        ? places.mass(of: cell) : places.density(at: cell.lowerBound)
    }
  }
}

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
