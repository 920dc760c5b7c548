// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels
package import ParameterSchema
import Policies

/// The choices of `optimizer.kind`; the first is the default.
package let optimizers: [OptimizerKind] = [.rmsprop, .adam, .sgd]

/// An optimizer: its description, what it remembers, and its step.
package struct OptimizerKind: ComponentKind {
  package let component: Component
  /// Names of the blocks of its state, each in the parameters' layout.
  let state: [String]
  /// The step of a validated section `optimizer`, part by part: changes a part's parameters and
  /// state, and clears its gradient.
  let step: @Sendable (Settings) -> (OptimizerStep) -> PartStep

  init(
    id: String, doc: String, learningRate: String, parameters: [Parameter], state: [String],
    step: @escaping @Sendable (Settings) -> (OptimizerStep) -> PartStep
  ) {
    component = Component(
      id: id, doc: doc, parameters: Optimizer.parameters(learningRate: learningRate) + parameters,
      constraints: [Schedule.constraint], unused: [Schedule.unused, Optimizer.unused])
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
    return { step in
      { lane, gradient, lanes, isZero in
        if isZero && step.l2 == 0 {
          return step.kernels.rmspropRest(
            parameters: step.parameters + lane, squares: step.state[0] + lane, lanes: lanes,
            decay: decay)
        }
        return step.kernels.rmspropStep(
          parameters: step.parameters + lane, squares: step.state[0] + lane, gradient: gradient,
          lanes: lanes, scale: step.scale, l2: step.l2, rate: Float(step.rate), decay: decay,
          epsilon: epsilon)
      }
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
    return { step in
      let bias1 = 1 - power(Double(beta1), step.number)
      let bias2 = 1 - power(Double(beta2), step.number)
      let (rate, rootScale) = (Float(step.rate / bias1), Float(1 / bias2.squareRoot()))
      return { lane, gradient, lanes, _ in
        step.kernels.adamStep(
          parameters: step.parameters + lane, means: step.state[0] + lane,
          squares: step.state[1] + lane, gradient: gradient, lanes: lanes, scale: step.scale,
          l2: step.l2, rate: rate, rootScale: rootScale, beta1: beta1, beta2: beta2,
          epsilon: epsilon)
      }
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
    return { step in
      { lane, gradient, lanes, _ in
        step.kernels.momentumStep(
          parameters: step.parameters + lane, momenta: step.state[0] + lane, gradient: gradient,
          lanes: lanes, scale: step.scale, l2: step.l2, rate: Float(step.rate), momentum: momentum)
      }
    }
  }

  private static let epsilon = Parameter(
    "epsilon", .number(.above(0)), default: 1e-5,
    doc: "Added outside the root, against division by 0.")
}

/// What a step is taken with.
struct OptimizerStep {
  let kernels: LaneKernels
  /// Whole blocks of a model's shape.
  let parameters: UnsafeMutablePointer<Lane>
  let state: [UnsafeMutablePointer<Lane>]
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
