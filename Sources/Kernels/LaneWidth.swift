// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops
import KernelsAVX2
import KernelsBaseline

/// The inner loops in one of their builds.
package typealias LaneKernels = any LaneLoops.Type

/// Which instructions the inner loops use. All widths give the same bits.
package enum LaneWidth: String, Sendable {
  case baseline
  case avx2

  /// The widest that this CPU has.
  package static let widest: LaneWidth = rallybook_has_avx2() != 0 ? .avx2 : .baseline

  /// - Precondition: the CPU has these instructions.
  package var kernels: LaneKernels {
    switch self {
    case .baseline: KernelsBaseline.Loops.self
    case .avx2: KernelsAVX2.Loops.self
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
