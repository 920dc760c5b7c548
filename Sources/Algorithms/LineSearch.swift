// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import ParameterSchema
import Policies

/// Backtracking along a proposed step until the policy on the batch is neither too far from the
/// old one nor worse than it.
struct LineSearch {
  /// Largest mean KL(old ‖ new), nats per decision; δ in Schulman et al. 2015, eq. 14.
  let maxKL: Double
  /// How often the step may be halved.
  private let maxBacktracks: Int

  /// What an algorithm with a line search has.
  static let parameters = [
    Parameter(
      "maxKL", .number(.openClosed(0, 1)), default: 0.01, unit: "nats per decision",
      doc: "Largest mean KL(old ‖ new) of an update; δ in Schulman et al. 2015, eq. 14."),
    Parameter(
      "maxBacktracks", .integer(0...50), default: 10,
      doc: "How often a step may be halved before the old weights are kept."),
  ]

  init(_ settings: Settings) {
    maxKL = settings.number("maxKL")
    maxBacktracks = settings.integer("maxBacktracks")
  }

  /// Leaves `old + fraction · step` in the player's parameters, and in `record` what it came to.
  ///
  /// Accepted is the first of the fractions 1, ½, ¼ … with a mean KL of at most `maxKL` and a
  /// surrogate mean(A·π/π₀) that is not below that of the old policy, which is mean(A). Where none
  /// is, the old parameters are kept: the fraction 0.
  ///
  /// - Parameter isProposed: whether the parameters are those of the whole step already; `old`
  ///   plus `step` could differ from them in a last bit.
  func run(
    _ player: Player, old: AlignedFloats, step: AlignedFloats, isProposed: Bool = false,
    _ batch: DecisionBatch, advantages: [Float], _ record: inout UpdateRecord
  ) {
    let model = player.model
    let before = advantages.reduce(0.0) { $0 + Double($1) } / Double(max(1, advantages.count))
    var (fraction, backtracks) = (1.0, 0)
    var change: Player.Change?
    while change == nil && backtracks <= maxBacktracks {
      if backtracks > 0 || !isProposed {
        model.parameters.copy(from: old)
        model.kernels.add(step, times: Float(fraction), to: model.parameters)
        model.parametersDidChange()
      }
      let tried = player.change(on: batch, advantages: advantages)
      if tried.meanKL <= maxKL && tried.surrogate >= before {
        change = tried
      } else {
        fraction /= 2
        backtracks += 1
      }
    }
    if change == nil {
      model.parameters.copy(from: old)
      model.parametersDidChange()
      (fraction, backtracks) = (0, maxBacktracks)
    }
    let last = change ?? player.change(on: batch, advantages: advantages)
    (record.meanKL, record.entropy) = (last.meanKL, last.entropy)
    (record.surrogateBefore, record.surrogateAfter) = (before, last.surrogate)
    (record.stepFraction, record.backtracks) = (fraction, Double(backtracks))
  }
}
