// SPDX-License-Identifier: MIT

import Kernels

/// A small generator of test data; a failure names its seed.
struct TestDraws {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// Uniform in 0..<1.
  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }

  /// Uniform in −1..<1.
  mutating func float() -> Float { Float(unit() * 2 - 1) }

  /// A block of such floats.
  mutating func block(_ count: Int) -> AlignedFloats {
    let block = AlignedFloats(count: count)
    for i in 0..<block.count { block.floats[i] = float() }
    return block
  }

  /// −1, 0 or 1; each sign with probability `share`.
  mutating func signs(_ count: Int, share: Double) -> [Int] {
    (0..<count).map { _ in
      let u = unit()
      return u < share ? 1 : u < 2 * share ? -1 : 0
    }
  }
}

/// The register widths that this machine has.
let widths = LaneWidth.supported

extension SparseSignBatch {
  /// Appends a row given with all its zeros.
  func append(signs: [Int]) {
    append { writer in
      for (i, sign) in signs.enumerated() where sign == 1 { writer.put(i) }
      writer.beginMinus()
      for (i, sign) in signs.enumerated() where sign == -1 { writer.put(i) }
    }
  }
}
