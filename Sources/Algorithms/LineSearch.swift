// SPDX-License-Identifier: MIT

package import Kernels
import Policies

/// Backtracking along a proposed step until the policy on the batch is neither too far from the
/// old one nor worse than it.
package struct LineSearch: Hashable, Sendable {
  /// Largest mean KL(old ‖ new), nats per decision; δ in Schulman et al. 2015, eq. 14.
  let maxKL: Double
  /// How often the step may be halved.
  let maxBacktracks: Int

  package init(maxKL: Double, maxBacktracks: Int) {
    self.maxKL = maxKL
    self.maxBacktracks = maxBacktracks
  }

  package struct Outcome: Sendable {
    /// Share of the step that was taken; 0 where the old parameters were kept.
    package var fraction: Double
    package var backtracks: Int
    package var change: Player.Change
    package var surrogateBefore: Double
  }

  /// Leaves `old + fraction · step` in the player's parameters.
  ///
  /// Accepted is the first of the fractions 1, ½, ¼ … with a mean KL of at most `maxKL` and a
  /// surrogate mean(A·π/π₀) that is not below that of the old policy, which is mean(A).
  ///
  /// - Parameter isProposed: whether the parameters are those of the whole step already; `old`
  ///   plus `step` could differ from them in a last bit.
  package func run(
    _ player: Player, old: AlignedFloats, step: AlignedFloats, isProposed: Bool = false,
    _ batch: DecisionBatch, advantages: [Float]
  ) -> Outcome {
    let model = player.model
    let before = advantages.reduce(0.0) { $0 + Double($1) } / Double(max(1, advantages.count))
    var fraction = 1.0
    for backtracks in 0...maxBacktracks {
      if backtracks > 0 || !isProposed {
        model.parameters.copy(from: old)
        model.kernels.add(step, times: Float(fraction), to: model.parameters)
        model.parametersDidChange()
      }
      let change = player.change(on: batch, advantages: advantages)
      if change.meanKL <= maxKL && change.surrogate >= before {
        return Outcome(
          fraction: fraction, backtracks: backtracks, change: change, surrogateBefore: before)
      }
      fraction /= 2
    }
    model.parameters.copy(from: old)
    model.parametersDidChange()
    return Outcome(
      fraction: 0, backtracks: maxBacktracks,
      change: player.change(on: batch, advantages: advantages), surrogateBefore: before)
  }
}

extension UpdateStatistics {
  mutating func record(_ outcome: LineSearch.Outcome) {
    meanKL = outcome.change.meanKL
    entropy = outcome.change.entropy
    surrogateBefore = outcome.surrogateBefore
    surrogateAfter = outcome.change.surrogate
    stepFraction = outcome.fraction
    backtracks = Double(outcome.backtracks)
  }
}
