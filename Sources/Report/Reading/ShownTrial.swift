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
  /// What its variant asked for.
  let configuration: ConfigValue
  /// Whether the policy sees the difference of two frames of the embedded Pong.
  let seesDifferences: Bool
  /// Its folder from where the program runs; nil where no arena can play its policy.
  private let arena: TrialFolder?

  var seed: Int { trial.planned.seed }

  /// Where what is shown of it comes from.
  var origin: String {
    "From \(Wording.quoted(label)), seed \(seed)"
      + (isBest ? ", the first finished seed of the best variant." : ".")
  }

  /// - Parameter isWanted: whether a variant may be shown, by its configuration.
  /// - Returns: nil while no trial of such a variant is finished.
  init?(_ run: RunSummary, where isWanted: (ConfigValue) -> Bool = { _ in true }) {
    for (place, variant) in run.ranked.enumerated()
    where isWanted(variant.variant.configuration) {
      if let trial = variant.firstFinished {
        self.trial = trial
        label = variant.label
        self.variant = variant.variant.index
        isBest = place == 0
        configuration = variant.variant.configuration
        seesDifferences =
          configuration[path: "environment.id"] == .string("pong")
          && configuration[path: "observation.kind"] == .string("difference")
          && configuration[path: "observation.permutePixels"] != .bool(true)
        arena =
          ArenaPolicy.misfits(configuration).isEmpty
          ? TrialFolder(path: "runs/\(run.plan.name)/trials/\(trial.planned.id)") : nil
        return
      }
    }
    return nil
  }

  /// The first layer at the earliest checkpoint and at the newest valid one; empty where that has
  /// none.
  func layers() -> [FirstLayer] {
    guard let last = trial.newest(FirstLayer.init) else { return [] }
    let first = (try? trial.folder.checkpoints())?.first { $0.episodes < last.episode }
    return [first.flatMap { layer(episode: $0.episodes) }, last].compactMap { $0 }
      .filter { $0.unitCount == last.unitCount }
  }

  /// The first layer at a certain checkpoint.
  func layer(episode: Int) -> FirstLayer? {
    let path = trial.folder.checkpointPath(episodes: episode)
    return (try? Checkpoint(contentsOf: path)).flatMap { FirstLayer($0, episode: episode) }
  }

  /// What makes a page to play against the policy of a checkpoint: as large as all else of a report.
  func arenaCommand(episode: Int) -> String? {
    arena.map { "rallybook play \($0.checkpointPath(episodes: episode)) --save arena.html" }
  }

  /// The games that can be read, of the earliest checkpoint first.
  func replays() -> [ReplayFile] {
    guard let found = try? trial.folder.replays() else { return [] }
    return found.compactMap { try? ReplayFile(contentsOf: $0.path) }
  }

  /// What lies in its folder and cannot be read, in words: checkpoints newer than the newest sound
  /// one, and replays.
  func passedOver() -> [String] {
    func problem(_ read: () throws -> Void) -> String? {
      do {
        try read()
        return nil
      } catch {
        return Wording.problem(error)
      }
    }
    var problems: [String] = []
    do {
      for entry in try trial.folder.checkpoints().reversed() {
        guard let found = problem({ _ = try Checkpoint(contentsOf: entry.path) }) else { break }
        problems.append(found)
      }
      for entry in try trial.folder.replays() {
        problems += [problem { _ = try ReplayFile(contentsOf: entry.path) }].compactMap { $0 }
      }
    } catch {
      problems.append(Wording.problem(error))
    }
    return problems
  }
}

extension TrialSummary {
  /// What is read of its newest valid checkpoint of which it can be; nil without one.
  func newest<Part>(_ read: (Checkpoint, Int) -> Part?) -> Part? {
    for entry in ((try? folder.checkpoints()) ?? []).reversed() {
      if let checkpoint = try? Checkpoint(contentsOf: entry.path),
        let part = read(checkpoint, entry.episodes)
      {
        return part
      }
    }
    return nil
  }
}
