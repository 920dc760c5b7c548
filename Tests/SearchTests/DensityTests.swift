// SPDX-License-Identifier: MIT

import Glibc
import Randomness
import Search
import Testing

@Suite("Parzen densities")
struct DensityTests {
  /// Places in 0...1, some of them equal, some at the ends.
  private func places(_ seed: UInt64) -> [Double] {
    var random = Xoshiro256(seed: seed)
    let count = Int(random.next(below: 30))
    return (0..<count).map { i in
      switch random.next(below: 8) {
      case 0: return 0
      case 1: return 1
      case 2: return 0.5
      default: return random.nextUnit()
      }
    }
  }

  /// The slow obvious version: each Gaussian's mass within the interval by adding up many strips.
  private func naive(_ places: [Double], at x: Double) -> Double {
    func bell(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }
    var sum = 1.0
    for (i, centre) in places.enumerated() {
      // Neighbours are looked for among all others, the ends of the interval among them.
      var left = 0.0
      var right = 1.0
      for (j, other) in places.enumerated() where j != i {
        if other < centre || (other == centre && j < i) { left = max(left, other) }
        if other > centre || (other == centre && j > i) { right = min(right, other) }
      }
      let width = min(
        1, max(max(centre - left, right - centre), 1 / Double(min(100, places.count + 1))))
      let strips = 4_000
      let mass = (0..<strips).reduce(0.0) { sum, k in
        sum + bell(((Double(k) + 0.5) / Double(strips) - centre) / width) / width / Double(strips)
      }
      sum += bell((x - centre) / width) / width / mass
    }
    return sum / Double(places.count + 1)
  }

  @Test("A density is that of the slow reference", arguments: 0..<20 as Range<UInt64>)
  func reference(seed: UInt64) {
    let places = places(seed)
    let density = UnitDensity(places)
    for x in [0, 0.013, 0.25, 0.5, 0.77, 1] {
      let expected = naive(places, at: x)
      #expect(abs(density.density(at: x) - expected) < 1e-5 * expected, "seed \(seed), at \(x)")
    }
  }

  @Test(
    "A density integrates to 1, and its cells' masses add up to 1",
    arguments: 0..<20 as Range<UInt64>)
  func normalized(seed: UInt64) {
    let density = UnitDensity(places(seed))
    let strips = 20_000
    // Simpson's rule.
    let integral =
      (0...strips).reduce(0.0) { sum, k in
        let weight = k == 0 || k == strips ? 1.0 : k % 2 == 1 ? 4 : 2
        return sum + weight * density.density(at: Double(k) / Double(strips))
      } / Double(3 * strips)
    #expect(abs(integral - 1) < 1e-8, "seed \(seed): \(integral)")
    let cells = 37
    let masses = (0..<cells).map {
      density.mass(of: Double($0) / Double(cells)...Double($0 + 1) / Double(cells))
    }
    #expect(abs(masses.reduce(0, +) - 1) < 1e-12)
    #expect(masses.allSatisfy { $0 > 0 })
  }

  @Test("Draws fall into cells as often as their mass says", arguments: [1, 2, 3] as [UInt64])
  func draws(seed: UInt64) {
    let density = UnitDensity(places(seed))
    var random = Xoshiro256(seed: seed)
    let (count, cells) = (40_000, 10)
    var hits = [Int](repeating: 0, count: cells)
    for _ in 0..<count {
      let place = density.draw(using: &random)
      #expect((0...1).contains(place))
      hits[min(cells - 1, Int(place * Double(cells)))] += 1
    }
    for cell in 0..<cells {
      let mass = density.mass(of: Double(cell) / Double(cells)...Double(cell + 1) / Double(cells))
      let deviation = (mass * (1 - mass) / Double(count)).squareRoot()
      #expect(abs(Double(hits[cell]) / Double(count) - mass) < 5 * deviation, "cell \(cell)")
    }
  }

  @Test("Without observations a density is the uniform prior")
  func prior() {
    #expect(UnitDensity([]).density(at: 0.3) == 1)
    #expect(LevelDensity([], count: 4).shares == [0.25, 0.25, 0.25, 0.25])
  }

  @Test("Levels are as likely as they were observed, the prior counting as one observation")
  func levels() {
    // (2 + 1/2) / 4 and (1 + 1/2) / 4.
    #expect(LevelDensity([0, 1, 0], count: 2).shares == [0.625, 0.375])
    var random = Xoshiro256(seed: 1)
    let density = LevelDensity([2, 2, 1], count: 3)
    var hits = [0, 0, 0]
    for _ in 0..<30_000 { hits[density.draw(using: &random)] += 1 }
    for (hit, share) in zip(hits, density.shares) {
      #expect(abs(Double(hit) / 30_000 - share) < 0.015)
    }
  }
}
