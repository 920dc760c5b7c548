// SPDX-License-Identifier: MIT

import Randomness
import Testing

@Suite("Random numbers")
struct GeneratorTests {
  @Test("xoshiro256++ gives its authors' numbers")
  func knownAnswers() {
    var generator = Xoshiro256(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162,
    ]
    #expect((0..<6).map { _ in generator.next() } == expected)
  }

  @Test("SplitMix64 gives its authors' numbers")
  func splitMix() {
    var mixer = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    #expect((0..<3).map { _ in mixer.next() } == expected)
  }

  @Test("Units lie in [0, 1) with the mean of a uniform")
  func units() {
    var generator = Xoshiro256(seed: 7)
    let draws = (0..<100_000).map { _ in generator.nextUnit() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    // The mean's deviation is 1/√(12·10⁵) = 0.0009.
    #expect(abs(draws.reduce(0, +) / 100_000 - 0.5) < 0.005)
  }

  @Test("Bounded draws take each value equally often")
  func bounded() {
    var generator = Xoshiro256(seed: 8)
    var counts = [0, 0, 0]
    for _ in 0..<90_000 { counts[Int(generator.next(below: 3))] += 1 }
    #expect(counts.allSatisfy { abs($0 - 30_000) < 800 })
  }

  @Test("Streams differ in purpose, seed, root and episode, and repeat when none does")
  func streams() {
    var seen: Set<UInt64> = []
    for root in 0..<3 as Range<UInt64> {
      for seed in 0..<3 as Range<UInt64> {
        for purpose in StreamPurpose.allCases {
          for index in 0..<3 as Range<UInt64> {
            let streams = RandomStreams(root: root, seed: seed)
            var a = streams.generator(purpose, index: index)
            var b = streams.generator(purpose, index: index)
            let first = a.next()
            #expect(first == b.next())
            seen.insert(first)
          }
        }
      }
    }
    #expect(seen.count == 3 * 3 * StreamPurpose.allCases.count * 3)
  }
}
