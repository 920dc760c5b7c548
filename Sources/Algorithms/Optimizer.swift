// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels
package import Policies

/// How a gradient becomes a step uphill.
package final class Optimizer {
  /// The rule, with what is its own.
  package enum Rule: Hashable, Sendable {
    /// RMSProp (Tieleman and Hinton 2012) in the post's form: the running mean of squares starts
    /// at 0, so the first step is about ten times the learning rate, and epsilon stands outside
    /// the root.
    case rmsprop(decay: Float, epsilon: Float)
    /// Adam (Kingma and Ba 2015), algorithm 1.
    case adam(beta1: Float, beta2: Float, epsilon: Float)
    /// Stochastic gradient with momentum: m ← μ·m + g; θ ← θ + rate·m.
    case sgd(momentum: Float)
  }

  package let rule: Rule
  package let learningRate: Double
  package let schedule: Schedule
  /// Adds −l2·θ to the gradient first.
  package let l2: Float
  /// The gradient is shortened to this Euclidean norm; nil leaves it.
  package let clipNorm: Double?
  /// The rule's state in the parameters' layout: squares for RMSProp, means and squares for Adam,
  /// momenta for SGD.
  private let state: [(name: String, block: AlignedFloats)]
  private var steps = 0

  package init(
    rule: Rule, learningRate: Double, schedule: Schedule = .constant, l2: Float = 0,
    clipNorm: Double? = nil, model: any Model
  ) {
    self.rule = rule
    self.learningRate = learningRate
    self.schedule = schedule
    self.l2 = l2
    self.clipNorm = clipNorm
    let names =
      switch rule {
      case .rmsprop: ["squares"]
      case .adam: ["means", "squares"]
      case .sgd: ["momenta"]
      }
    state = names.map { ($0, model.makeBlock()) }
  }

  /// Norms around one step.
  package struct StepNorms: Hashable, Sendable {
    /// Euclidean norm of the gradient, the l2 term included, before it was shortened.
    package var gradient: Double
    /// Euclidean norm of the parameters afterwards.
    package var parameters: Double
  }

  /// One step uphill; clears the gradient.
  ///
  /// - Parameter progress: share of the training that is done, for the schedule.
  package func step(_ model: any Model, gradient: AlignedFloats, progress: Double) -> StepNorms {
    let rate = learningRate * schedule.factor(at: progress)
    let kernels = model.kernels
    var (scale, l2, norm): (Float, Float, Double?) = (1, l2, nil)
    if let clipNorm {
      if l2 != 0 { kernels.add(model.parameters, times: -l2, to: gradient) }
      l2 = 0
      let length = kernels.dot(gradient, gradient).squareRoot()
      if length > clipNorm { scale = Float(clipNorm / length) }
      norm = length
    }
    steps += 1
    let squares: (gradient: Double, parameters: Double)
    switch rule {
    case .rmsprop(let decay, let epsilon):
      squares = kernels.rmspropStep(
        parameters: model.parameters, squares: state[0].block, gradient: gradient, scale: scale,
        l2: l2, rate: Float(rate), decay: decay, epsilon: epsilon)
    case .adam(let beta1, let beta2, let epsilon):
      let (bias1, bias2) = (1 - power(Double(beta1), steps), 1 - power(Double(beta2), steps))
      squares = kernels.adamStep(
        parameters: model.parameters, means: state[0].block, squares: state[1].block,
        gradient: gradient, scale: scale, l2: l2, rate: Float(rate / bias1),
        rootScale: Float(1 / bias2.squareRoot()), beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .sgd(let momentum):
      squares = kernels.momentumStep(
        parameters: model.parameters, momenta: state[0].block, gradient: gradient, scale: scale,
        l2: l2, rate: Float(rate), momentum: momentum)
    }
    model.parametersDidChange()
    return StepNorms(
      gradient: norm ?? squares.gradient.squareRoot(), parameters: squares.parameters.squareRoot())
  }

  /// Puts the state back to its start.
  package func restart() {
    for part in state { part.block.clear() }
    steps = 0
  }

  // MARK: Checkpoints

  package func tensors(of model: any Model, prefix: String) -> [Tensor] {
    state.flatMap { model.tensors(of: $0.block, prefix: "\(prefix)\($0.name).") }
      + [Self.countTensor(steps, name: prefix + "steps")]
  }

  /// - Returns: nil when all fits, otherwise what does not.
  package func load(_ find: (String) -> Tensor?, of model: any Model, prefix: String) -> String? {
    for part in state {
      if let problem = model.load(find, prefix: "\(prefix)\(part.name).", into: part.block) {
        return problem
      }
    }
    guard let steps = find(prefix + "steps") else { return "\(prefix)steps is missing" }
    guard let count = Self.count(steps) else {
      return "\(prefix)steps is \(steps.values); allowed: one or two whole numbers from 0"
    }
    self.steps = count
    return nil
  }

  /// Numbers below this are exact in a Float, and so is one more of them.
  private static let wholeFloats = 1 << 24

  /// A count as a tensor: one number while a Float has it exactly, then the rest and the multiple of
  /// 2²⁴.
  package static func countTensor(_ count: Int, name: String) -> Tensor {
    count < wholeFloats
      ? Tensor(name: name, shape: [1], values: [Float(count)])
      : Tensor(
        name: name, shape: [2],
        values: [Float(count % wholeFloats), Float(count / wholeFloats)])
  }

  /// The count of such a tensor; nil where it holds none.
  package static func count(_ tensor: Tensor) -> Int? {
    let parts = tensor.values.compactMap { Int(exactly: $0) }
    guard parts.count == tensor.values.count, parts.allSatisfy({ (0...1 << 32).contains($0) })
    else { return nil }
    switch parts.count {
    case 1: return parts[0]
    case 2: return parts[0] + parts[1] * wholeFloats
    default: return nil
    }
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
}
