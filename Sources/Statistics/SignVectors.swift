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
  private(set) var signSums: [[SIMD8<Float>]] = []
  /// By eight pairs that are drawn together, then by eight vectors: of each vector a byte, whose bits
  /// tell which of the pairs it turns.
  private let turned: [[UInt64]]

  /// - Parameters:
  ///   - pairs: rising.
  ///   - draws: of more pairs than are enumerated.
  init(pairs: [Int], draws: Int = 100_000) {
    let length = pairs.last ?? 0
    self.pairs = pairs
    let isEnumerated = length <= Self.greatestEnumerated
    self.isEnumerated = isEnumerated
    count = isEnumerated ? 1 << max(length - 1, 0) : draws + 1
    let groups = (count - 1 + 7) / 8
    let key = ResamplingKey(experiment: "", statistic: "signs of a path")
    turned = (0..<(length + 7) / 8).map { block in
      (0..<groups).map { group in
        isEnumerated ? Self.enumerated(group, block) : Self.transposed(key.bits(group, block))
      }
    }
    signSums = sums(of: Array(repeating: 1, count: length)).map { $0.map { SIMD8<Float>($0) } }
  }

  /// The sum of ±d_i over the pairs of each look, for each vector.
  func sums(of differences: [Double]) -> [[Lanes]] {
    var result: [[Lanes]] = []
    var sums = [Lanes](repeating: .zero, count: (count - 1 + 7) / 8)
    // Pairs of one block that lie between the same looks are added together.
    let ends = Set(pairs).union(stride(from: 8, to: differences.count, by: 8)).sorted()
    for (first, end) in zip([0] + ends, ends) {
      // By the pairs that are turned, a bit each.
      let table = differences[first..<end].reduce([0.0]) { sums, difference in
        sums.map { $0 + difference } + sums.map { $0 - difference }
      }
      let shift = UInt64(first % 8)
      let mask: UInt64 = 0x0101_0101_0101_0101 * UInt64(table.count - 1)
      for (group, word) in turned[first / 8].enumerated() {
        let places = (word >> shift) & mask
        func sum(_ lane: UInt64) -> Double { table[Int((places >> (8 * lane)) & 0xFF)] }
        sums[group] += Lanes(
          sum(0), sum(1), sum(2), sum(3), sum(4), sum(5), sum(6), sum(7))
      }
      if pairs.contains(end) { result.append(sums) }
    }
    return result
  }

  /// The bytes of a group of eight vectors and a block of eight pairs, where all vectors are here.
  private static func enumerated(_ group: Int, _ block: Int) -> UInt64 {
    // Vector v (from 1) turns pair i where bit i − 1 of v is set; the first is never turned.
    (0..<8).reduce(0) { word, lane in
      word | UInt64(((group * 8 + lane + 1) << 1) >> (block * 8) & 0xFF) << UInt64(8 * lane)
    }
  }

  /// An 8 × 8 matrix of bits with rows and columns exchanged (Warren, Hacker's Delight, section 7-3).
  private static func transposed(_ matrix: UInt64) -> UInt64 {
    var x = matrix
    for (shift, mask): (UInt64, UInt64) in [
      (7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0),
    ] {
      let t = (x ^ (x >> shift)) & mask
      x ^= t ^ (t << shift)
    }
    return x
  }
}

extension ResamplingKey {
  /// Sixty-four random bits that depend on the key and two counters alone.
  fileprivate func bits(_ a: Int, _ b: Int) -> UInt64 {
    var generator = self.generator(replicate: a << 24 | b)
    return generator.next()
  }
}
