// SPDX-License-Identifier: MIT

package import Kernels
package import Policies

/// Solves A·x = b for a symmetric positive definite A that is known by its products only
/// (Hestenes and Stiefel 1952).
package final class ConjugateGradient {
  private let iterations: Int
  /// The squared residual at which it stops early.
  private let tolerance: Double
  /// x; valid until the next `solve`.
  package let solution: AlignedFloats
  private let residual, direction, product: AlignedFloats

  package init(iterations: Int, tolerance: Double, _ model: any Model) {
    self.iterations = iterations
    self.tolerance = tolerance
    (solution, residual) = (model.makeBlock(), model.makeBlock())
    (direction, product) = (model.makeBlock(), model.makeBlock())
  }

  /// - Parameter multiply: writes A·first into the second block.
  /// - Returns: ‖A·x − b‖ / ‖b‖, as the recurrence has it, and xᵀ·A·x.
  package func solve(
    _ b: AlignedFloats, _ kernels: LaneKernels,
    _ multiply: (AlignedFloats, AlignedFloats) -> Void
  ) -> (residual: Double, curvature: Double) {
    solution.clear()
    residual.copy(from: b)
    direction.copy(from: b)
    let start = kernels.dot(b, b)
    var squares = start
    for _ in 0..<iterations where squares > tolerance {
      multiply(direction, product)
      let curvature = kernels.dot(direction, product)
      guard curvature > 0 else { break }
      let length = squares / curvature
      kernels.add(direction, times: Float(length), to: solution)
      kernels.add(product, times: Float(-length), to: residual)
      let next = kernels.dot(residual, residual)
      kernels.scale(direction, by: Float(next / squares), andAdd: residual)
      squares = next
    }
    // A·x = b − r: no further product is needed.
    let curvature = kernels.dot(solution, b) - kernels.dot(solution, residual)
    return ((squares / start).squareRoot(), curvature)
  }
}
