// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import ParameterSchema

/// All that is known of one trial, by the names that an expression may ask for.
package struct TrialFacts: Sendable {
  /// The name of its run.
  package let experiment: String
  package let id: String
  /// Its place in the plan; nil for a stored trial that the plan does not name.
  package let planned: Plan.PlannedTrial?
  /// Of its variant; nil where the plan does not name it.
  package let label: String?
  package let seed: Int?
  package fileprivate(set) var state: TrialState
  package let status: TrialStatus?
  package let targetEpisodes: Int
  package fileprivate(set) var measures = TrialMeasures()
  /// What is wrong with its folder, its records aside; nil when nothing is.
  package let problem: String?
  /// All of it where the plan names the trial, otherwise what its `config.json` has.
  package let configuration: ConfigValue
  /// Of its experiment; empty where no plan tells.
  package let title: String
  package let about: Plan.About

  /// Whether another program trained it.
  package var isImported: Bool { configuration[path: "imported"] != nil }

  /// How it stands, as people read it.
  package var stateWords: String { state.words(isImported: isImported) }

  /// Its place in the plan, from 1.
  package var number: Int? { planned?.number }

  /// Training decisions in a second of training.
  package var decisionsPerSecond: Double? {
    guard let seconds = measures.wallSeconds, seconds > 0, let decisions = status?.decisions else {
      return nil
    }
    return Double(decisions) / seconds
  }
}

extension TrialFacts {
  /// A trial of the plan.
  ///
  /// - Parameter readsRecords: whether what only its records tell is wanted.
  package init(_ trial: RunSnapshot.Trial, of snapshot: RunSnapshot, readsRecords: Bool) {
    let plan = snapshot.plan
    self.init(
      experiment: snapshot.folder.name, id: trial.planned.id, planned: trial.planned,
      label: trial.label, seed: trial.planned.seed, state: trial.state, status: trial.status,
      targetEpisodes: trial.targetEpisodes, problem: trial.problem?.description,
      configuration: plan.configuration(of: trial.planned), title: plan.title,
      about: plan.about ?? Plan.About())
    if readsRecords && state != .pending {
      read(trial.folder, folderDamage: trial.problem?.isDamage, rule: plan.score)
    }
  }

  /// A stored trial that no plan names.
  ///
  /// - Parameter rule: by which it is judged; nil where there is none.
  init(unplanned folder: TrialFolder, of run: RunFolder, rule: Plan.Score?) {
    let (status, problem) = folder.readState()
    let text = ((try? folder.readConfig()) ?? nil).map { String(decoding: $0, as: UTF8.self) }
    let configuration = text.flatMap { ConfigValue(json: $0) } ?? .object([:])
    var seed: Int?
    if case .number(let number)? = configuration[path: "seed"] { seed = Int(exactly: number) }
    self.init(
      experiment: run.name, id: folder.id, planned: nil, label: nil, seed: seed,
      state: TrialState(status), status: status, targetEpisodes: status?.targetEpisodes ?? 0,
      problem: problem?.description, configuration: configuration, title: "", about: Plan.About())
    read(folder, folderDamage: problem?.isDamage, rule: rule)
  }

  /// - Parameter folderDamage: nil where nothing is wrong with the folder beside its records.
  private mutating func read(_ folder: TrialFolder, folderDamage: Bool?, rule: Plan.Score?) {
    measures = TrialMeasures(folder, status: status, rule: problem == nil ? rule : nil)
    // The last row of a process that was killed may be half written: the next run cuts it off.
    let isDamaged = folderDamage ?? (measures.problem != nil && status?.state != .running)
    state = TrialState(status, isDamaged: isDamaged)
  }
}

