// SPDX-License-Identifier: MIT

import KernelsAVX2
import KernelsBaseline

/// Whole blocks: optimizer steps and sums.
extension LaneKernels {
  private func check(_ blocks: AlignedFloats...) -> Int {
    for block in blocks {
      precondition(block.count == blocks[0].count, "sizes differ: \(blocks.map(\.count))")
    }
    return blocks[0].count / 8
  }

  /// See `KernelsBaseline.rmspropStep`.
  package func rmspropStep(
    parameters: AlignedFloats, squares: AlignedFloats, gradient: AlignedFloats, scale: Float,
    l2: Float, rate: Float, decay: Float, epsilon: Float
  ) -> (gradient: Double, parameters: Double) {
    let lanes = check(parameters, squares, gradient)
    return isWide
      ? KernelsAVX2.rmspropStep(
        parameters: parameters.lanes, squares: squares.lanes, gradient: gradient.lanes,
        lanes: lanes, scale: scale, l2: l2, rate: rate, decay: decay, epsilon: epsilon)
      : KernelsBaseline.rmspropStep(
        parameters: parameters.lanes, squares: squares.lanes, gradient: gradient.lanes,
        lanes: lanes, scale: scale, l2: l2, rate: rate, decay: decay, epsilon: epsilon)
  }

  /// See `KernelsBaseline.adamStep`.
  package func adamStep(
    parameters: AlignedFloats, means: AlignedFloats, squares: AlignedFloats,
    gradient: AlignedFloats, scale: Float, l2: Float, rate: Float, rootScale: Float, beta1: Float,
    beta2: Float, epsilon: Float
  ) -> (gradient: Double, parameters: Double) {
    let lanes = check(parameters, means, squares, gradient)
    return isWide
      ? KernelsAVX2.adamStep(
        parameters: parameters.lanes, means: means.lanes, squares: squares.lanes,
        gradient: gradient.lanes, lanes: lanes, scale: scale, l2: l2, rate: rate,
        rootScale: rootScale, beta1: beta1, beta2: beta2, epsilon: epsilon)
      : KernelsBaseline.adamStep(
        parameters: parameters.lanes, means: means.lanes, squares: squares.lanes,
        gradient: gradient.lanes, lanes: lanes, scale: scale, l2: l2, rate: rate,
        rootScale: rootScale, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// See `KernelsBaseline.momentumStep`.
  package func momentumStep(
    parameters: AlignedFloats, momenta: AlignedFloats, gradient: AlignedFloats, scale: Float,
    l2: Float, rate: Float, momentum: Float
  ) -> (gradient: Double, parameters: Double) {
    let lanes = check(parameters, momenta, gradient)
    return KernelsBaseline.momentumStep(
      parameters: parameters.lanes, momenta: momenta.lanes, gradient: gradient.lanes, lanes: lanes,
      scale: scale, l2: l2, rate: rate, momentum: momentum)
  }

  /// `y ← y + scale·x`; returns Σ y² afterwards.
  @discardableResult
  package func add(_ x: AlignedFloats, times scale: Float, to y: AlignedFloats) -> Double {
    KernelsBaseline.addScaled(y.lanes, x.lanes, scale: scale, lanes: check(x, y))
  }

  /// `x ← y + scale·x`.
  package func scale(_ x: AlignedFloats, by scale: Float, andAdd y: AlignedFloats) {
    KernelsBaseline.scaleAndAdd(x.lanes, scale: scale, y.lanes, lanes: check(x, y))
  }

  /// `x ← scale·x`.
  package func scale(_ x: AlignedFloats, by scale: Float) {
    KernelsBaseline.multiply(x.lanes, by: scale, lanes: x.count / 8)
  }

  /// Σ x·y, in Double over rows of 64 lanes.
  package func dot(_ x: AlignedFloats, _ y: AlignedFloats) -> Double {
    isWide
      ? KernelsAVX2.dotProduct(x.lanes, y.lanes, lanes: check(x, y))
      : KernelsBaseline.dotProduct(x.lanes, y.lanes, lanes: check(x, y))
  }
}
