// SPDX-License-Identifier: MIT

/// xoshiro256++ (Blackman and Vigna 2021): 256 bits of state, period 2²⁵⁶ − 1.
///
/// A value: it lives in the state of what draws from it, so that a copy replays the same draws.
/// Public, as only then are its calls inlined elsewhere.
public struct Xoshiro256: RandomNumberGenerator, Hashable, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// Fills the state with four outputs of SplitMix64 from `seed`, as the authors advise.
  package init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    s0 = mixer.next()
    s1 = mixer.next()
    s2 = mixer.next()
    s3 = mixer.next()
  }

  /// A given state, not all zero; for known answers.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) { (s0, s1, s2, s3) = state }

  /// The next 64 random bits.
  @inlinable
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = (sum << 23 | sum >> 41) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  /// Uniform in [0, 1), with 53 bits.
  @inlinable
  public mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in `0..<bound`, by Lemire's multiply-and-reject (2019). Precondition: `bound > 0`.
  @inlinable
  public mutating func next(below bound: UInt32) -> UInt32 {
    precondition(bound > 0, "next(below:) wants a positive bound, found \(bound)")
    var product = UInt64(UInt32(truncatingIfNeeded: next() >> 32)) &* UInt64(bound)
    if UInt32(truncatingIfNeeded: product) < bound {
      let threshold = (0 &- bound) % bound
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(UInt32(truncatingIfNeeded: next() >> 32)) &* UInt64(bound)
      }
    }
    return UInt32(truncatingIfNeeded: product >> 32)
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): spreads a seed over a larger state.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  package var state: UInt64

  package init(state: UInt64) { self.state = state }

  /// The next 64 random bits.
  @inlinable
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// SplitMix64's finalizer: a bijection of 64-bit words in which every output bit depends on
  /// every input bit.
  @inlinable
  package static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
