// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import ParameterSchema
package import RunStore

/// A stored trial as it can be trained once more, somewhere else and just as far.
package struct Retraining: Sendable {
  /// A plan of that one trial.
  package let plan: Plan
  package let trial: Plan.PlannedTrial
  /// Training episodes that are stored.
  package let episodes: Int
  /// What the trial's `config.json` says that the program would not make of it today.
  package let configurationChanges: [ChangedFact]

  /// Whether it is played by a worker, whose environment may not follow from its seed.
  package var isRemote: Bool {
    plan.variants.contains { Trials.isRemote($0.configuration) }
  }

  /// - Parameters:
  ///   - folder: the stored trial's.
  ///   - planned: what the run's plan has for it; it says what no identity tells, such as how
  ///     often checkpoints are kept.
  /// - Throws: `identityMismatch` when the folder's name is not that of its configuration, and
  ///   `damagedRecord` when that cannot be read.
  package init(
    of folder: TrialFolder, planned: ConfigValue?, catalogue: Catalogue
  ) throws(RunStoreError) {
    guard try folder.verifyIdentity(), let bytes = try folder.readConfig() else {
      throw RunStoreError(
        .unreadable, path: folder.configPath, found: "nothing",
        remedy: "the trial was not started; there is nothing to verify")
    }
    guard let identity = ConfigValue(json: String(decoding: bytes, as: UTF8.self)),
      let stored = storedConfiguration(identity, catalogue: catalogue)
    else {
      throw RunStoreError(
        .damagedRecord, path: folder.configPath, found: "no configuration with a seed")
    }
    if let problem = catalogue.problem(ofStored: identity) {
      throw RunStoreError(.damagedRecord, path: folder.configPath, found: problem)
    }
    let rows = try StoredTable(folder.episodesPath).rows.count
    guard rows > 0 else {
      throw RunStoreError(
        .unreadable, path: folder.episodesPath, found: "no episodes",
        remedy: "there is nothing to verify")
    }
    var configuration = Self.filled(stored.configuration, from: planned, catalogue: catalogue)
    if let problem = catalogue.problem(ofStored: configuration) {
      throw RunStoreError(
        .damagedRecord, path: folder.path, found: "in the run's plan: \(problem)")
    }
    try Self.setEvaluation(of: &configuration, from: folder)
    let today = trialIdentity(
      configuration: configuration, seed: stored.seed, rootSeed: stored.rootSeed,
      catalogue: catalogue)
    configurationChanges = ChangedFact.configuration(
      stored: identity, now: ConfigValue(json: today.json) ?? .null)
    episodes = rows
    trial = Plan.PlannedTrial(number: 1, id: today.id, variant: 0, seed: stored.seed)
    plan = Plan(
      name: "verify", experimentFile: folder.path, experimentHash: "", rootSeed: stored.rootSeed,
      seeds: [stored.seed], score: .init(), axes: [],
      variants: [.init(index: 0, label: "trained again", configuration: configuration)],
      trials: [trial], arithmetic: "1 trial")
  }

  /// Takes over from the plan what enters no identity.
  private static func filled(
    _ stored: ConfigValue, from planned: ConfigValue?, catalogue: Catalogue
  ) -> ConfigValue {
    var filled = stored
    for section in catalogue.sections {
      for parameter in section.components.flatMap(\.parameters)
      where !section.entersIdentity || !parameter.entersIdentity {
        let path = "\(section.name).\(parameter.name)"
        if stored[path: path] != nil, let value = planned?[path: path] {
          filled[path: path] = value
        }
      }
    }
    return filled
  }

  /// As many evaluation episodes as are stored of one checkpoint, in the mode that they were played.
  private static func setEvaluation(
    of configuration: inout ConfigValue, from folder: TrialFolder
  ) throws(RunStoreError) {
    guard configuration[path: "evaluation"] != nil else { return }
    let table = try StoredTable(folder.evaluationsPath)
    let last = table.rows.indices.compactMap { table.integer("episode", in: $0) }.max()
    configuration[path: "evaluation.episodes"] = .number(Double(last ?? 0))
    if let mode = try folder.readProvenance()?.settings["evaluation.mode"] {
      configuration[path: "evaluation.mode"] = .string(mode)
    }
  }
}

/// What is different between the sessions that trained a stored trial and the one that trained it
/// again: where a difference in numbers may come from.
package struct ChangedFact: Hashable, Sendable {
  /// Such as `binary` or `CPU`.
  package let name: String
  package let then: String
  package let now: String

  /// Everything that changed, what most likely matters first.
  ///
  /// - Parameters:
  ///   - stored: the sessions that trained; each value of theirs is named.
  ///   - now: the session that trained again.
  package static func all(
    stored: [Provenance.Session], now: Provenance.Session
  ) -> [ChangedFact] {
    func fact(_ name: String, _ value: (Provenance.Session) -> String?) -> ChangedFact? {
      let then = stored.compactMap(value)
        .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      let current = value(now) ?? "unknown"
      if then == [current] || (then.isEmpty && value(now) == nil) { return nil }
      return ChangedFact(
        name: name, then: then.isEmpty ? "not recorded" : then.joined(separator: "; "), now: current
      )
    }
    return [
      fact("binary") { $0.binary },
      fact("version") { $0.versions.map { "rallybook \($0.rallybook), Swift \($0.swift)" } },
      fact("commit") { session in
        session.git.map { $0.commit.prefix(12) + ($0.dirty ? " with changes" : "") }
      },
      fact("CPU") { $0.machine?.cpu },
      fact("vector extension") { $0.machine?.vectorExtension },
      fact("system") { session in session.machine.map { "\($0.os), \($0.kernel)" } },
    ].compactMap { $0 }
  }

  /// What the environment's worker ran with, where it is not what the stored trial recorded.
  package static func packages(stored: Provenance?, now: Provenance?) -> [ChangedFact] {
    (now?.settings ?? [:]).sorted { $0.key < $1.key }.compactMap { name, version in
      guard let then = stored?.settings[name], then != version else { return nil }
      return ChangedFact(name: name, then: then, now: version)
    }
  }

  /// What the program would make of the same experiment today, where that is not what is stored.
  ///
  /// - Parameters:
  ///   - stored: the trial's `config.json`.
  ///   - now: the identity that the trial's configuration gives today.
  package static func configuration(stored: ConfigValue, now: ConfigValue) -> [ChangedFact] {
    let (then, today) = (leaves(stored), leaves(now))
    return Set(then.keys).union(today.keys).sorted().compactMap { path in
      guard then[path] != today[path] else { return nil }
      return ChangedFact(
        name: "configuration, \(path)", then: text(then[path]), now: text(today[path]))
    }
  }

  private static func text(_ value: ConfigValue?) -> String {
    switch value {
    case nil: "not there"
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .some(let value): shownValue(value)
    }
  }

  private static func leaves(_ value: ConfigValue, path: String = "") -> [String: ConfigValue] {
    guard case .object(let members) = value else { return [path: value] }
    return members.reduce(into: [:]) { all, member in
      all.merge(
        leaves(member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)"),
        uniquingKeysWith: { $1 })
    }
  }
}
