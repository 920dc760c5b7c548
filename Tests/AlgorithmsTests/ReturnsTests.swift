// SPDX-License-Identifier: MIT

import Algorithms
import Testing

@Suite("Returns and advantages")
struct ReturnsTests {
  private func advantages(
    _ rewards: [Float], _ episodes: [Range<Int>], discount: Double,
    _ normalization: Returns.Normalization, resetAtPoint: Bool = true
  ) -> [Float] {
    var result: [Float] = []
    Returns(discount: discount, normalization: normalization, resetAtPoint: resetAtPoint)
      .computeAdvantages(rewards: rewards, episodes: episodes, into: &result)
    return result
  }

  @Test("The running sum starts anew at each point")
  func resets() {
    let rewards: [Float] = [0, 0, -1, 0, 1]
    #expect(
      advantages(rewards, [0..<5], discount: 0.5, .none) == [-0.25, -0.5, -1, 0.5, 1])
    #expect(
      advantages(rewards, [0..<5], discount: 0.5, .none, resetAtPoint: false)
        == [-0.1875, -0.375, -0.75, 0.5, 1])
  }

  @Test("Nothing runs over an episode's end")
  func episodes() {
    #expect(
      advantages([0, 1, 0, -1], [0..<2, 2..<4], discount: 1, .none, resetAtPoint: false)
        == [1, 1, -1, -1])
  }

  @Test("Every point lost and no discount: deviation 0, advantages 0, not NaN")
  func zeroDeviation() {
    let rewards: [Float] = (0..<210).map { $0 % 10 == 9 ? -1 : 0 }
    for normalization in [Returns.Normalization.episode, .batch] {
      let result = advantages(rewards, [0..<210], discount: 1, normalization)
      #expect(result.allSatisfy { $0 == 0 })
    }
  }

  @Test("Standardized returns have mean 0 and deviation 1 where they are standardized")
  func standardized() {
    let rewards: [Float] = (0..<100).map { $0 % 7 == 6 ? ($0 % 3 == 0 ? 1 : -1) : 0 }
    func moments(_ x: ArraySlice<Float>) -> (Double, Double) {
      let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
      let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (mean, (variance / Double(x.count)).squareRoot())
    }
    let each = advantages(rewards, [0..<40, 40..<100], discount: 0.9, .episode)
    for range in [0..<40, 40..<100] {
      let (mean, deviation) = moments(each[range])
      #expect(abs(mean) < 1e-6 && abs(deviation - 1) < 1e-6)
    }
    let (mean, deviation) = moments(
      advantages(rewards, [0..<40, 40..<100], discount: 0.9, .batch)[...])
    #expect(abs(mean) < 1e-6 && abs(deviation - 1) < 1e-6)
  }
}
