// SPDX-License-Identifier: MIT

package import Artifacts
import Kernels
import Policies
package import Randomness

/// Proximal policy optimization (Schulman et al. 2017), the clipped objective: ascend the mean of
/// min(r·A, clip(r, 1 − ε, 1 + ε)·A) + entropyBonus·H with r = π/π₀, for some epochs over
/// minibatches of the batch.
///
/// A batch is whole episodes, unlike the paper's fixed horizon: nothing is cut in the middle of a
/// rally, and a checkpoint falls between episodes.
package final class ProximalPolicy: Learner {
  private let advantages: Advantages
  private let optimizer: Optimizer
  private let entropyBonus: EntropyBonus
  private let clipRange: Double
  private let epochs: Int
  private let minibatches: Int
  /// Further epochs are left out once the mean KL is above this.
  private let targetKL: Double?
  private let gradient: AlignedFloats

  init(
    advantages: Advantages, optimizer: Optimizer, entropyBonus: EntropyBonus, clipRange: Double,
    epochs: Int, minibatches: Int, targetKL: Double?, policy: any Model
  ) {
    self.advantages = advantages
    self.optimizer = optimizer
    self.entropyBonus = entropyBonus
    self.clipRange = clipRange
    self.epochs = epochs
    self.minibatches = minibatches
    self.targetKL = targetKL
    gradient = policy.makeBlock()
  }

  package func update(
    _ player: Player, from batch: DecisionBatch, _ context: UpdateContext
  ) -> UpdateStatistics {
    var statistics = UpdateStatistics()
    statistics.deadUnits = player.model.deadUnits
    advantages.compute(batch)
    statistics.explainedVariance = advantages.value?.explainedVariance(of: advantages.targets)
    var draws = context.streams.generator(.minibatches, index: UInt64(context.update))
    var order = Array(0..<batch.count)
    var (clipped, looked) = (0, 0)
    var norms: [Optimizer.StepNorms] = []
    epochs: for epoch in 0..<epochs {
      if let targetKL, epoch > 0,
        player.change(on: batch, limit: Player.glance).meanKL > targetKL
      {
        break epochs
      }
      if minibatches > 1 { shuffle(&order, &draws) }
      for part in Self.parts(of: order, count: minibatches) {
        clipped += accumulate(player, batch, part, context)
        looked += part.count
        norms.append(
          optimizer.step(player.model, gradient: gradient, progress: context.progress))
        advantages.value?.fit(
          batch, targets: advantages.targets, order: part, progress: context.progress)
      }
    }
    statistics.gradientNorm = norms.map(\.gradient).reduce(0, +) / Double(max(1, norms.count))
    statistics.weightNorm = norms.last?.parameters
    statistics.clipFraction = Double(clipped) / Double(max(1, looked))
    let change = player.change(on: batch, limit: Player.glance)
    (statistics.meanKL, statistics.entropy) = (change.meanKL, change.entropy)
    return statistics
  }

  /// Adds a minibatch's gradient; returns how many decisions were clipped.
  private func accumulate(
    _ player: Player, _ batch: DecisionBatch, _ part: ArraySlice<Int>, _ context: UpdateContext
  ) -> Int {
    let (model, distribution) = (player.model, player.distribution)
    let scale = 1 / Double(max(1, part.count))
    let entropyScale = scale * entropyBonus.weight(at: context)
    var clipped = 0
    batch.withLogits { logits in
      for t in part {
        let (advantage, action) = (Double(advantages.all[t]), Int(batch.actions[t]))
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
    model.finishGradient(gradient)
    return clipped
  }

  /// Minibatches of one size, rounded up, as long as enough is left for one decision in each of
  /// those that follow; as many as there are decisions where these are fewer.
  package static func parts(of order: [Int], count: Int) -> [ArraySlice<Int>] {
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

  /// Fisher and Yates.
  private func shuffle(_ order: inout [Int], _ draws: inout Xoshiro256) {
    for i in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
    }
  }

  package func restart(_ player: Player, streams: RandomStreams) {
    optimizer.restart()
    advantages.restart(streams: streams)
  }

  package func tensors(_ player: Player) -> [Tensor] {
    optimizer.tensors(of: player.model, prefix: "optimizer.") + advantages.tensors()
  }

  package func load(_ find: (String) -> Tensor?, _ player: Player) -> String? {
    optimizer.load(find, of: player.model, prefix: "optimizer.") ?? advantages.load(find)
  }
}
