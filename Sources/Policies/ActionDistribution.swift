// SPDX-License-Identifier: MIT

package import Environments
import Kernels
package import Randomness

/// What a policy's outputs for an observation say of its actions: each entry has a distribution of
/// its own, and log π, entropies and divergences are sums over the entries.
///
/// A model computes the logits and means; the log deviations of numbers are parameters of it that
/// depend on no observation, and stand behind them.
package struct ActionDistribution: Hashable, Sendable {
  package let space: ActionSpace
  /// What a policy's model has to give.
  package let outputs: ModelOutputs
  private let first: ActionFactor
  private let rest: [ActionFactor]
  /// Whether `rest` is empty: a single choice, which is most games', does not even look there.
  private let isSingle: Bool
  private let isDiscrete: Bool

  /// - Parameters:
  ///   - isUniform: whether a number within a finite range is drawn from all of it, whatever the
  ///     outputs are, as choices are whose logits are 0.
  ///   - learnsDeviation: whether log π is differentiated by log σ as well.
  package init(_ space: ActionSpace, isUniform: Bool = false, learnsDeviation: Bool = true) {
    self.space = space
    var factors: [ActionFactor] = []
    var computed = 0
    func add(
      _ kind: ActionFactor.Kind, _ count: Int, deviation: Int = 0,
      _ range: ClosedRange<Float> = 0...0
    ) {
      let factor = ActionFactor(
        kind: kind, entry: factors.count, start: computed, count: count, deviation: deviation,
        range: range, isDeviationFixed: !learnsDeviation)
      factors.append(factor)
      computed += factor.outputCount
    }
    func addChoice(_ count: Int) { add(count == 2 ? .bernoulli : .softmax, count) }
    switch space {
    case .discrete(let names): addChoice(names.count)
    case .product(let counts): for count in counts { addChoice(count) }
    case .box(let ranges):
      for (i, range) in ranges.enumerated() {
        let isFinite = range.lowerBound.isFinite && range.upperBound.isFinite
        let kind: ActionFactor.Kind = isUniform && isFinite ? .uniform : .normal
        add(kind, 1, deviation: ranges.count + i, range)
      }
    }
    guard let first = factors.first, !factors.allSatisfy({ $0.kind == .softmax && $0.count < 2 })
    else { fatalError("\(space) leaves no choice") }
    self.first = first
    rest = Array(factors.dropFirst())
    isSingle = rest.isEmpty
    isDiscrete = !space.names.isEmpty
    outputs =
      if case .box(let ranges) = space {
        ModelOutputs(count: computed, deviations: ranges.count)
      } else {
        ModelOutputs(count: computed)
      }
  }

  /// Appends an action drawn from the probabilities, as it is recorded: numbers are not clipped.
  ///
  /// - Returns: the same as an environment takes it: numbers are clipped.
  @inline(__always) @discardableResult
  package func sample(
    _ outputs: Outputs, _ draws: inout Xoshiro256, into actions: inout [Float]
  ) -> Action {
    let entry = first.sample(outputs, &draws)
    actions.append(entry)
    // Most games end here, without a look at the entries of others.
    if isDiscrete { return .number(Int(entry)) }
    for factor in rest { actions.append(factor.sample(outputs, &draws)) }
    return action(endOf: actions)
  }

  /// Appends the likeliest action: of choices the first of equals, of numbers the mean.
  ///
  /// - Returns: the same as an environment takes it.
  @discardableResult
  package func mode(_ outputs: Outputs, into actions: inout [Float]) -> Action {
    actions.append(first.mode(outputs))
    for factor in rest { actions.append(factor.mode(outputs)) }
    return action(endOf: actions)
  }

  /// The action that was appended last, as an environment takes it: numbers are clipped.
  @inline(__always)
  package func action(endOf actions: [Float]) -> Action {
    if isDiscrete { return .number(Int(actions[actions.count &- 1])) }
    let entries = actions.suffix(space.width)
    guard case .box(let ranges) = space else { return .entries(Array(entries)) }
    return .entries(zip(ranges, entries).map { max($0.lowerBound, min($0.upperBound, $1)) })
  }

  /// log π(a|s).
  package func logProbability(_ outputs: Outputs, of action: UnsafePointer<Float>) -> Double {
    sum { $0.logProbability(outputs, of: action) }
  }

  /// The probability of the first action, in the first place where there are several; of a number
  /// its density at 0.
  package func firstProbability(_ outputs: Outputs) -> Double {
    exponential(first.logProbability(outputs, of: [0]))
  }

  package func entropy(_ outputs: Outputs) -> Double { sum { $0.entropy(outputs) } }

  /// KL(old ‖ new); never below 0.
  package func divergence(_ old: Outputs, _ new: Outputs) -> Double {
    sum { $0.divergence(old, new) }
  }

  /// Writes `weight · ∂ log π(a|s)/∂outputs + entropyWeight · ∂ entropy/∂outputs`.
  @inline(__always)
  package func writeScore(
    _ outputs: Outputs, action: UnsafePointer<Float>, weight: Double, entropyWeight: Double = 0,
    to gradients: UnsafeMutablePointer<Float>
  ) {
    first.writeScore(
      outputs, action: action, weight: weight, entropyWeight: entropyWeight, to: gradients)
    if isSingle { return }
    for factor in rest {
      factor.writeScore(
        outputs, action: action, weight: weight, entropyWeight: entropyWeight, to: gradients)
    }
  }

  /// Writes the Fisher matrix of the outputs times `tangents`, each times `weight`.
  package func writeFisher(
    _ outputs: Outputs, tangents: Outputs, weight: Double, to gradients: UnsafeMutablePointer<Float>
  ) {
    first.writeFisher(outputs, tangents: tangents, weight: weight, to: gradients)
    for factor in rest {
      factor.writeFisher(outputs, tangents: tangents, weight: weight, to: gradients)
    }
  }

  @inline(__always)
  private func sum(_ term: (ActionFactor) -> Double) -> Double {
    var total = term(first)
    if isSingle { return total }
    for factor in rest { total += term(factor) }
    return total
  }
}
