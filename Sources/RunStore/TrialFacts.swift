// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import ParameterSchema
package import Query

/// All that is known of one trial, by the names that an expression may ask for.
package struct TrialFacts: Sendable {
  /// The name of its run.
  package var experiment: String
  package var id: String
  /// Its place in the plan, from 1; nil for a stored trial that the plan does not name.
  package var number: Int?
  /// Of its variant; nil where the plan does not name it.
  package var label: String?
  package var seed: Int?
  package var state: TrialState
  package var status: TrialStatus?
  package var targetEpisodes: Int
  package var measures: TrialMeasures
  /// What is wrong with its folder; nil when nothing is.
  package var problem: String?
  /// All of it where the plan names the trial, otherwise what its `config.json` has.
  package var configuration: ConfigValue
  /// Of its experiment; empty where no plan tells.
  package var title = ""
  package var about = Plan.About()

  package init(
    experiment: String, id: String, number: Int?, label: String?, seed: Int?, state: TrialState,
    status: TrialStatus?, targetEpisodes: Int, measures: TrialMeasures, problem: String?,
    configuration: ConfigValue
  ) {
    self.experiment = experiment
    self.id = id
    self.number = number
    self.label = label
    self.seed = seed
    self.state = state
    self.status = status
    self.targetEpisodes = targetEpisodes
    self.measures = measures
    self.problem = problem
    self.configuration = configuration
  }

  /// A planned trial; what its records would tell is left out.
  package init(_ trial: RunSnapshot.Trial, of plan: Plan, run: RunFolder) {
    self.init(
      experiment: run.name, id: trial.planned.id, number: trial.planned.number,
      label: trial.label, seed: trial.planned.seed, state: trial.state, status: trial.status,
      targetEpisodes: trial.targetEpisodes, measures: TrialMeasures(),
      problem: trial.problem?.description, configuration: plan.configuration(of: trial.planned))
    (title, about) = (plan.title, plan.about ?? Plan.About())
  }

  /// A planned trial with its records.
  init(reading trial: RunSnapshot.Trial, of plan: Plan, run: RunFolder) {
    self.init(trial, of: plan, run: run)
    if trial.state != .pending {
      read(trial.folder, damage: trial.problem?.isDamage, rule: plan.score)
    }
  }

  /// A stored trial that no plan names, with its records.
  init(unplanned folder: TrialFolder, run: RunFolder, rule: Plan.Score?) {
    let (status, problem) = folder.standing()
    let configuration =
      ((try? folder.readConfig()) ?? nil)
      .flatMap { ConfigValue(json: String(decoding: $0, as: UTF8.self)) } ?? .object([:])
    var seed: Int?
    if case .number(let number)? = configuration[path: "seed"] { seed = Int(exactly: number) }
    self.init(
      experiment: run.name, id: folder.id, number: nil, label: nil, seed: seed,
      state: TrialState(status), status: status, targetEpisodes: status?.targetEpisodes ?? 0,
      measures: TrialMeasures(), problem: problem?.description, configuration: configuration)
    read(folder, damage: problem?.isDamage, rule: rule)
  }

  /// - Parameter damage: of the folder beside its records; nil where nothing is wrong with it.
  private mutating func read(_ folder: TrialFolder, damage: Bool?, rule: Plan.Score?) {
    measures = TrialMeasures(folder, status: status, rule: rule)
    if problem != nil { measures.score = nil }
    // The last row of a process that was killed may be half written: the next run cuts it off.
    let isDamaged = damage ?? (measures.problem != nil && status?.state != .running)
    state = TrialState(status, isDamaged: isDamaged)
  }

  /// Training decisions in a second of training.
  package var decisionsPerSecond: Double? {
    guard let seconds = measures.wallSeconds, seconds > 0, let decisions = status?.decisions else {
      return nil
    }
    return Double(decisions) / seconds
  }

  /// The value of a name of `kinds`, or of a configuration's path; nil where there is none.
  package func value(of name: String) -> ConfigValue? {
    switch Self.olderNames[name] ?? name {
    case "experiment": .string(experiment)
    case "title": title.isEmpty ? nil : .string(title)
    case "author": about.author.isEmpty ? nil : .string(about.author)
    case "description": about.description.isEmpty ? nil : .string(about.description)
    case "tags": .array(about.tags.map { .string($0) })
    case "trial": .string(id)
    case "number": Self.number(number)
    case "label": label.map { .string($0) }
    case "seed": Self.number(seed)
    case "state": .string(state.rawValue)
    case "episodes": .number(Double(status?.episodes ?? 0))
    case "targetEpisodes": .number(Double(targetEpisodes))
    case "decisions": .number(Double(status?.decisions ?? 0))
    case "evaluated": .number(Double(status?.evaluated ?? 0))
    case "smoothedMean": status?.smoothedMean.map { .number($0) }
    case "startedAt": status.map { .string($0.startedAt) }
    case "updatedAt": status.map { .string($0.updatedAt) }
    case "message": status?.message.map { .string($0) }
    case "problem": (problem ?? measures.problem).map { .string($0) }
    case "score": measures.score.map { .number($0) }
    case "finalMean": measures.finalMean.map { .number($0) }
    case "evaluationMean": measures.evaluationMean.map { .number($0) }
    case "wallSeconds": measures.wallSeconds.map { .number($0) }
    case "cpuSeconds": measures.cpuSeconds.map { .number($0) }
    case "decisionsPerSecond": decisionsPerSecond.map { .number($0) }
    case "commit": measures.commit.map { .string($0) }
    case "cpu": measures.cpu.map { .string($0) }
    default: configuration[path: name]
    }
  }

  private static func number(_ whole: Int?) -> ConfigValue? { whole.map { .number(Double($0)) } }

  /// The names besides configuration paths, with what their values are.
  package static let kinds: [String: QueryVocabulary.Kind] = [
    "experiment": .text, "title": .text, "author": .text, "description": .text, "tags": .list,
    "trial": .text, "number": .number, "label": .text, "seed": .number,
    "state": .words(TrialState.allCases.map(\.rawValue)), "episodes": .number,
    "targetEpisodes": .number, "decisions": .number, "evaluated": .number,
    "smoothedMean": .number, "startedAt": .text, "updatedAt": .text, "message": .text,
    "problem": .text, "score": .number, "finalMean": .number, "evaluationMean": .number,
    "wallSeconds": .number, "cpuSeconds": .number, "decisionsPerSecond": .number,
    "commit": .text, "cpu": .text,
  ]

  /// Names of earlier versions, which are still understood, and what they are now.
  package static let olderNames = ["runningMean": "smoothedMean"]

  /// The names whose values stand in a trial's records alone, not in its status.
  package static let measured: Set<String> = [
    "score", "finalMean", "evaluationMean", "wallSeconds", "cpuSeconds", "decisionsPerSecond",
    "commit", "cpu", "problem",
  ]

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
    let isMeasured = expression.names.contains(where: TrialFacts.measured.contains)
    let chosen = trials.filter { trial in
      var facts = TrialFacts(trial, of: plan, run: folder)
      if isMeasured && trial.state != .pending {
        facts.measures = TrialMeasures(trial.folder, status: trial.status, rule: plan.score)
      }
      return expression.matches { facts.value(of: $0) }
    }
    return Set(chosen.map(\.planned.id))
  }
}
