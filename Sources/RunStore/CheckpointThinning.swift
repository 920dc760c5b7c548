// SPDX-License-Identifier: MIT

/// Which of a trial's checkpoints stay when only some may.
package enum CheckpointThinning {
  /// Never the first or the newest two go; of the others the one whose neighbours are closest goes
  /// first, so that those left stay evenly spread.
  ///
  /// - Parameters:
  ///   - episodes: of each checkpoint, in any order.
  ///   - keep: how many stay; never fewer than 3.
  package static func kept(_ episodes: [Int], keep: Int) -> [Int] {
    var kept = episodes.sorted()
    while kept.count > max(3, keep) {
      let candidates = 1..<kept.count - 2
      guard
        let index = candidates.min(by: { kept[$0 + 1] - kept[$0 - 1] < kept[$1 + 1] - kept[$1 - 1] }
        )
      else { break }
      kept.remove(at: index)
    }
    return kept
  }
}
