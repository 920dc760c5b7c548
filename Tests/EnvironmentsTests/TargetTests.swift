// SPDX-License-Identifier: MIT

import Environments
import Randomness
import Testing

@Suite("A plane with regions that pay")
struct TargetTests {
  private let target = TargetEnvironment(regions: [
    .init(x: -1.5, y: 0.5, radius: 0.75), .init(x: 1, y: 1, radius: 0.25),
  ])

  @Test(
    "A point gets 1 within a region or on its edge and −1 elsewhere, and the episode is over",
    arguments: [
      ([-1.5, 0.5], 1), ([-1.5, 1.25], 1), ([-0.75, 0.5], 1), ([-1.5, 1.26], -1), ([0, 0], -1),
      ([1.1, 1.1], 1), ([1.2, 1.2], -1), ([1e30, -1e30], -1),
    ] as [([Float], Double)])
  func rewards(point: [Float], reward: Double) {
    target.reset(draws: Xoshiro256(seed: 1))
    let expected = Transition(reward: reward, frames: 1, ending: .terminated)
    #expect(target.step(.entries(point)) == expected)
  }

  @Test("What is seen is 1, whatever was drawn")
  func observation() {
    for seed in 0..<3 {
      target.reset(draws: Xoshiro256(seed: UInt64(seed)))
      #expect(observed(target) == [1])
      _ = target.step(.entries([Float(seed), 0]))
      #expect(observed(target) == [1])
    }
  }
}
