// SPDX-License-Identifier: MIT

package import KernelLoops

/// Gathers the gradient of a layer over dense units, a window of decisions at a time.
///
/// A decision adds the outer product of its units and of ∂J/∂ the units above. All decisions of a
/// window are added to a row while it is in registers. Additions to a row keep their order, so the
/// bits do not depend on the window.
package final class ProductWindow {
  private static let capacity = 32
  private let inputs, lanes, start: Int
  private let units, vectors: AlignedFloats
  private var count = 0

  /// - Parameters:
  ///   - inputs: lanes of the units below, which pad them with 0.
  ///   - lanes: of the units above.
  ///   - start: the lane at which their weights' row 0 stands in a block of sums.
  package init(inputs: Int, lanes: Int, start: Int) {
    (self.inputs, self.lanes, self.start) = (inputs, lanes, start)
    units = AlignedFloats(count: Self.capacity * inputs * 8)
    vectors = AlignedFloats(count: Self.capacity * lanes * 8)
  }

  /// Adds a decision.
  ///
  /// - Parameter sums: complete after `flush` only.
  package func add(
    _ x: UnsafePointer<Lane>, _ vector: UnsafePointer<Lane>, to sums: AlignedFloats,
    kernels: LaneKernels
  ) {
    if count == Self.capacity { flush(into: sums, kernels: kernels) }
    (units.lanes + count &* inputs).update(from: x, count: inputs)
    (vectors.lanes + count &* lanes).update(from: vector, count: lanes)
    count &+= 1
  }

  package func flush(into sums: AlignedFloats, kernels: LaneKernels) {
    kernels.addOuterProducts(
      sums: sums.lanes + start, lanes: lanes, x: units.lanes, inputs: inputs,
      vectors: vectors.lanes, decisions: count)
    count = 0
  }
}
