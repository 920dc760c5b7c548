// SPDX-License-Identifier: MIT

import Randomness

/// The choices of one mutation.
struct Draws {
  private var generator: Xoshiro256

  init(seed: UInt64) { generator = Xoshiro256(seed: seed) }

  mutating func happens(_ share: Int, in whole: Int) -> Bool { index(whole) < share }

  /// 0 ..< count.
  mutating func index(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &generator) }

  mutating func whole(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func real(_ range: ClosedRange<Double>) -> Double {
    Double.random(in: range, using: &generator)
  }

  mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[index(elements.count)]
  }
}
