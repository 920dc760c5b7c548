// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops
import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

/// The inner loops in one of their builds.
package typealias LaneKernels = any LaneLoops.Type

/// Which instructions the inner loops use. All widths give the same bits.
package enum LaneWidth: String, Sendable {
  case baseline
  case avx2
  case avx512

  /// Those that this CPU has, the widest last.
  package static let supported: [LaneWidth] =
    [.baseline] + (rallybook_has_avx2() != 0 ? [.avx2] : [])
    + (rallybook_has_avx512() != 0 ? [.avx512] : [])

  package static let widest = supported.last ?? .baseline

  /// - Precondition: the CPU has these instructions.
  package var kernels: LaneKernels {
    switch self {
    case .baseline: KernelsBaseline.Loops.self
    case .avx2: KernelsAVX2.Loops.self
    case .avx512: KernelsAVX512.Loops.self
    }
  }
}

/// Sums over whole blocks of one size.
extension LaneLoops {
  /// `y ← y + scale·x`.
  package static func add(_ x: AlignedFloats, times scale: Float, to y: AlignedFloats) {
    addScaled(y.lanes, x.lanes, scale: scale, lanes: x.laneCount(like: y))
  }

  /// `x ← y + scale·x`.
  package static func scale(_ x: AlignedFloats, by scale: Float, andAdd y: AlignedFloats) {
    scaleAndAdd(x.lanes, scale: scale, y.lanes, lanes: x.laneCount(like: y))
  }

  /// `x ← scale·x`.
  package static func scale(_ x: AlignedFloats, by scale: Float) {
    multiply(x.lanes, by: scale, lanes: x.laneCount)
  }

  /// Σ x·y, in Double over rows of 64 lanes.
  package static func dot(_ x: AlignedFloats, _ y: AlignedFloats) -> Double {
    dotProduct(x.lanes, y.lanes, lanes: x.laneCount(like: y))
  }
}
