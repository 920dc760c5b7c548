// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels
package import Randomness

/// A model's outputs for one observation, shape `[O]`; valid until its next call.
package typealias Outputs = UnsafePointer<Float>

/// A differentiable function from an observation to O numbers: the logits of a policy, or a value.
///
/// Its parameters θ stand in one block, so that an optimizer sees one vector. Whoever changes the
/// block says so by `parametersDidChange()`.
package protocol Model: AnyObject {
  /// What it reads.
  var form: ObservationForm { get }
  /// O.
  var outputCount: Int { get }
  var kernels: LaneKernels { get }
  /// θ.
  var parameters: AlignedFloats { get }
  /// Multiplications of a forward pass over a dense observation.
  var multiplications: Int { get }
  /// The row of pattern 0 among its first weights, the same in all models that share a batch; nil
  /// where it reads no patterns.
  var patternBase: Int? { get }

  /// A block of θ's shape, all zero: gradients, optimizer states, copies.
  func makeBlock() -> AlignedFloats
  /// Brings what is derived from θ up to date.
  func parametersDidChange()

  /// The outputs for observation `t`.
  func forward(_ batch: ObservationBatch, _ t: Int) -> Outputs
  /// Adds `Σ_o g_o · ∂out_o/∂θ` for observation `t` to `sums`, where `weigh` sees the outputs and
  /// writes g, shape `[O]`; nothing where it returns false. Until `finishGradient`, stay with one
  /// block of sums.
  func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, _ t: Int,
    weigh: (Outputs, UnsafeMutablePointer<Float>) -> Bool)
  /// The same where g is known beforehand.
  func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, _ t: Int, gradients: Outputs)
  /// Completes accumulated sums to a gradient, in place.
  func finishGradient(_ sums: AlignedFloats)
  /// How the outputs for observation `t` change along `direction`: the product with the Jacobian.
  /// `prepare(direction)` comes before.
  func tangent(along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int) -> Outputs
  /// Brings what is derived from a direction up to date.
  func prepare(_ direction: AlignedFloats)

  /// Draws θ anew; networks of equal shape and seed get the same weights.
  func initialize(_ kind: Initialization, streams: RandomStreams)

  /// Forgets which hidden units fired.
  func clearActivity()
  /// Share of hidden units that have not fired since; 0 where there are none.
  var deadUnits: Double { get }
  /// What each unit of the last hidden layer added to the first output in the last `forward`.
  func lastContributions() -> [Float]

  /// The parts of a block of θ's shape, an array per layer, each name under `prefix`.
  func tensors(of block: AlignedFloats, prefix: String) -> [Tensor]
  /// Fills a block from such parts.
  ///
  /// - Returns: nil when all fits and is finite, otherwise what is not, as "w1 is [50, 6400]; this
  ///   policy has [200, 6400]".
  func load(_ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats) -> String?
}
