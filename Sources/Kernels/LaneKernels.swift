// SPDX-License-Identifier: MIT

import CLanes
import KernelsAVX2
import KernelsBaseline

/// The inner loops, on the widest registers that this CPU has. Both widths give the same bits.
package struct LaneKernels: Sendable {
  /// Which instructions are used.
  package enum Width: String, Sendable {
    case baseline
    case avx2
  }

  package let width: Width
  @inline(__always) var isWide: Bool { width == .avx2 }

  /// - Parameter width: nil takes the widest that the CPU has.
  package init(width: Width? = nil) {
    let widest: Width = rallybook_has_avx2() != 0 ? .avx2 : .baseline
    precondition(width != .avx2 || widest == .avx2, "this CPU has no AVX2")
    self.width = width ?? widest
  }

  // MARK: The first layer over sparse observations

  /// `out = base + Σ_plus rows − Σ_minus rows`, for one observation.
  package func addColumns(
    weights: UnsafePointer<Lane>, lanes: Int, base: UnsafePointer<Lane>, batch: SparseSignBatch,
    row: SparseSignBatch.Row, out: UnsafeMutablePointer<Lane>
  ) {
    let indices = UnsafePointer(batch.indices + Int(row.start))
    if isWide {
      KernelsAVX2.addColumns(
        weights: weights, lanes: lanes, base: base, indices: indices, plus: Int(row.plus),
        total: Int(row.total), out: out)
    } else {
      KernelsBaseline.addColumns(
        weights: weights, lanes: lanes, base: base, indices: indices, plus: Int(row.plus),
        total: Int(row.total), out: out)
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
    for i in 0..<touchedCount {
      let input = Int(touched[i])
      let row = sums + input &* lanes
      if isWide {
        KernelsAVX2.addChain(
          row: row, lanes: lanes, vectors: vectors, events: events, first: heads[input])
      } else {
        KernelsBaseline.addChain(
          row: row, lanes: lanes, vectors: vectors, events: events, first: heads[input])
      }
    }
  }

  // MARK: The outputs

  /// See `KernelsBaseline.rectifiedDots`.
  package func rectifiedDots(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, lanes: Int, count: Int,
    fired: UnsafeMutablePointer<UInt8>, out: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.rectifiedDots(
        hidden: hidden, outputs: outputs, lanes: lanes, count: count, fired: fired, out: out)
    } else {
      KernelsBaseline.rectifiedDots(
        hidden: hidden, outputs: outputs, lanes: lanes, count: count, fired: fired, out: out)
    }
  }

  /// See `KernelsBaseline.backpropagateOutputs`.
  package func backpropagateOutputs(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, gradients: UnsafePointer<Float>,
    lanes: Int, count: Int, outputSums: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.backpropagateOutputs(
        hidden: hidden, outputs: outputs, gradients: gradients, lanes: lanes, count: count,
        outputSums: outputSums, out: out)
    } else {
      KernelsBaseline.backpropagateOutputs(
        hidden: hidden, outputs: outputs, gradients: gradients, lanes: lanes, count: count,
        outputSums: outputSums, out: out)
    }
  }

  /// See `KernelsBaseline.outputTangent`.
  package func outputTangent(
    hidden: UnsafePointer<Lane>, tangent: UnsafePointer<Lane>, output: UnsafePointer<Lane>,
    direction: UnsafePointer<Lane>, lanes: Int
  ) -> Float {
    isWide
      ? KernelsAVX2.outputTangent(
        hidden: hidden, tangent: tangent, output: output, direction: direction, lanes: lanes)
      : KernelsBaseline.outputTangent(
        hidden: hidden, tangent: tangent, output: output, direction: direction, lanes: lanes)
  }

  // MARK: Dense rows

  /// See `KernelsBaseline.addScaledRows`.
  package func addScaledRows(
    weights: UnsafePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    out: UnsafeMutablePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.addScaledRows(weights: weights, lanes: lanes, x: x, count: count, out: out)
    } else {
      KernelsBaseline.addScaledRows(weights: weights, lanes: lanes, x: x, count: count, out: out)
    }
  }

  /// See `KernelsBaseline.addOuterProduct`.
  package func addOuterProduct(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    vector: UnsafePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.addOuterProduct(sums: sums, lanes: lanes, x: x, count: count, vector: vector)
    } else {
      KernelsBaseline.addOuterProduct(sums: sums, lanes: lanes, x: x, count: count, vector: vector)
    }
  }

  /// See `KernelsBaseline.rowDots`.
  package func rowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.rowDots(weights: weights, lanes: lanes, vector: vector, count: count, out: out)
    } else {
      KernelsBaseline.rowDots(
        weights: weights, lanes: lanes, vector: vector, count: count, out: out)
    }
  }

  /// See `KernelsBaseline.gatedRowDots`.
  package func gatedRowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>,
    gate: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.gatedRowDots(
        weights: weights, lanes: lanes, vector: vector, gate: gate, count: count, out: out)
    } else {
      KernelsBaseline.gatedRowDots(
        weights: weights, lanes: lanes, vector: vector, gate: gate, count: count, out: out)
    }
  }

  /// `x ← max(0, x)`.
  package func rectify(_ x: UnsafeMutablePointer<Lane>, lanes: Int) {
    KernelsBaseline.rectify(x, lanes: lanes)
  }

  /// `x[h] ← 0` where `gate[h] ≤ 0`.
  package func gate(_ x: UnsafeMutablePointer<Lane>, by gate: UnsafePointer<Lane>, lanes: Int) {
    KernelsBaseline.gate(x, by: gate, lanes: lanes)
  }

  /// Sets bit i of byte v of `fired` where unit 8v + i is above 0.
  package func markFired(
    hidden: UnsafePointer<Lane>, lanes: Int, fired: UnsafeMutablePointer<UInt8>
  ) {
    KernelsBaseline.markFired(hidden: hidden, lanes: lanes, fired: fired)
  }

  // MARK: Patterns

  /// `out = Σ_i block[pattern[i]]`, whole rows.
  package func sumRows(
    of block: UnsafePointer<Lane>, lanes: Int, pattern: [UInt16], out: UnsafeMutablePointer<Lane>
  ) {
    pattern.withUnsafeBufferPointer { indices in
      guard let start = indices.baseAddress else { return }
      if isWide {
        KernelsAVX2.sumRows(
          block: block, lanes: lanes, indices: start, count: indices.count, out: out)
      } else {
        KernelsBaseline.sumRows(
          block: block, lanes: lanes, indices: start, count: indices.count, out: out)
      }
    }
  }

  /// `block[pattern[i]] += row` for every i; `row` is cleared.
  package func spreadRow(
    _ row: UnsafeMutablePointer<Lane>, lanes: Int, pattern: [UInt16],
    over block: UnsafeMutablePointer<Lane>
  ) {
    pattern.withUnsafeBufferPointer { indices in
      guard let start = indices.baseAddress else { return }
      if isWide {
        KernelsAVX2.spreadRow(
          row: row, lanes: lanes, indices: start, count: indices.count, block: block)
      } else {
        KernelsBaseline.spreadRow(
          row: row, lanes: lanes, indices: start, count: indices.count, block: block)
      }
    }
  }
}
