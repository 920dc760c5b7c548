// SPDX-License-Identifier: MIT

package import Kernels
package import Randomness

/// The post's policy: inputs → H rectified units → one logit; σ(logit) is the probability of the
/// first action.
///
/// All parameters stand in one block of rows of H floats (padded to whole lanes, the padding stays
/// 0), so that an optimizer sees one vector: rows 0..<D are the input weights, row D the hidden
/// biases, row D+1 the output weights, and the first number of row D+2 the output bias. Without
/// biases those rows stay 0.
package final class TwoLayerPolicy {
  /// D.
  package let inputCount: Int
  /// H.
  package let hiddenCount: Int
  package let hasBias: Bool
  package let kernels: SparseKernels
  /// Lanes of eight in a row.
  package let lanes: Int
  /// The parameters θ; see the layout above.
  package let parameters: AlignedFloats

  private let hidden: AlignedFloats
  private let window: ScatterWindow

  /// - Parameters:
  ///   - inputCount: at most 65,533.
  ///   - hiddenCount: at least 1.
  package init(inputCount: Int, hiddenCount: Int, hasBias: Bool, kernels: SparseKernels = .init()) {
    precondition(inputCount > 0 && hiddenCount > 0, "an empty network")
    self.inputCount = inputCount
    self.hiddenCount = hiddenCount
    self.hasBias = hasBias
    self.kernels = kernels
    lanes = (hiddenCount + 7) / 8
    parameters = AlignedFloats(count: (inputCount + 3) * lanes * 8)
    hidden = AlignedFloats(count: lanes * 8)
    window = ScatterWindow(width: inputCount, lanes: lanes)
  }

  /// A block of the parameters' shape, all zero: gradients, optimizer states, copies.
  package func makeParameterBlock() -> AlignedFloats { AlignedFloats(count: parameters.count) }

  /// Bytes of a mask row.
  package var maskBytes: Int { lanes }

  private var hiddenBiasRow: Int { inputCount * lanes }
  private var outputRow: Int { (inputCount + 1) * lanes }
  private var outputBiasRow: Int { (inputCount + 2) * lanes }

  /// The logit of one observation.
  ///
  /// - Parameter mask: `maskBytes` bytes; bit i of byte v is set where unit 8v + i fires.
  @inline(__always)
  package func logit(
    of batch: SparseSignBatch, row: SparseSignBatch.Row, mask: UnsafeMutablePointer<UInt8>
  ) -> Float {
    let w = parameters.lanes
    let z = kernels.logit(
      w1: w, base: w + hiddenBiasRow, w2: w + outputRow, lanes: lanes, batch: batch, row: row,
      hidden: hidden.lanes, mask: mask)
    return z + w[outputBiasRow][0]
  }

  /// Each unit's contribution `w2[h] · max(0, hidden[h])` to the logit that was computed last.
  package func lastContributions() -> [Float] {
    let output = parameters.lanes + outputRow
    return (0..<hiddenCount).map { h in
      max(0, hidden.lanes[h / 8][h % 8]) * output[h / 8][h % 8]
    }
  }

  /// Adds one decision's part, `coefficient · ∂logit/∂θ`, to `sums`; `finishGradient` makes the
  /// gradient of them. Between the two, stay with one block of sums.
  ///
  /// - Parameter coefficient: dJ/dlogit; for REINFORCE (y − p)·advantage.
  @inline(__always)
  package func accumulate(
    into sums: AlignedFloats, batch: SparseSignBatch, row: SparseSignBatch.Row,
    mask: UnsafePointer<UInt8>, coefficient: Float
  ) {
    let vector = window.add(
      row, of: batch, mask: mask, coefficient: coefficient, sums: sums, kernels: kernels)
    if hasBias {
      let bias = sums.lanes + hiddenBiasRow
      for v in 0..<lanes { bias[v] += vector[v] }
      sums.lanes[outputBiasRow][0] += coefficient
    }
  }

  /// Turns accumulated sums into the gradient with respect to all parameters, in place.
  package func finishGradient(_ sums: AlignedFloats) {
    let w = parameters.lanes
    window.flush(into: sums, kernels: kernels)
    kernels.finishGradient(
      sums: sums.lanes, w1: w, w2: w + outputRow, rows: inputCount + 1, lanes: lanes,
      outputGradient: sums.lanes + outputRow)
  }

  /// The post's initial weights: N(0,1)/√D and N(0,1)/√H; biases 0.
  ///
  /// W1 is drawn unit by unit and W2 from a stream of its own, so two networks that differ in H
  /// share the units that both have.
  package func initialize(streams: RandomStreams) {
    parameters.clear()
    let inputScale = 1 / Double(inputCount).squareRoot()
    var normal = NormalDraws(streams.generator(.initialWeights, index: 0))
    let floats = parameters.floats
    for h in 0..<hiddenCount {
      for d in 0..<inputCount { floats[d * lanes * 8 + h] = Float(normal.next() * inputScale) }
    }
    let outputScale = 1 / Double(hiddenCount).squareRoot()
    normal = NormalDraws(streams.generator(.initialWeights, index: 1))
    for h in 0..<hiddenCount { floats[outputRow * 8 + h] = Float(normal.next() * outputScale) }
  }
}
