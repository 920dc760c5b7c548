// SPDX-License-Identifier: MIT

import Environments
import ExperimentSpec
import ParameterSchema
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

  /// - Throws: exit 2 with every refusal.
  static func look(at plan: Plan, _ jobs: [Batch.Job], isQuiet: Bool) throws {
    let variants = Set(jobs.map(\.trial.variant)).sorted()
    var labels: [ConfigValue: [String]] = [:]
    var games: [(look: ConfigValue, configuration: ConfigValue)] = []
    for variant in variants {
      for configuration in played(plan.variants[variant].configuration) {
        let look = look(of: configuration)
        if labels[look] == nil { games.append((look, configuration)) }
        labels[look, default: []].append(plan.variants[variant].label)
      }
    }
    var refusals: [String] = []
    for (look, configuration) in games where isNew(look) {
      do throws(EnvironmentError) {
        let notes = try probeEnvironment(
          configuration, rootSeed: UInt64(bitPattern: Int64(plan.rootSeed)))
        if !isQuiet { for note in notes { printError("note: \(note)") } }
      } catch {
        // What happens while it plays may not happen to every seed: its trial tells.
        guard error.kind == .refusal else { continue }
        let named = labels[look] ?? []
        let isShared = named.count == variants.count
        refusals.append(
          "error[environment]: \(error.description)"
            + (isShared ? "" : "\n  in \(named.joined(separator: "; "))"))
      }
    }
    guard !refusals.isEmpty else { return }
    throw end(2, refusals.joined(separator: "\n") + "\nnothing was started")
  }

  /// The configurations with the environments of training and transfer, where they are Gymnasium's.
  private static func played(_ stored: ConfigValue) -> [ConfigValue] {
    let configuration = Catalogue.standard.completing(stored)
    var all = [configuration]
    if case .string(let other)? = configuration[path: "evaluation.transferTo"] {
      all.append(Trials.configuration(configuration, playing: other))
    }
    return all.filter { isRemote($0) }
  }

  /// What an environment may refuse.
  private static func look(of configuration: ConfigValue) -> ConfigValue {
    let isPicture = configuration[path: "policy.kind"] == "conv"
    return .array([
      configuration[path: "environment"] ?? .null, configuration[path: "observation"] ?? .null,
      isPicture ? configuration[path: "policy"] ?? .null : .null,
    ])
  }

  private static func isNew(_ look: ConfigValue) -> Bool {
    known.withLock { known in
      guard known.count < limit else { return false }
      return known.insert(look).inserted
    }
  }
}
