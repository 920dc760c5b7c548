// SPDX-License-Identifier: MIT

import Randomness

/// The signs that a path of differences is held against: of each sign vector, the sum of its signs
/// after the pairs of each look, and with differences, the sum of those.
///
/// Up to 16 pairs all vectors are enumerated. A vector and its mirror have the same distance, so half
/// of them will do. Beyond, 100,000 are drawn, keyed by (draw, pair), so that they are the same at
/// every look and for every claim. The vector observed, all plus, is not among those listed here.
struct SignVectors: Sendable {
  /// Eight vectors side by side; the last may be filled up with others.
  typealias Lanes = SIMD8<Double>

  static let greatestEnumerated = 16

  /// Pairs after each look.
  let pairs: [Int]
  /// Vectors in all, with the one observed.
  let count: Int
  let isEnumerated: Bool
  /// By look.
  let signSums: [[SIMD8<Float>]]

  /// - Parameters:
  ///   - pairs: rising.
  ///   - draws: of more pairs than are enumerated.
  init(pairs: [Int], draws: Int = 100_000) {
    let length = pairs.last ?? 0
    self.pairs = pairs
    isEnumerated = length <= Self.greatestEnumerated
    count = isEnumerated ? 1 << max(length - 1, 0) : draws + 1
    signSums = Self.sums(Array(repeating: 1, count: length), pairs, count, isEnumerated)
      .map { $0.map { SIMD8<Float>($0) } }
  }

  /// The sum of ±d_i over the pairs of each look, for each vector.
  func sums(of differences: [Double]) -> [[Lanes]] {
    Self.sums(differences, pairs, count, isEnumerated)
  }

  private static func sums(
    _ values: [Double], _ pairs: [Int], _ count: Int, _ isEnumerated: Bool
  ) -> [[Lanes]] {
    let groups = (count - 1 + 7) / 8
    var result = pairs.map { _ in [Lanes]() }
    for look in result.indices { result[look].reserveCapacity(groups) }
    let key = ResamplingKey(experiment: "", statistic: "signs of a path")
    for group in 0..<groups {
      var sum = Lanes.zero
      var look = 0
      var bits: UInt64 = 0
      for (pair, value) in values.enumerated() {
        if isEnumerated {
          // Vector v (from 1) turns pair i where bit i − 1 of v is set; the first is never turned.
          bits = pair == 0 ? 0 : turned(pair, group)
        } else if pair % 8 == 0 {
          bits = key.bits(group, pair / 8)
        }
        sum += signs[Int(bits & 0xFF)] * value
        bits >>= 8
        if pair + 1 == pairs[look] {
          result[look].append(sum)
          look += 1
        }
      }
    }
    return result
  }

  /// Which of the eight vectors of a group turn a pair.
  private static func turned(_ pair: Int, _ group: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64((group * 8 + $1 + 1) >> (pair - 1) & 1) << UInt64($1) }
  }

  /// ±1 by the bits of a byte.
  private static let signs: [Lanes] = (0..<256).map { byte in
    Lanes((0..<8).map { byte >> $0 & 1 == 0 ? 1 : -1 })
  }
}

extension ResamplingKey {
  /// Sixty-four random bits that depend on the key and two counters alone.
  fileprivate func bits(_ a: Int, _ b: Int) -> UInt64 {
    var generator = self.generator(replicate: a << 24 | b)
    return generator.next()
  }
}
