// SPDX-License-Identifier: MIT

import Glibc
package import Randomness

/// A Parzen estimate of a density on the unit interval: a Gaussian about each observed place, cut off
/// at the ends and made whole again, and a uniform prior that counts as one more observation.
///
/// A Gaussian is as wide as the greater of the gaps to its neighbours, the ends among them, so that it
/// is narrow where observations lie close (Bergstra et al. 2011, section 4.2), but no narrower than
/// 1 / min(100, n + 1) and no wider than 1.
package struct UnitDensity: Sendable {
  private struct Bump: Sendable {
    let centre: Double
    let width: Double
    /// Of the whole Gaussian's mass, what lies in the interval.
    let inside: Double
  }

  private let bumps: [Bump]

  /// - Parameter places: in 0...1, in any order.
  package init(_ places: [Double]) {
    let sorted = places.sorted()
    let narrowest = 1 / Double(min(100, sorted.count + 1))
    bumps = sorted.indices.map { i in
      let left = sorted[i] - (i > 0 ? sorted[i - 1] : 0)
      let right = (i + 1 < sorted.count ? sorted[i + 1] : 1) - sorted[i]
      let width = min(1, max(left, right, narrowest))
      return Bump(
        centre: sorted[i], width: width,
        inside: normalShare(below: (1 - sorted[i]) / width)
          - normalShare(below: -sorted[i] / width))
    }
  }

  /// At a place in 0...1; its integral over them is 1.
  package func density(at place: Double) -> Double {
    mean(prior: 1) { bump in
      let z = (place - bump.centre) / bump.width
      return exp(-z * z / 2) / ((2 * Double.pi).squareRoot() * bump.width * bump.inside)
    }
  }

  /// The chance of falling into an interval.
  package func mass(of interval: ClosedRange<Double>) -> Double {
    mean(prior: interval.upperBound - interval.lowerBound) { bump in
      let upper = normalShare(below: (interval.upperBound - bump.centre) / bump.width)
      let lower = normalShare(below: (interval.lowerBound - bump.centre) / bump.width)
      return (upper - lower) / bump.inside
    }
  }

  /// A place drawn from it.
  package func draw(using random: inout Xoshiro256) -> Double {
    let number = Int(random.next().multipliedFullWidth(by: UInt64(bumps.count + 1)).high)
    guard number < bumps.count else { return random.nextUnit() }
    let bump = bumps[number]
    // At least a third of a Gaussian about a place in the interval, no wider than it, lies inside.
    for _ in 0..<1_000 {
      let radius = (-2 * log(1 - random.nextUnit())).squareRoot()
      let place = bump.centre + bump.width * radius * cos(2 * Double.pi * random.nextUnit())
      if (0...1).contains(place) { return place }
    }
    return bump.centre
  }

  private func mean(prior: Double, _ value: (Bump) -> Double) -> Double {
    bumps.reduce(prior) { $0 + value($1) } / Double(bumps.count + 1)
  }
}

/// The share of a standard normal distribution below z.
private func normalShare(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
