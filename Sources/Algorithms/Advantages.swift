// SPDX-License-Identifier: MIT

import Artifacts
import Randomness

/// From a batch to what weighs its decisions: the returns, against the baseline.
package final class Advantages {
  package let returns: Returns
  /// With `returns.baseline: value`.
  package let value: ValueFunction?
  /// A of each decision, shape `[T]`.
  private(set) var all: [Float] = []
  /// What V should have been, shape `[T]`; empty without a value baseline.
  private(set) var targets: [Float] = []

  package init(returns: Returns, value: ValueFunction?) {
    precondition((value != nil) == (returns.baseline == .value), "a baseline without its value")
    self.returns = returns
    self.value = value
  }

  /// Computes all advantages, with the value as it is.
  func compute(_ batch: DecisionBatch) {
    returns.computeAdvantages(
      of: batch, values: value?.evaluate(batch) ?? [],
      lastValues: value?.evaluateLast(of: batch) ?? [], into: &all, targets: &targets)
  }

  /// Teaches the value what it should have been, in one step; returns what it explained before.
  func fitValue(_ batch: DecisionBatch, progress: Double) -> Double? {
    guard let value else { return nil }
    let explained = value.explainedVariance(of: targets)
    value.fit(batch, targets: targets, order: 0..<batch.count, progress: progress)
    return explained
  }

  func restart(streams: RandomStreams) { value?.restart(streams: streams) }
  func tensors() -> [Tensor] { value?.tensors() ?? [] }
  func load(_ find: (String) -> Tensor?) -> String? { value?.load(find) }
}
