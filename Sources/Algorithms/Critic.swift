// SPDX-License-Identifier: MIT

import Artifacts
package import Kernels
package import ParameterSchema
package import Policies
import Randomness

/// From a batch to what weighs its decisions: advantages by a rule, against a learned value where
/// that is the baseline.
final class Critic {
  let rule: AdvantageRule
  /// How often a batch teaches the value, in parts.
  private let epochs, minibatches: Int
  /// With `returns.baseline: value`.
  private let value: ValueFunction?
  /// A of each decision, shape `[T]`.
  private(set) var advantages: [Float] = []
  /// What V should have been, shape `[T]`; empty without a value baseline.
  private var targets: [Float] = []

  /// - Parameter player: a value network has its policy's shape and reads what that reads.
  init(configuration: ConfigValue, player: Player) {
    let policy = player.model
    rule = AdvantageRule(configuration: configuration)
    let settings = Settings(configuration, section: "returns")
    epochs = settings.integer("valueEpochs")
    minibatches = settings.integer("valueMinibatches")
    value =
      rule.baseline == .value
      ? ValueFunction(
        model: makeModel(
          configuration: configuration, form: policy.form, outputs: 1, kernels: policy.kernels),
        configuration: configuration, passes: player.passes, policy: policy) : nil
  }

  /// Computes all advantages, with the value as it is.
  func compute(_ batch: DecisionBatch) {
    rule.computeAdvantages(
      of: batch, values: value?.evaluate(batch) ?? [],
      lastValues: value?.evaluateLast(of: batch) ?? [], into: &advantages, targets: &targets)
  }

  /// What the value explained of the batch computed last; nil without a value.
  var explainedVariance: Double? { value?.explainedVariance(of: targets) }

  /// Teaches the value what it should have been; returns what it explained before.
  func fit(_ batch: DecisionBatch, _ context: UpdateContext, _ team: ThreadTeam) -> Double? {
    guard let value else { return nil }
    let explained = explainedVariance
    var draws = context.streams.generator(.minibatches, index: UInt64(context.update))
    var order = Array(0..<batch.count)
    for _ in 0..<epochs {
      if minibatches > 1 { shuffle(&order, &draws) }
      for part in Algorithms.minibatches(of: order, count: minibatches) {
        value.accumulate(batch, targets: targets, order: part)
        value.step(context.progress, team)
      }
    }
    return explained
  }

  /// A step of the policy with its gradient, which it clears, and one of the value over the decisions
  /// of `order`.
  func step(
    _ optimizer: Optimizer, _ player: Player, _ gradient: AlignedFloats, _ batch: DecisionBatch,
    order: ArraySlice<Int>, _ context: UpdateContext
  ) -> Optimizer.StepNorms {
    var squares = (policy: 0.0, value: 0.0)
    value?.accumulate(batch, targets: targets, order: order)
    if optimizer.clipsTogether, let value {
      player.model.finishGradient(gradient)
      squares = (player.model.kernels.dot(gradient, gradient), value.finishedSquares())
    }
    let norms = optimizer.step(
      player.model, gradient: gradient, progress: context.progress, team: player.team,
      otherSquares: squares.value)
    value?.step(context.progress, player.team, otherSquares: squares.policy)
    return norms
  }

  func restart(streams: RandomStreams) { value?.restart(streams: streams) }
  func tensors() -> [Tensor] { value?.tensors() ?? [] }
  func load(_ find: (String) -> Tensor?) -> String? { value?.load(find) }
}

