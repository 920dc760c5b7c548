// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels
package import ParameterSchema

/// The choices of `optimizer.kind`; the first is the default.
package let optimizers: [OptimizerKind] = [.rmsprop, .adam, .sgd]

/// An optimizer: its description, what it remembers, and its step.
package struct OptimizerKind: ComponentKind {
  package let component: Component
  /// Names of the blocks of its state, each in the parameters' layout.
  let state: [String]
  /// The step of a validated section `optimizer`: changes parameters and state, and clears the
  /// gradient.
  let step: @Sendable (Settings) -> (OptimizerStep) -> (gradient: Double, parameters: Double)

  init(
    id: String, doc: String, learningRate: String, parameters: [Parameter], state: [String],
    step:
      @escaping @Sendable (Settings) -> (OptimizerStep) -> (
        gradient: Double, parameters: Double
      )
  ) {
    component = Component(
      id: id, doc: doc, parameters: Optimizer.parameters(learningRate: learningRate) + parameters,
      constraints: [Schedule.constraint], unused: [Schedule.unused])
    self.state = state
    self.step = step
  }

  /// RMSProp (Tieleman and Hinton 2012). The running mean of squares starts at 0, so the first step
  /// is about ten times the learning rate.
  package static let rmsprop = OptimizerKind(
    id: "rmsprop",
    doc: "RMSProp in the post's form: θ ← θ + learningRate·g/(√c + epsilon).",
    learningRate: "the post has 1e-4",
    parameters: [
      Parameter(
        "decay", .number(.closedOpen(0, 1)), default: 0.99,
        doc: "Share of the running mean of squared gradients that each update keeps."),
      epsilon,
    ], state: ["squares"]
  ) { settings in
    let (decay, epsilon) = (Float(settings.number("decay")), Float(settings.number("epsilon")))
    return {
      $0.kernels.rmspropStep(
        parameters: $0.parameters, squares: $0.state[0], gradient: $0.gradient, lanes: $0.lanes,
        scale: $0.scale, l2: $0.l2, rate: Float($0.rate), decay: decay, epsilon: epsilon)
    }
  }

  /// Adam (Kingma and Ba 2015), algorithm 1.
  package static let adam = OptimizerKind(
    id: "adam", doc: "Adam (Kingma and Ba 2015), with its bias corrections.",
    learningRate: "the paper has 1e-3",
    parameters: [
      Parameter(
        "beta1", .number(.closedOpen(0, 1)), default: 0.9,
        doc: "Share of the running mean of gradients that each step keeps."),
      Parameter(
        "beta2", .number(.closedOpen(0, 1)), default: 0.999,
        doc: "Share of the running mean of squared gradients that each step keeps."),
      epsilon,
    ], state: ["means", "squares"]
  ) { settings in
    let (beta1, beta2) = (Float(settings.number("beta1")), Float(settings.number("beta2")))
    let epsilon = Float(settings.number("epsilon"))
    return {
      let bias1 = 1 - power(Double(beta1), $0.number)
      let bias2 = 1 - power(Double(beta2), $0.number)
      return $0.kernels.adamStep(
        parameters: $0.parameters, means: $0.state[0], squares: $0.state[1],
        gradient: $0.gradient, lanes: $0.lanes, scale: $0.scale, l2: $0.l2,
        rate: Float($0.rate / bias1), rootScale: Float(1 / bias2.squareRoot()), beta1: beta1,
        beta2: beta2, epsilon: epsilon)
    }
  }

  package static let sgd = OptimizerKind(
    id: "sgd",
    doc: "The gradient itself, with momentum: m ← momentum·m + g; θ ← θ + learningRate·m.",
    learningRate: "depends on the gradient's scale",
    parameters: [
      Parameter(
        "momentum", .number(.closedOpen(0, 1)), default: 0.9,
        doc: "Share of the last step's direction that is kept; 0 is the plain gradient.")
    ], state: ["momenta"]
  ) { settings in
    let momentum = Float(settings.number("momentum"))
    return {
      $0.kernels.momentumStep(
        parameters: $0.parameters, momenta: $0.state[0], gradient: $0.gradient, lanes: $0.lanes,
        scale: $0.scale, l2: $0.l2, rate: Float($0.rate), momentum: momentum)
    }
  }

  private static let epsilon = Parameter(
    "epsilon", .number(.above(0)), default: 1e-5,
    doc: "Added outside the root, against division by 0.")
}

/// What a step is taken with.
struct OptimizerStep {
  let kernels: LaneKernels
  /// Shape `[lanes]` each.
  let parameters, gradient: UnsafeMutablePointer<Lane>
  let state: [UnsafeMutablePointer<Lane>]
  let lanes: Int
  /// Of the gradient, before the step: `scale · (gradient − l2 · θ)`.
  let scale, l2: Float
  /// The learning rate as it is now.
  let rate: Double
  /// The step's number, from 1.
  let number: Int
}

/// xⁿ by squaring: the same bits on every machine.
private func power(_ x: Double, _ n: Int) -> Double {
  var (result, base, left) = (1.0, x, n)
  while left > 0 {
    if left & 1 == 1 { result *= base }
    base *= base
    left >>= 1
  }
  return result
}