/// The names that an expression may ask for beside configuration paths.
extension TrialFacts {
  fileprivate struct Name: Sendable {
    var kind: QueryVocabulary.Kind
    /// Whether its value stands in the trial's records alone, not in its status.
    var isMeasured = false
    let value: @Sendable (TrialFacts) -> ConfigValue?

    static func text(
      measured: Bool = false, _ value: @escaping @Sendable (TrialFacts) -> String?
    ) -> Name {
      Name(kind: .text, isMeasured: measured) { value($0).map { .string($0) } }
    }

    static func number(
      measured: Bool = false, _ value: @escaping @Sendable (TrialFacts) -> Double?
    ) -> Name {
      Name(kind: .number, isMeasured: measured) { value($0).map { .number($0) } }
    }
  }

  fileprivate static let names: [String: Name] = [
    "experiment": .text(\.experiment), "title": .text { $0.title.isEmpty ? nil : $0.title },
    "author": .text { $0.about.author.isEmpty ? nil : $0.about.author },
    "description": .text { $0.about.description.isEmpty ? nil : $0.about.description },
    "tags": Name(kind: .list) { .array($0.about.tags.map { .string($0) }) },
    "trial": .text(\.id), "number": .number { $0.number.map(Double.init) }, "label": .text(\.label),
    "seed": .number { $0.seed.map(Double.init) },
    "imported": Name(kind: .flag) { .bool($0.isImported) },
    "state": Name(kind: .words(TrialState.allCases.map(\.rawValue))) { .string($0.state.rawValue) },
    "episodes": .number { Double($0.status?.episodes ?? 0) },
    "targetEpisodes": .number { Double($0.targetEpisodes) },
    "decisions": .number { Double($0.status?.decisions ?? 0) },
    "evaluated": .number { Double($0.status?.evaluated ?? 0) },
    "smoothedMean": .number(\.status?.smoothedMean), "startedAt": .text(\.status?.startedAt),
    "updatedAt": .text(\.status?.updatedAt), "message": .text(\.status?.message),
    "problem": .text(measured: true) { $0.problem ?? $0.measures.problem },
    "score": .number(measured: true, \.measures.score),
    "finalMean": .number(measured: true, \.measures.finalMean),
    "evaluationMean": .number(measured: true, \.measures.evaluationMean),
    "wallSeconds": .number(measured: true, \.measures.wallSeconds),
    "cpuSeconds": .number(measured: true, \.measures.cpuSeconds),
    "decisionsPerSecond": .number(measured: true, \.decisionsPerSecond),
    "commit": .text(measured: true, \.measures.commit),
    "cpu": .text(measured: true, \.measures.cpu),
  ]

  /// The names with what their values are.
  package static let kinds = names.mapValues(\.kind)

  /// Names of earlier versions, which are still understood, and what they are now.
  package static let olderNames = ["runningMean": "smoothedMean"]

  /// The value of a name of `kinds`, or of a configuration's path; nil where there is none.
  package func value(of name: String) -> ConfigValue? {
    guard let known = Self.names[Self.olderNames[name] ?? name] else {
      return configuration[path: name]
    }
    return known.value(self)
  }

  /// All that may be asked of these plans' trials.
  package static func vocabulary(_ catalogue: Catalogue, plans: [Plan]) -> QueryVocabulary {
    var vocabulary = QueryVocabulary(facts: kinds, olderNames: olderNames)
    vocabulary.add(catalogue)
    for variant in plans.flatMap(\.variants) {
      vocabulary.add(configuration: variant.configuration)
    }
    return vocabulary
  }
}

extension RunSnapshot {
  /// The planned trials that meet a condition, by id; their records are read only when it asks for
  /// what stands in them.
  ///
  /// - Throws: what cannot be meant, such as unknown names.
  package func trials(
    matching expression: QueryExpression, catalogue: Catalogue
  ) throws(QueryError) -> Set<String> {
    try expression.check(TrialFacts.vocabulary(catalogue, plans: [plan]))
    let isMeasured = expression.names.contains { TrialFacts.names[$0]?.isMeasured == true }
    let chosen = trials.filter { trial in
      let facts = TrialFacts(trial, of: self, readsRecords: isMeasured)
      return expression.matches { facts.value(of: $0) }
    }
    return Set(chosen.map(\.planned.id))
  }
}
