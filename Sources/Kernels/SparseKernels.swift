// SPDX-License-Identifier: MIT

package import KernelsBaseline
import KernelsAVX2
import CLanes

/// The inner loops of a two-layer network over sparse observations, on the widest registers that
/// this CPU has. Both widths give the same bits.
package struct SparseKernels: Sendable {
  /// Which instructions are used.
  package enum Width: String, Sendable {
    case baseline
    case avx2
  }

  package let width: Width

  /// - Parameter width: nil takes the widest that the CPU has.
  package init(width: Width? = nil) {
    let widest: Width = rallybook_has_avx2() != 0 ? .avx2 : .baseline
    precondition(width != .avx2 || widest == .avx2, "this CPU has no AVX2")
    self.width = width ?? widest
  }

  /// The logit of one observation, and which hidden units fired.
  ///
  /// - Parameters:
  ///   - w1: shape `[D, V]` lanes; `base` `[V]`, the hidden biases; `w2` `[V]`.
  ///   - row: an observation of `batch`.
  ///   - hidden: shape `[V]`, scratch; holds the units before the ReLU afterwards.
  ///   - mask: shape `[V]` bytes; bit i of byte v is set where unit 8v + i is above 0.
  package func logit(
    w1: UnsafePointer<Lane>, base: UnsafePointer<Lane>, w2: UnsafePointer<Lane>, lanes: Int,
    batch: SparseSignBatch, row: SparseSignBatch.Row, hidden: UnsafeMutablePointer<Lane>,
    mask: UnsafeMutablePointer<UInt8>
  ) -> Float {
    let indices = UnsafePointer(batch.indices + Int(row.start))
    if width == .avx2 {
      KernelsAVX2.addColumns(
        weights: w1, lanes: lanes, base: base, indices: indices, plus: Int(row.plus),
        total: Int(row.total), out: hidden)
      return KernelsAVX2.rectifiedDot(hidden: hidden, output: w2, lanes: lanes, mask: mask)
    }
    KernelsBaseline.addColumns(
      weights: w1, lanes: lanes, base: base, indices: indices, plus: Int(row.plus),
      total: Int(row.total), out: hidden)
    return KernelsBaseline.rectifiedDot(hidden: hidden, output: w2, lanes: lanes, mask: mask)
  }

  /// Adds `coefficient · mask · x` of one observation to the sums that `finishGradient` turns into
  /// a gradient.
  ///
  /// - Parameter vector: shape `[V]`; overwritten by `coefficient · mask`.
  package func accumulate(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, batch: SparseSignBatch, row: SparseSignBatch.Row,
    mask: UnsafePointer<UInt8>, coefficient: Float, vector: UnsafeMutablePointer<Lane>
  ) {
    let indices = UnsafePointer(batch.indices + Int(row.start))
    if width == .avx2 {
      KernelsAVX2.expandMask(mask, coefficient: coefficient, lanes: lanes, out: vector)
      KernelsAVX2.scatterAdd(
        sums: sums, lanes: lanes, indices: indices, plus: Int(row.plus), total: Int(row.total),
        vector: vector)
    } else {
      KernelsBaseline.expandMask(mask, coefficient: coefficient, lanes: lanes, out: vector)
      KernelsBaseline.scatterAdd(
        sums: sums, lanes: lanes, indices: indices, plus: Int(row.plus), total: Int(row.total),
        vector: vector)
    }
  }

  /// See `KernelsBaseline.finishGradient`.
  package func finishGradient(
    sums: UnsafeMutablePointer<Lane>, w1: UnsafePointer<Lane>, w2: UnsafePointer<Lane>, rows: Int,
    lanes: Int, outputGradient: UnsafeMutablePointer<Lane>
  ) {
    if width == .avx2 {
      KernelsAVX2.finishGradient(
        sums: sums, w1: w1, w2: w2, rows: rows, lanes: lanes, outputGradient: outputGradient)
    } else {
      KernelsBaseline.finishGradient(
        sums: sums, w1: w1, w2: w2, rows: rows, lanes: lanes, outputGradient: outputGradient)
    }
  }

  /// See `KernelsBaseline.rmspropStep`.
  package func rmspropStep(
    parameters: AlignedFloats, squares: AlignedFloats, gradient: AlignedFloats,
    learningRate: Float, decay: Float, epsilon: Float, l2: Float
  ) -> (gradientSquares: Double, parameterSquares: Double) {
    precondition(
      parameters.count == squares.count && parameters.count == gradient.count,
      "sizes differ: \(parameters.count), \(squares.count), \(gradient.count)")
    let lanes = parameters.count / 8
    if width == .avx2 {
      return KernelsAVX2.rmspropStep(
        parameters: parameters.lanes, squares: squares.lanes, gradient: gradient.lanes,
        lanes: lanes, learningRate: learningRate, decay: decay, epsilon: epsilon, l2: l2)
    }
    return KernelsBaseline.rmspropStep(
      parameters: parameters.lanes, squares: squares.lanes, gradient: gradient.lanes,
      lanes: lanes, learningRate: learningRate, decay: decay, epsilon: epsilon, l2: l2)
  }
}
