// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import ParameterSchema
import Policies
import Randomness

/// Proximal policy optimization (Schulman et al. 2017), the clipped objective: ascend the mean of
/// min(r·A, clip(r, 1 − ε, 1 + ε)·A) + entropyBonus·H with r = π/π₀, for some epochs over
/// minibatches of the batch.
///
/// A batch is whole episodes, unlike the paper's fixed horizon: nothing is cut in the middle of a
/// rally, and a checkpoint falls between episodes.
final class ProximalPolicy: GradientLearner, Learner {
  private let clipRange: Double
  private let epochs: Int
  private let minibatches: Int
  /// Further epochs are left out once the mean KL is above this.
  private let targetKL: Double?

  init(_ setup: LearnerSetup) {
    let settings = setup.settings
    clipRange = settings.number("clipRange")
    epochs = settings.integer("epochs")
    minibatches = settings.integer("minibatches")
    targetKL = settings.optionalNumber("targetKL")
    super.init(setup)
  }

  func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateRecord {
    var record = UpdateRecord()
    critic.compute(batch)
    record.explainedVariance = critic.explainedVariance
    var draws = context.streams.generator(.minibatches, index: UInt64(context.update))
    var order = Array(0..<batch.count)
    var advantages = critic.advantages
    var (clipped, looked) = (0, 0)
    var norms: [Optimizer.StepNorms] = []
    epochs: for epoch in 0..<epochs {
      if let targetKL, epoch > 0,
        player.change(on: batch, limit: Player.glance).meanKL > targetKL
      {
        break epochs
      }
      if minibatches > 1 { shuffle(&order, &draws) }
      for part in Algorithms.minibatches(of: order, count: minibatches) {
        for t in part { advantages[t] = critic.advantages[t] }
        critic.rule.standardizeMinibatch(&advantages, part)
        if epoch == 0 && minibatches == 1 {
          // The policy is still the one that played: all ratios are 1.
          let scale = 1 / Double(max(1, part.count))
          player.accumulateScore(
            into: gradient, batch, advantages: advantages, scale: scale,
            entropyScale: scale * entropyBonus.weight(at: context))
        } else {
          clipped += accumulate(player, batch, part, advantages, context)
        }
        looked += part.count
        norms.append(critic.step(optimizer, player, gradient, batch, order: part, context))
      }
    }
    record.gradientNorm = norms.map(\.gradient).reduce(0, +) / Double(max(1, norms.count))
    record.weightNorm = norms.last?.parameters
    record.clipFraction = Double(clipped) / Double(max(1, looked))
    let change = player.change(on: batch, limit: Player.glance)
    (record.meanKL, record.entropy) = (change.meanKL, change.entropy)
    return record
  }

  /// Adds a minibatch's gradient; returns how many decisions were clipped.
  private func accumulate(
    _ player: Player, _ batch: DecisionBatch, _ part: ArraySlice<Int>, _ advantages: [Float],
    _ context: UpdateContext
  ) -> Int {
    let (model, distribution) = (player.model, player.distribution)
    let scale = 1 / Double(max(1, part.count))
    let entropyScale = scale * entropyBonus.weight(at: context)
    var clipped = 0
    batch.withDecisions { logits, actions in
      for t in part {
        let (advantage, action) = (Double(advantages[t]), actions + t * batch.width)
        let old = distribution.logProbability(logits + t * batch.logitCount, of: action)
        model.accumulate(into: gradient, batch.observations, t) { new, g in
          let ratio = exponential(distribution.logProbability(new, of: action) - old)
          let isClipped = advantage > 0 ? ratio > 1 + clipRange : ratio < 1 - clipRange
          if isClipped { clipped += 1 }
          let weight = isClipped ? 0 : scale * advantage * ratio
          if weight == 0 && entropyScale == 0 { return false }
          distribution.writeScore(
            new, action: action, weight: weight, entropyWeight: entropyScale, to: g)
          return true
        }
      }
    }
    player.passes.add(part.count + (entropyScale == 0 ? part.count - clipped : part.count))
    return clipped
  }

}

/// Fisher and Yates.
func shuffle(_ order: inout [Int], _ draws: inout Xoshiro256) {
  for i in stride(from: order.count - 1, to: 0, by: -1) {
    order.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
  }
}

/// Minibatches of one size, rounded up, as long as enough is left for one decision in each of
/// those that follow; as many as there are decisions where these are fewer.
package func minibatches(of order: [Int], count: Int) -> [ArraySlice<Int>] {
  let size = (order.count + count - 1) / count
  var parts: [ArraySlice<Int>] = []
  var start = 0
  for following in (0..<min(count, order.count)).reversed() {
    let end = start + min(size, order.count - start - following)
    parts.append(order[start..<end])
    start = end
  }
  return parts
}

extension AlgorithmKind {
  package static let ppo = AlgorithmKind(
    gradient: "ppo",
    doc: "Proximal policy optimization (Schulman et al. 2017) with the clipped objective.",
    parameters: [
      Parameter(
        "clipRange", .number(.openClosed(0, 1)), default: 0.2,
        doc: "ε: a ratio π/π₀ beyond 1 ± ε earns nothing more; the paper has 0.2, 0.1 for Atari."),
      Parameter(
        "epochs", .integer(1...100), default: 4, doc: "How often an update goes over its batch."),
      Parameter(
        "minibatches", .integer(1...1000), default: 4,
        doc: "Parts of the batch, a step each; shuffled again in each epoch."),
      Parameter(
        "targetKL", .nullable(.number(.above(0))), default: .null, unit: "nats per decision",
        doc: "Further epochs are left out once the mean KL is above this; null is off."),
    ], entropyBonus: 0.01, constraints: [needsValue("ppo")],
    unused: [
      UnusedKeys(["algorithm.targetKL"], because: ["algorithm.epochs"]) {
        $0[path: "algorithm.epochs"] == 1
      },
      // The one step of an update sees the ratio 1 everywhere.
      UnusedKeys(["algorithm.clipRange"], because: ["algorithm.epochs", "algorithm.minibatches"]) {
        $0[path: "algorithm.epochs"] == 1 && $0[path: "algorithm.minibatches"] == 1
      },
    ]
  ) { ProximalPolicy($0) }
}
