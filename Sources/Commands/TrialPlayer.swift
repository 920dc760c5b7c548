// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import ExperimentSpec
import ParameterSchema
import Randomness
import Report
import RunStore
import Trials

/// A stored policy with the configuration and random streams of its trial.
struct TrialPlayer {
  let checkpoint: Checkpoint
  let evaluator: Evaluator
  /// Which policy it is, in words.
  let title: String
  private let path: String
  /// Of the game that is played.
  let configuration: ConfigValue
  private let choice: ActionChoice

  /// - Parameters:
  ///   - path: a file in `runs/NAME/trials/ID/checkpoints`, where the run's plan says how to play
  ///     it; or an exported policy, which says so itself.
  ///   - environmentID: where to play, if not where it was trained.
  ///   - mode: nil for what the plan evaluates with.
  init(checkpoint path: String, mode: ActionChoice?, environmentID: String? = nil) throws {
    if let trial = Self.importedTrial(path) {
      throw ArtifactError(
        .notThisFormat, path: path,
        detail: "\(trial) was imported: its records are here, and no policy that could play")
    }
    self.path = path
    checkpoint = try Checkpoint(contentsOf: path)
    if PolicyFile.isPolicy(checkpoint) {
      let contents = try PolicyFile.contents(of: checkpoint, path: path)
      configuration = try Self.played(
        Catalogue.standard.completing(contents.configuration), at: environmentID, path: path)
      choice = mode ?? .sample
      evaluator = try Evaluator(
        policy: contents, configuration: configuration,
        streams: RandomStreams(root: 0, seed: 0), choice: choice)
      title = "\(path), after \(contents.episode) episodes"
      return
    }
    let folder = Disk.parent(of: path).flatMap { Disk.parent(of: $0) } ?? "."
    guard let runPath = Disk.parent(of: folder).flatMap({ Disk.parent(of: $0) }),
      Disk.isPresent(RunFolder(path: runPath).planPath)
    else {
      throw ArtifactError(
        .unreadable, path: path,
        detail: "it is not in a run's folder, whose plan.json says how it plays; "
          + "`export --format safetensors` makes a file of it that plays anywhere")
    }
    let run = RunFolder(path: runPath)
    let plan = try run.readPlan()
    let id = checkpoint.metadata["trial"] ?? TrialFolder(path: folder).id
    guard let planned = plan.trial(id: id) else {
      throw ArtifactError(
        .unreadable, path: path, detail: "the plan \(run.planPath) has no trial \(id)")
    }
    let trained = Catalogue.standard.completing(plan.configuration(of: planned))
    let stored = Settings(trained, section: "evaluation").string("mode")
    configuration = try Self.played(trained, at: environmentID, path: path)
    choice = mode ?? ActionChoice(rawValue: stored) ?? .sample
    evaluator = try Evaluator(
      checkpoint: checkpoint, path: path, configuration: configuration,
      streams: RandomStreams(
        root: UInt64(bitPattern: Int64(plan.rootSeed)),
        seed: UInt64(bitPattern: Int64(planned.seed))),
      choice: choice)
    let episodes = checkpoint.metadata["episode"] ?? "0"
    title =
      "\(plan.name), \(plan.variants[planned.variant].label), seed \(planned.seed),"
      + " after \(episodes) episodes"
  }

  /// Whether it plays Pong, here or the real one.
  var isPong: Bool {
    guard case .string(let id)? = configuration[path: "environment.id"] else { return false }
    return PongID.contains(id)
  }

  /// The policy for a page on which a person plays against it.
  ///
  /// - Throws: why there can be none.
  func arenaPolicy() throws -> ArenaPolicy {
    let misfits = ArenaPolicy.misfits(configuration)
    guard misfits.isEmpty else {
      throw end(2, misfits.map { "error: \(path): \($0)" }.joined(separator: "\n"))
    }
    let policy =
      PolicyFile.isPolicy(checkpoint)
      ? checkpoint : try PolicyFile.policy(of: checkpoint, path: path)
    return ArenaPolicy(
      policy, actions: try PolicyFile.contents(of: policy, path: path).actions.names,
      configuration: configuration, mode: choice.rawValue, name: title)
  }

  /// The imported trial that a path leads into; nil for none.
  private static func importedTrial(_ path: String) -> String? {
    var place: String? = path
    while let folder = place {
      if Disk.isPresent(TrialFolder(path: folder).importPath) {
        return TrialFolder(path: folder).id
      }
      place = Disk.parent(of: folder)
    }
    return nil
  }

  /// The configuration with the environment that is played.
  ///
  /// - Throws: what a file by another hand says that no experiment could, and what a policy brings
  ///   along that another environment does not have.
  private static func played(
    _ configuration: ConfigValue, at id: String?, path: String
  ) throws(ArtifactError) -> ConfigValue {
    let catalogue = Catalogue.standard
    if let misfit = catalogue.misfit(configuration) {
      throw ArtifactError(.damaged, path: path, detail: misfit)
    }
    guard let id else { return configuration }
    let played = catalogue.completing(Trials.configuration(configuration, playing: id))
    guard let misfit = catalogue.misfit(played) else { return played }
    throw ArtifactError(
      .unreadable, path: path, detail: "its policy does not fit \(id): in that game \(misfit)")
  }
}
