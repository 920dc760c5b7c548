// SPDX-License-Identifier: MIT

import CLanes
import KernelsAVX2
import KernelsBaseline

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

  /// Spreads a coefficient over the units that fired; see `KernelsBaseline.expandMask`.
  func expandMask(
    _ mask: UnsafePointer<UInt8>, coefficient: Float, lanes: Int, out: UnsafeMutablePointer<Lane>
  ) {
    if width == .avx2 {
      KernelsAVX2.expandMask(mask, coefficient: coefficient, lanes: lanes, out: out)
    } else {
      KernelsBaseline.expandMask(mask, coefficient: coefficient, lanes: lanes, out: out)
    }
  }

  /// Adds a window's decisions to the rows that they touch.
  ///
  /// - Parameters:
  ///   - touched: the inputs, in the order of their first events.
  ///   - heads: each input's first event.
  func addChains(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, touched: UnsafePointer<UInt16>, touchedCount: Int,
    heads: UnsafePointer<Int32>
  ) {
    if width == .avx2 {
      for i in 0..<touchedCount {
        let input = Int(touched[i])
        KernelsAVX2.addChain(
          row: sums + input &* lanes, lanes: lanes, vectors: vectors, events: events,
          first: heads[input])
      }
    } else {
      for i in 0..<touchedCount {
        let input = Int(touched[i])
        KernelsBaseline.addChain(
          row: sums + input &* lanes, lanes: lanes, vectors: vectors, events: events,
          first: heads[input])
      }
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
