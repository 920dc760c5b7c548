// SPDX-License-Identifier: MIT

package import Kernels

/// The decisions of the episodes that one update learns from.
package final class DecisionBatch {
  package let observations: SparseSignBatch
  /// Which hidden units fired, `maskBytes` bytes a decision.
  package private(set) var masks: UnsafeMutablePointer<UInt8>
  package let maskBytes: Int
  /// The logit at which each action was drawn.
  package private(set) var logits: [Float] = []
  /// ∂ log π(a|s)/∂logit = y − p, with y = 1 for the first action.
  package private(set) var scores: [Float] = []
  /// 0 for the first action, 1 for the second.
  package private(set) var actions: [UInt8] = []
  package private(set) var rewards: [Float] = []
  /// Each finished episode's decisions.
  package private(set) var episodes: [Range<Int>] = []
  private var maskCapacity: Int

  package init(inputCount: Int, maskBytes: Int) {
    observations = SparseSignBatch(width: inputCount)
    self.maskBytes = maskBytes
    maskCapacity = 1 << 14
    masks = .allocate(capacity: maskCapacity * maskBytes)
  }

  deinit { masks.deallocate() }

  package var count: Int { actions.count }

  /// Forgets everything, keeps the memory.
  package func removeAll() {
    observations.removeAll()
    logits.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    actions.removeAll(keepingCapacity: true)
    rewards.removeAll(keepingCapacity: true)
    episodes.removeAll(keepingCapacity: true)
  }

  /// The mask of decision `index`; `index` may be the next one.
  @inline(__always)
  package func mask(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    if index >= maskCapacity { growMasks() }
    return masks + index * maskBytes
  }

  /// Adds what was decided on the observation appended last.
  ///
  /// - Parameter probability: of the first action.
  @inline(__always)
  package func record(logit: Float, probability: Double, action: UInt8, reward: Float) {
    logits.append(logit)
    scores.append((action == 0 ? 1 : 0) - Float(probability))
    actions.append(action)
    rewards.append(reward)
  }

  /// Closes the episode that began after the last one.
  package func endEpisode() {
    episodes.append((episodes.last?.upperBound ?? 0)..<count)
  }

  private func growMasks() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * maskCapacity * maskBytes)
    larger.update(from: masks, count: maskCapacity * maskBytes)
    masks.deallocate()
    masks = larger
    maskCapacity *= 2
  }
}
