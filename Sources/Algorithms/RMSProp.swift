// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Policies

/// RMSProp (Tieleman and Hinton 2012) in the post's form: the running mean of squares starts at 0,
/// so the first step is about ten times the learning rate, and epsilon stands outside the root.
package final class RMSProp {
  package let learningRate: Float
  package let decay: Float
  package let epsilon: Float
  /// Adds −l2·θ to the gradient first.
  package let l2: Float
  /// The running mean c of g², in the parameters' layout.
  package let squares: AlignedFloats

  package init(
    learningRate: Float, decay: Float, epsilon: Float, l2: Float, squares: AlignedFloats
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.l2 = l2
    self.squares = squares
  }

  /// Norms around one step.
  package struct StepNorms: Hashable, Sendable {
    /// Euclidean norm of the gradient, the l2 term included.
    package var gradient: Double
    /// Euclidean norm of the parameters afterwards.
    package var parameters: Double
  }

  /// One step uphill; clears the gradient.
  package func step(_ policy: TwoLayerPolicy, gradient: AlignedFloats) -> StepNorms {
    let sums = policy.kernels.rmspropStep(
      parameters: policy.parameters, squares: squares, gradient: gradient,
      learningRate: learningRate, decay: decay, epsilon: epsilon, l2: l2)
    return StepNorms(
      gradient: sums.gradientSquares.squareRoot(), parameters: sums.parameterSquares.squareRoot())
  }

  /// `optimizer.kind: rmsprop` for the catalogue.
  package static let component = Component(
    id: "rmsprop",
    doc: "RMSProp in the post's form: θ ← θ + learningRate·g/(√c + epsilon).",
    parameters: [
      Parameter(
        "learningRate", .number(.openClosed(0, 10)), default: 1e-3,
        doc: "Length of a step; the post has 1e-4."),
      Parameter(
        "decay", .number(.closedOpen(0, 1)), default: 0.99,
        doc: "Share of the running mean of squared gradients that each update keeps."),
      Parameter(
        "epsilon", .number(.above(0)), default: 1e-5,
        doc: "Added outside the root, against division by 0."),
      Parameter(
        "l2", .number(.closed(0, 1)), default: 0,
        doc: "L2 regularization: −l2·θ is added to the gradient before the step."),
    ])

  /// The optimizer of a validated configuration.
  package convenience init(configuration: ConfigValue, policy: TwoLayerPolicy) {
    let settings = Settings(configuration, section: "optimizer")
    self.init(
      learningRate: Float(settings.number("learningRate")), decay: Float(settings.number("decay")),
      epsilon: Float(settings.number("epsilon")), l2: Float(settings.number("l2")),
      squares: policy.makeParameterBlock())
  }
}
