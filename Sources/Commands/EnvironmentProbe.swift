// SPDX-License-Identifier: MIT

import Diagnostics
import Environments
import ExperimentSpec
import ParameterSchema
import RunStore
import Runner
import Synchronization
import Trials

/// Looks at what trials would play before any of them starts: what an environment refuses it refuses
/// for every seed, and is said once.
enum EnvironmentProbe {
  /// Environments that one command looks at, at the most; each takes a moment.
  private static let limit = 16
  /// What was looked at by this process; a search asks again for every round.
  private static let known = Mutex<Set<ConfigValue>>([])

  /// - Throws: exit 2 with every refusal; the reasons are kept in the trials' folders.
  static func look(at plan: Plan, _ jobs: [Batch.Job], in run: RunFolder, isQuiet: Bool) throws {
    let variants = Set(jobs.map(\.trial.variant)).sorted()
    var players: [ConfigValue: [Int]] = [:]
    var games: [(look: ConfigValue, configuration: ConfigValue)] = []
    for variant in variants {
      for configuration in played(plan.variants[variant].configuration) {
        let look = look(of: configuration)
        if players[look] == nil { games.append((look, configuration)) }
        players[look, default: []].append(variant)
      }
    }
    var refusals: [String] = []
    var reasons: [Int: String] = [:]
    for (look, configuration) in games where isNew(look) {
      do throws(EnvironmentError) {
        let notes = try probeEnvironment(
          configuration, rootSeed: UInt64(bitPattern: Int64(plan.rootSeed)))
        if !isQuiet { for note in notes { printError("note: \(note)") } }
      } catch {
        // What happens while it plays may not happen to every seed: its trial tells.
        guard error.kind == .refusal, let refused = players[look] else { continue }
        for variant in refused { reasons[variant] = error.description }
        let labels = refused.map { DisplayText.escaped(plan.variants[$0].label) }
        refusals.append(
          "error[environment]: \(error.description)"
            + (labels.count == variants.count ? "" : "\n  in \(labels.joined(separator: "; "))"))
      }
    }
    guard !refusals.isEmpty else { return }
    // What cannot be kept was said all the same.
    try? keep(reasons, jobs, of: plan, in: run)
    throw end(2, refusals.joined(separator: "\n") + "\nnothing was started")
  }

  /// Keeps in the trials' folders why they could not start, where the run has this plan or none yet.
  private static func keep(
    _ reasons: [Int: String], _ jobs: [Batch.Job], of plan: Plan, in run: RunFolder
  ) throws {
    if !Disk.isPresent(run.planPath) { try run.writePlan(plan) }
    guard try run.readPlan() == plan else { return }
    for job in jobs where job.holder == nil {
      guard let reason = reasons[job.trial.variant],
        try job.folder.readStatus()?.state != .finished
      else { continue }
      try job.folder.create()
      if try !job.folder.verifyIdentity() {
        let identity = trialIdentity(
          configuration: Catalogue.standard.completing(plan.configuration(of: job.trial)),
          seed: job.trial.seed, rootSeed: plan.rootSeed, catalogue: .standard)
        try job.folder.writeConfig(Array(identity.json.utf8))
      }
      try job.folder.record(.couldNotStart, reason: reason)
    }
  }

  /// The configurations with the environments of training and transfer that may be refused.
  private static func played(_ stored: ConfigValue) -> [ConfigValue] {
    let configuration = Catalogue.standard.completing(stored)
    var all = [configuration]
    if case .string(let other)? = configuration[path: "evaluation.transferTo"] {
      all.append(Trials.configuration(configuration, playing: other))
    }
    return all.filter(needsProbe)
  }

  /// What an environment may refuse.
  private static func look(of configuration: ConfigValue) -> ConfigValue {
    let start = "training.startFrom"
    let isShaped =
      configuration[path: "policy.kind"] == "conv" || configuration[path: start] ?? .null != .null
    return .array(
      (["environment", "observation", start] + (isShaped ? ["policy"] : [])).map {
        configuration[path: $0] ?? .null
      })
  }

  private static func isNew(_ look: ConfigValue) -> Bool {
    known.withLock { $0.count < limit && $0.insert(look).inserted }
  }
}
