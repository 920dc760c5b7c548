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
  package static let candidates = 24

  private enum Density: Sendable {
    case levels(LevelDensity)
    case places(UnitDensity)
  }

  private let axes: [SearchAxis]
  private let good: [Density]
  private let rest: [Density]

  /// - Parameters:
  ///   - good: a value for each axis, of each good variant; so for `rest`.
  package init(_ axes: [SearchAxis], good: [[ConfigValue]], rest: [[ConfigValue]]) {
    self.axes = axes
    self.good = Self.densities(axes, good)
    self.rest = Self.densities(axes, rest)
  }

  /// A variant drawn from the density of the good ones.
  package func draw(using random: inout Xoshiro256) -> [ConfigValue] {
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
  package func proposal(
    using random: inout Xoshiro256, isAllowed: ([ConfigValue]) -> Bool
  ) -> [ConfigValue]? {
    for _ in 0..<10 {
      let drawn = (0..<Self.candidates).map { _ in draw(using: &random) }
      let promises = drawn.map(promise)
      let order = drawn.indices.sorted {
        promises[$0] == promises[$1] ? $0 < $1 : promises[$0] > promises[$1]
      }
      if let best = order.first(where: { isAllowed(drawn[$0]) }) { return drawn[best] }
    }
    return nil
  }

  private static func densities(_ axes: [SearchAxis], _ rows: [[ConfigValue]]) -> [Density] {
    axes.enumerated().map { i, axis in
      switch axis.form {
      case .levels(let count):
        .levels(LevelDensity(rows.map { axis.level(of: $0[i]) }, count: count))
      case .interval:
        .places(
          UnitDensity(
            rows.map {
              let cell = axis.cell(of: $0[i])
              return (cell.lowerBound + cell.upperBound) / 2
            }))
      }
    }
  }

  /// A whole number is as likely as its cell, a real one as dense as its place.
  private static func likelihood(
    _ value: ConfigValue, _ axis: SearchAxis, _ density: Density
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