/// A learned value of an observation, the baseline V(s): a network of the policy's shape with one
/// output and parameters of its own, trained to the returns by squared error.
package final class ValueFunction {
  private let model: any Model
  private let optimizer: Optimizer
  private let gradient: AlignedFloats
  private let initialization: Initialization
  /// V of the decisions of the batch, shape `[T]`.
  private var values: [Float] = []
  private let passes: PassCount
  /// What one of its passes counts.
  private let weight: Double
  /// The units that fired at them.
  private let gates: GateBatch
  /// Whether V is still what these are of.
  private var isFresh = false

  /// - Parameter policy: whose passes are counted as 1 each; nil for the model itself.
  package init(
    model: any Model, configuration: ConfigValue, passes: PassCount = PassCount(),
    policy: (any Model)? = nil
  ) {
    self.passes = passes
    weight = Double(model.multiplications) / Double((policy ?? model).multiplications)
    self.model = model
    optimizer = Optimizer(configuration: configuration, model: model)
    initialization = Initialization(configuration: configuration, outputGain: 1)
    gradient = model.makeBlock()
    gates = GateBatch(lanes: model.gateLanes)
  }

  /// Values all decisions of a batch.
  package func evaluate(_ batch: DecisionBatch) -> [Float] {
    values.removeAll(keepingCapacity: true)
    gates.removeAll()
    passes.add(batch.count, weight: weight)
    for t in 0..<batch.count {
      values.append(model.forward(batch.observations, t)[0])
      model.keepGates(in: gates)
    }
    isFresh = gates.isUsed
    return values
  }

  /// V of what was seen last in the episodes that a time limit ended: what would have come.
  func evaluateLast(of batch: DecisionBatch) -> [Float] {
    let last = batch.lastObservations
    passes.add(batch.truncations.count { $0 != nil }, weight: weight)
    return (0..<last.count).map { model.forward(last, $0)[0] }
  }

  /// Adds the gradient of the mean of −½(target − V)² over the decisions of `order`.
  package func accumulate(
    _ batch: DecisionBatch, targets: [Float], order: some Collection<Int>
  ) {
    let scale = 1 / Float(max(1, order.count))
    if isFresh {
      model.accumulate(into: gradient, batch.observations, over: Array(order), gates: gates) {
        $1[0] = (targets[$0] - values[$0]) * scale
        return true
      }
    } else {
      for t in order {
        let target = targets[t]
        model.accumulate(into: gradient, batch.observations, t) { out, g in
          g[0] = (target - out[0]) * scale
          return true
        }
      }
    }
    passes.add((isFresh ? 1 : 2) * order.count, weight: weight)
    isFresh = false
  }

  /// Completes the gradient; Σ of its squares.
  func finishedSquares() -> Double {
    model.finishGradient(gradient)
    return model.kernels.dot(gradient, gradient)
  }

  /// A step with the gradient, which it clears.
  package func step(
    _ progress: Double, _ team: ThreadTeam = ThreadTeam(), otherSquares: Double = 0
  ) {
    _ = optimizer.step(
      model, gradient: gradient, progress: progress, team: team, otherSquares: otherSquares)
  }

  /// 1 − Var(target − V)/Var(target) for the values computed last; nil where targets do not vary.
  package func explainedVariance(of targets: [Float]) -> Double? {
    func variance(_ x: [Double]) -> Double {
      let mean = x.reduce(0, +) / Double(x.count)
      return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    }
    guard !targets.isEmpty else { return nil }
    let all = variance(targets.map(Double.init))
    guard all > 0 else { return nil }
    return 1 - variance(zip(targets, values).map { Double($0) - Double($1) }) / all
  }

  /// - Parameter streams: the trial's; the weights come from streams of their own.
  func restart(streams: RandomStreams) {
    model.initialize(
      initialization, streams: RandomStreams(root: streams.root, seed: ~streams.seed))
    optimizer.restart()
  }

  func tensors() -> [Tensor] {
    model.tensors(of: model.parameters, prefix: "value.")
      + optimizer.tensors(of: model, prefix: "valueOptimizer.")
  }

  func load(_ find: (String) -> Tensor?) -> String? {
    model.load(find, prefix: "value.", into: model.parameters)
      ?? optimizer.load(find, of: model, prefix: "valueOptimizer.")
  }
}
