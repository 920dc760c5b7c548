// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import ParameterSchema
package import RunStore

extension Plan {
  /// The plan with every unfinished trial pointed at the longest finished one of the run that it
  /// can continue: one that is equal in all but a shorter training.
  package func continuingFinishedTrials(
    in run: RunFolder, catalogue: Catalogue
  ) throws(RunStoreError) -> Plan {
    var finished: [String: [TrainingLength]] = [:]
    var isDone: Set<String> = []
    for id in try run.trialEntries().ids {
      let folder = run.trial(id)
      guard (try? folder.readStatus())?.state == .finished else { continue }
      isDone.insert(id)
      if let bytes = try? folder.readConfig(), let length = TrainingLength(bytes, id: id) {
        finished[length.others, default: []].append(length)
      }
    }
    var plan = self
    for i in plan.trials.indices where !isDone.contains(plan.trials[i].id) {
      let trial = plan.trials[i]
      let configuration = configuration(of: trial)
      guard !followsItsLength(configuration) else { continue }
      let (json, id) = trialIdentity(
        configuration: configuration, seed: trial.seed, rootSeed: rootSeed, catalogue: catalogue)
      guard let wanted = TrainingLength(Array(json.utf8), id: id) else { continue }
      plan.trials[i].extends =
        finished[wanted.others]?.filter { $0.count < wanted.count }.max { $0.count < $1.count }?.id
    }
    return plan
  }
}

/// Whether something changes over the course of a training from its start to its end: then a
/// longer training goes another way from the first update, and cannot continue a shorter one.
package func followsItsLength(_ configuration: ConfigValue) -> Bool {
  func differs(_ path: String, from silent: ConfigValue) -> Bool {
    configuration[path: path].map { $0 != silent } ?? false
  }
  let bonus = configuration[path: "algorithm.entropyBonus"] ?? 0
  let bonusEnd = configuration[path: "algorithm.entropyBonusEnd"] ?? .null
  return differs("optimizer.schedule", from: "constant")
    || differs("algorithm.extraNoise", from: 0)
    || (bonusEnd != .null && bonusEnd != bonus)
}

/// A trial's identity, parted into how long it trains and everything else.
private struct TrainingLength {
  let id: String
  /// Episodes, or decisions where those limit it.
  let count: Double
  /// Canonical JSON of all else, with what `count` counts.
  let others: String

  init?(_ identity: [UInt8], id: String) {
    let text = String(decoding: identity, as: UTF8.self)
    guard case .object(var sections)? = ConfigValue(json: text),
      case .object(var training)? = sections["training"]
    else { return nil }
    let decisions = training["decisions"] ?? .null
    let unit = decisions == .null ? "episodes" : "decisions"
    guard case .number(let count)? = training.updateValue("counted", forKey: unit) else {
      return nil
    }
    sections["training"] = .object(training)
    self.id = id
    self.count = count
    others = canonicalJSON(.object(sections))
  }
}
