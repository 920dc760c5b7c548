// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import RunStore

/// The one trial whose policy the report shows: the best variant's first finished seed.
///
/// Not its best seed, which would flatter.
struct ShownTrial {
  let trial: TrialDigest
  let label: String
  /// Whether its variant is the best by score.
  let isBest: Bool

  var seed: Int { trial.planned.seed }

  /// - Returns: nil while no trial is finished.
  init?(_ digest: RunDigest) {
    for (place, variant) in digest.ranked.enumerated() {
      if let trial = variant.firstFinished {
        self.trial = trial
        label = variant.label
        isBest = place == 0
        return
      }
    }
    return nil
  }

  /// The first layer at the earliest and the newest valid checkpoint, in this order; one or none
  /// where there are no two.
  func layers() -> [FirstLayer] {
    guard let found = try? trial.folder.checkpoints() else { return [] }
    func layer(_ entry: (episodes: Int, path: String)) -> FirstLayer? {
      guard let checkpoint = try? Checkpoint(contentsOf: entry.path) else { return nil }
      return FirstLayer(checkpoint, episode: entry.episodes)
    }
    guard let last = found.reversed().lazy.compactMap(layer).first else { return [] }
    let first = found.lazy.filter { $0.episodes < last.episode }.compactMap(layer)
      .first { $0.unitCount == last.unitCount }
    return [first, last].compactMap { $0 }
  }

  /// The newest replay that can be read.
  func replay() -> ReplayFile? {
    guard let found = try? trial.folder.replays() else { return nil }
    return found.reversed().lazy.compactMap { try? ReplayFile(contentsOf: $0.path) }.first
  }
}
