// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels
package import ParameterSchema
package import Policies

/// How a gradient becomes a step uphill: l2, the clipped norm and the schedule, then the step of an
/// `OptimizerKind`.
package final class Optimizer {
  private let learningRate: Double
  private let schedule: Schedule
  /// The schedule's share of the learning rate at the end.
  private let scheduleEnd: Double
  /// Adds −l2·θ to the gradient first.
  private let l2: Float
  /// The gradient is shortened to this Euclidean norm; nil leaves it.
  private let clipNorm: Double?
  /// Whether that is the norm of a policy's gradient and a value's together.
  let clipsTogether: Bool
  private let step: (OptimizerStep) -> PartStep
  private let names: [String]
  private let state: [AlignedFloats]
  private var steps = 0

  /// What every optimizer has.
  static func parameters(learningRate note: String) -> [Parameter] {
    [
      Parameter(
        "learningRate", .number(.openClosed(0, 10)), default: 1e-3,
        doc: "Length of a step; \(note)."),
      Parameter(
        "schedule", .choice(Schedule.allCases.map(\.rawValue)), default: "constant",
        doc: "How the learning rate changes over the training, to scheduleEnd times itself.",
        silentValue: "constant"),
      Parameter(
        "scheduleEnd", .number(.closed(0, 1)), default: 0.1,
        doc: "Share of the learning rate that is left at the end, for linear and exponential.",
        silentValue: 0.1),
      Parameter(
        "l2", .number(.closed(0, 1)), default: 0,
        doc: "L2 regularization: −l2·θ is added to the gradient before the step."),
      Parameter(
        "clipNorm", .nullable(.number(.above(0))), default: .null,
        doc: "The gradient is shortened to this Euclidean norm; null leaves it.",
        silentValue: .null),
      Parameter(
        "clipTogether", .boolean, default: false,
        doc: """
          Whether clipNorm is for the gradients of the policy and of its value baseline as one vector, \
          as in Stable Baselines3, instead of for each.
          """, silentValue: false),
    ]
  }

  /// The optimizer of a validated configuration.
  package init(configuration: ConfigValue, model: any Model) {
    let kind = optimizers.chosen(by: "optimizer.kind", in: configuration)
    let settings = Settings(configuration, section: "optimizer")
    learningRate = settings.number("learningRate")
    schedule = settings.choice("schedule")
    scheduleEnd = settings.number("scheduleEnd")
    l2 = Float(settings.number("l2"))
    clipNorm = settings.optionalNumber("clipNorm")
    clipsTogether = clipNorm != nil && settings.boolean("clipTogether")
    step = kind.step(settings)
    names = kind.state
    state = names.map { _ in model.makeBlock() }
  }

  /// Norms around one step.
  package struct StepNorms: Hashable, Sendable {
    /// Euclidean norm of the gradient, the l2 term included, before it was shortened.
    package var gradient: Double
    /// Euclidean norm of the parameters afterwards.
    package var parameters: Double
  }

  /// Completes a gradient and takes one step uphill; clears the gradient.
  ///
  /// - Parameters:
  ///   - progress: share of the training that is done, for the schedule.
  ///   - otherSquares: of the gradient that is shortened together with this one.
  package func step(
    _ model: any Model, gradient: AlignedFloats, progress: Double, team: ThreadTeam = ThreadTeam(),
    otherSquares: Double = 0
  ) -> StepNorms {
    let kernels = model.kernels
    var (scale, l2, norm): (Float, Float, Double?) = (1, l2, nil)
    if let clipNorm {
      model.finishGradient(gradient)
      if l2 != 0 { kernels.add(model.parameters, times: -l2, to: gradient) }
      l2 = 0
      let length = (kernels.dot(gradient, gradient) + otherSquares).squareRoot()
      if length > clipNorm { scale = Float(clipNorm / length) }
      norm = length
    }
    steps += 1
    let squares = model.finishGradient(
      gradient, team,
      step: step(
        OptimizerStep(
          kernels: kernels, parameters: model.parameters.lanes, state: state.map(\.lanes),
          scale: scale, l2: l2,
          rate: learningRate * schedule.factor(at: progress, end: scheduleEnd), number: steps)))
    model.parametersDidChange()
    return StepNorms(
      gradient: norm ?? squares.gradient.squareRoot(), parameters: squares.parameters.squareRoot())
  }

  static let unused = UnusedKeys(
    ["optimizer.clipTogether"],
    because: ["optimizer.clipNorm", "returns.baseline", "algorithm.kind"]
  ) { all in
    all[path: "optimizer.clipNorm"] == .null || all[path: "returns.baseline"] != "value"
      || [AlgorithmKind.trpo, .klLineSearch].contains {
        all[path: "algorithm.kind"] == .string($0.component.id)
      }
  }

  /// Puts the state back to its start.
  package func restart() {
    for block in state { block.clear() }
    steps = 0
  }

  // MARK: Checkpoints

  package func tensors(of model: any Model, prefix: String) -> [Tensor] {
    zip(names, state).flatMap { model.tensors(of: $1, prefix: "\(prefix)\($0).") }
      + [Self.countTensor(steps, name: prefix + "steps")]
  }

  /// - Returns: nil when all fits, otherwise what does not.
  package func load(_ find: (String) -> Tensor?, of model: any Model, prefix: String) -> String? {
    for (name, block) in zip(names, state) {
      if let problem = model.load(find, prefix: "\(prefix)\(name).", into: block) {
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
    guard parts.count == tensor.values.count, (1...2).contains(parts.count),
      parts.allSatisfy({ (0...1 << 32).contains($0) })
    else { return nil }
    return parts[0] + (parts.count == 2 ? parts[1] * wholeFloats : 0)
  }
}

/// How a learning rate changes over a training, to a share of itself at the end.
package enum Schedule: String, Hashable, Sendable, CaseIterable {
  case constant
  /// In a straight line.
  case linear
  /// By equal factors.
  case exponential

  /// What the rate is multiplied with when `progress`, 0...1, of the training is done.
  package func factor(at progress: Double, end: Double) -> Double {
    let done = min(1, max(0, progress))
    return switch self {
    case .constant: 1
    case .linear: 1 + (end - 1) * done
    case .exponential: Kernels.exponential(logarithm(end) * done)
    }
  }

  static let constraint = Constraint(
    code: "exponential-to-zero", severity: .error, path: "optimizer.scheduleEnd"
  ) { all in
    guard all[path: "optimizer.schedule"] == "exponential",
      all[path: "optimizer.scheduleEnd"] == 0
    else { return nil }
    return "equal factors never reach 0; give a positive end, or the linear schedule"
  }

  static let unused = UnusedKeys(
    ["optimizer.scheduleEnd"], because: ["optimizer.schedule"]
  ) { $0[path: "optimizer.schedule"] == "constant" }
}
