// SPDX-License-Identifier: MIT

/// Which sign vectors no look has cut so far, and those among them that lie far from 0 at this look.
///
/// One pass over all vectors per look is the whole cost of a sequential test, so it is done eight
/// vectors at a time.
struct VectorsLeft: Sendable {
  private typealias Lanes = SignVectors.Lanes

  /// The vectors of each group that are cut, a bit each.
  private var cut: [UInt8]
  private var far: [(place: Int, distance: Double)] = []
  /// Below which no distance was put among `far`; −1 for none.
  private var farBound = -1.0

  init(groups: Int) {
    cut = Array(repeating: 0, count: groups)
  }

  /// Leaves the first `count` vectors; the others fill up the last group.
  mutating func reset(_ count: Int) {
    for group in cut.indices { cut[group] = 0 }
    for place in count..<max(count, cut.count * 8) { cut[place / 8] |= 1 << UInt8(place % 8) }
  }

  /// Measures |u − c·v| of all vectors left, and keeps those that are greatest.
  ///
  /// - Parameters:
  ///   - wanted: how many of the greatest are kept, at least, and one more; nil for none.
  ///   - floor: only vectors beyond it are known; nil for all.
  ///   - near: what the bound of the greatest is supposed to be; nil where nothing is known of it.
  /// - Returns: how many reach `bound`.
  mutating func measure(
    _ u: [SignVectors.Lanes], _ v: [SIMD8<Float>], _ c: Double, reaching bound: Double,
    greatest wanted: Int?, floor: Double?, near: Double?
  ) -> Int {
    let lowest = floor ?? -1
    guard let wanted else {
      farBound = .infinity
      return pass(u, v, c, bound)
    }
    // As few as can be are kept: those beyond what the bound is supposed to be, or what a sample tells.
    farBound = max(lowest, near.map { $0 - 0.02 * abs($0) } ?? sampled(u, v, c, wanted))
    var count = pass(u, v, c, bound)
    if far.count <= wanted, farBound > lowest, near != nil {
      farBound = max(lowest, sampled(u, v, c, wanted))
      count = pass(u, v, c, bound)
    }
    if far.count <= wanted, farBound > lowest {
      farBound = lowest
      count = pass(u, v, c, bound)
    }
    return count
  }

  private mutating func pass(
    _ u: [SignVectors.Lanes], _ v: [SIMD8<Float>], _ c: Double, _ bound: Double
  ) -> Int {
    var far = self.far
    self.far = []
    far.removeAll(keepingCapacity: true)
    var reached = Lanes.zero
    let one = Lanes(repeating: 1)
    let bias = Self.bias
    let farBound = farBound
    for group in cut.indices {
      let distance = Self.distance(u[group], v[group], c) + bias[Int(cut[group])]
      reached += one.replacing(with: 0, where: distance .< bound)
      var beyond = Self.bits(distance .> farBound)
      while beyond != 0 {
        let lane = beyond.trailingZeroBitCount
        far.append((group &* 8 &+ lane, distance[lane]))
        beyond &= beyond &- 1
      }
    }
    self.far = far
    return Int(reached.sum())
  }

  /// A bit for each lane.
  @inline(__always)
  static func bits(_ mask: SIMDMask<SIMD8<Int64>>) -> UInt8 {
    let bits = unsafeBitCast(mask, to: SIMD8<Int64>.self) & SIMD8(1, 2, 4, 8, 16, 32, 64, 128)
    return UInt8(truncatingIfNeeded: bits.wrappedSum())
  }

  /// By the bits of a byte, −∞ for a vector that is cut: added to a distance, it is beyond no bound.
  private static let bias: [Lanes] = (0..<256).map { byte in
    Lanes((0..<8).map { byte >> $0 & 1 == 0 ? 0 : -.infinity })
  }

  @inline(__always)
  static func distance(
    _ u: SignVectors.Lanes, _ v: SIMD8<Float>, _ c: Double
  ) -> SignVectors.Lanes {
    let bits = unsafeBitCast(u - c * Lanes(v), to: SIMD8<UInt64>.self)
    return unsafeBitCast(bits & SIMD8(repeating: .max >> 1), to: Lanes.self)
  }

  /// A distance that probably more than `wanted` of the vectors left exceed, from every 32nd group.
  private func sampled(
    _ u: [SignVectors.Lanes], _ v: [SIMD8<Float>], _ c: Double, _ wanted: Int
  ) -> Double {
    var sample: [Double] = []
    for group in stride(from: 0, to: u.count, by: 32) {
      let distance = Self.distance(u[group], v[group], c)
      for lane in 0..<8 { sample.append(distance[lane] + Self.bias[Int(cut[group])][lane]) }
    }
    let expected = Double(wanted + 1) * Double(sample.count) / Double(cut.count * 8)
    let place = Int(expected + 4 * expected.squareRoot() + 4)
    guard place < sample.count else { return -1 }
    var selection = Selection(sample)
    return max(-1, selection.greatest(after: place))
  }

  /// Cuts the greatest `m` of those left, less those that tie with the next.
  ///
  /// - Parameter own: the distance of the vector observed, while it is not cut.
  /// - Returns: beyond which they were cut; −1 for all.
  mutating func cutGreatest(_ m: Int, slack: Double, own: Double?) -> Double {
    let values = far.map(\.distance) + (own.map { [$0] } ?? [])
    var bound = -1.0
    if values.count > m {
      var selection = Selection(values)
      bound = selection.greatest(after: m) + slack
    }
    for vector in far where vector.distance > bound {
      cut[vector.place / 8] |= 1 << UInt8(vector.place % 8)
    }
    return bound
  }
}
