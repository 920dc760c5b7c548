// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema
import RunStore

/// The one trial whose policy the report shows: the best variant's first finished seed.
///
/// Not its best seed, which would flatter.
struct ShownTrial {
  let trial: TrialSummary
  let label: String
  let variant: Int
  /// Whether its variant is the best by score.
  let isBest: Bool
  /// Whether the policy sees the difference of two frames of the embedded Pong.
  let seesDifferences: Bool

  var seed: Int { trial.planned.seed }

  /// Where what is shown of it comes from.
  var origin: String {
    "From \(Wording.quoted(label)), seed \(seed)"
      + (isBest ? ", the first finished seed of the best variant." : ".")
  }

  /// - Returns: nil while no trial is finished.
  init?(_ digest: RunSummary) {
    for (place, variant) in digest.ranked.enumerated() {
      if let trial = variant.firstFinished {
        self.trial = trial
        label = variant.label
        self.variant = variant.variant.index
        isBest = place == 0
        let configuration = variant.variant.configuration
        seesDifferences =
          configuration[path: "environment.id"] == .string("pong")
          && configuration[path: "observation.kind"] == .string("difference")
          && configuration[path: "observation.permutePixels"] != .bool(true)
        return
      }
    }
    return nil
  }

  /// The first layer at some earlier checkpoints, the first among them, and at the newest valid
  /// one, in this order.
  ///
  /// - Parameter count: of earlier ones, at most; evenly spread by episodes.
  func layers(earlier count: Int) -> [FirstLayer] {
    guard let found = try? trial.folder.checkpoints(), let last = Self.lastLayer(of: trial) else {
      return []
    }
    let before = found.filter { $0.episodes < last.episode }
    let wanted = (0..<count).map { last.episode * $0 / max(1, count) }
    var chosen: [Int] = []
    for episode in wanted {
      let nearest = before.min { abs($0.episodes - episode) < abs($1.episodes - episode) }
      if let nearest, !chosen.contains(nearest.episodes) { chosen.append(nearest.episodes) }
    }
    return before.filter { chosen.contains($0.episodes) }.compactMap(Self.layer)
      .filter { $0.unitCount == last.unitCount } + [last]
  }

  /// The first layer of a trial's newest valid checkpoint; nil where there is none that fits.
  static func lastLayer(of trial: TrialSummary) -> FirstLayer? {
    guard let found = try? trial.folder.checkpoints() else { return nil }
    return found.reversed().lazy.compactMap(layer).first
  }

  /// The filters of its newest valid checkpoint; nil where its policy is no convolution.
  var lastConvolution: FirstConvolution? {
    guard let found = try? trial.folder.checkpoints() else { return nil }
    return found.reversed().lazy.compactMap { entry in
      (try? Checkpoint(contentsOf: entry.path))
        .flatMap { FirstConvolution($0, episode: entry.episodes) }
    }.first
  }

  private static func layer(_ entry: (episodes: Int, path: String)) -> FirstLayer? {
    guard let checkpoint = try? Checkpoint(contentsOf: entry.path) else { return nil }
    return FirstLayer(checkpoint, episode: entry.episodes)
  }

  /// What lies in its folder and cannot be read, in words: checkpoints newer than the newest sound
  /// one, and replays.
  func passedOver() -> [String] {
    var problems: [String] = []
    do {
      for entry in try trial.folder.checkpoints().reversed() {
        let problem = Self.problem { () throws(ArtifactError) in
          _ = try Checkpoint(contentsOf: entry.path)
        }
        guard let problem else {
          break
        }
        problems.append(problem)
      }
      problems += try trial.folder.replays().compactMap { entry in
        Self.problem { () throws(ArtifactError) in _ = try ReplayFile(contentsOf: entry.path) }
      }
    } catch {
      problems.append(Wording.problem(error))
    }
    return problems
  }

  private static func problem(_ read: () throws(ArtifactError) -> Void) -> String? {
    do throws(ArtifactError) {
      try read()
      return nil
    } catch {
      return Wording.problem(error)
    }
  }

  /// The games that can be read, of the earliest checkpoint first.
  func replays() -> [ReplayFile] {
    guard let found = try? trial.folder.replays() else { return [] }
    return found.compactMap { try? ReplayFile(contentsOf: $0.path) }
  }

  /// The first layer at a certain checkpoint.
  func layer(episode: Int) -> FirstLayer? {
    Self.layer((episode, trial.folder.checkpointPath(episodes: episode)))
  }
}
