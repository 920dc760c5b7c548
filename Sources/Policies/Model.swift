// SPDX-License-Identifier: MIT

package import Artifacts
package import KernelLoops
package import Kernels
package import Randomness

/// A model's outputs for one observation, shape `[O]`; valid until its next call.
package typealias Outputs = UnsafePointer<Float>

/// The outputs of a model: those that it computes from an observation, and behind them those that
/// are parameters of it and depend on none, the log deviations of a policy over numbers.
package struct ModelOutputs: Hashable, Sendable, ExpressibleByIntegerLiteral {
  package let count: Int
  package let deviations: Int

  package init(count: Int, deviations: Int = 0) {
    (self.count, self.deviations) = (count, deviations)
  }

  package init(integerLiteral count: Int) { self.init(count: count) }
}

/// What a hidden unit makes of its sum.
package enum Activation: String, Sendable, CaseIterable { case relu, tanh }

/// Takes a step with a part of a gradient: the lane where the part begins in a block of θ's shape, the
/// part itself, its lanes, and whether it is known to be all zero.
package typealias PartStep = (Int, UnsafeMutablePointer<Lane>, Int, Bool) -> StepSquares

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

  /// Whether it reads frames in place of their differences.
  var takesFrames: Bool { get }

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
  /// The same for many observations, in their order, where `weigh` knows g beforehand.
  ///
  /// - Parameter gates: what `keepGates` kept of every observation of the batch with these θ; nil
  ///   where they are not known.
  func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, over observations: [Int],
    gates: GateBatch?, weigh: (Int, UnsafeMutablePointer<Float>) -> Bool)
  /// Completes accumulated sums to a gradient, in place.
  func finishGradient(_ sums: AlignedFloats)
  /// Completes accumulated sums to a gradient, and takes a step with each part of it, which clears
  /// that part.
  ///
  /// - Parameter step: may be called from several threads at once, with different parts.
  /// - Returns: the parts' squares, added in a fixed order.
  func finishGradient(_ sums: AlignedFloats, _ team: ThreadTeam, step: PartStep) -> StepSquares
  /// Lanes of gates that `keepGates` keeps; 0 where gradients need a pass forward in any case.
  var gateLanes: Int { get }
  /// Appends those of the last `forward`.
  func keepGates(in gates: GateBatch)
  /// How the outputs for observation `t` change along `direction`: the product with the Jacobian.
  /// `prepare(direction)` comes before.
  func tangent(along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int) -> Outputs
  /// Brings what is derived from a direction up to date.
  func prepare(_ direction: AlignedFloats)

  /// Draws θ anew; networks of equal shape and seed get the same weights.
  func initialize(_ kind: Initialization, streams: RandomStreams)

  /// A model with the same θ and memory of its own for passes forward, to be used on another thread
  /// while θ does not change; nil where there is none.
  func twin() -> (any Model)?
  /// Which hidden units have fired, as bits.
  var activity: [UInt8] { get }
  /// Adds those that fired in a twin.
  func addActivity(_ activity: [UInt8])
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

extension Model {
  package func finishGradient(
    _ sums: AlignedFloats, _ team: ThreadTeam, step: PartStep
  ) -> StepSquares {
    finishGradient(sums)
    return step(0, sums.lanes, sums.laneCount, false)
  }

  package func accumulate(
    into sums: AlignedFloats, _ batch: ObservationBatch, over observations: [Int],
    gates: GateBatch?, weigh: (Int, UnsafeMutablePointer<Float>) -> Bool
  ) {
    var known = [Float](repeating: 0, count: outputCount)
    for t in observations {
      let isWanted = known.withUnsafeMutableBufferPointer { weigh(t, $0.start) }
      guard isWanted else { continue }
      accumulate(into: sums, batch, t) { _, g in
        for o in 0..<outputCount { g[o] = known[o] }
        return true
      }
    }
  }

  package func twin() -> (any Model)? { nil }
  package var activity: [UInt8] { [] }
  package func addActivity(_ activity: [UInt8]) {}
  package var takesFrames: Bool { false }
  package var gateLanes: Int { 0 }
  package func keepGates(in gates: GateBatch) {}
}
