// SPDX-License-Identifier: MIT

import Artifacts
package import Kernels
package import ParameterSchema
package import Policies
import Randomness

/// From a batch to what weighs its decisions: advantages by a rule, against a learned value where
/// that is the baseline.
final class Critic {
  private let rule: AdvantageRule
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

  /// Teaches the value what it should have been, in one step; returns what it explained before.
  func fit(_ batch: DecisionBatch, _ progress: Double, _ team: ThreadTeam) -> Double? {
    let explained = explainedVariance
    fit(batch, order: 0..<batch.count, progress, team)
    return explained
  }

  /// One step over the decisions of `order`.
  func fit(
    _ batch: DecisionBatch, order: some Collection<Int>, _ progress: Double, _ team: ThreadTeam
  ) {
    value?.fit(batch, targets: targets, order: order, progress: progress, team: team)
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

  /// One step on the mean of ½(target − V)² over the decisions of `order`.
  package func fit(
    _ batch: DecisionBatch, targets: [Float], order: some Collection<Int>, progress: Double,
    team: ThreadTeam = ThreadTeam()
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
    _ = optimizer.step(model, gradient: gradient, progress: progress, team: team)
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
