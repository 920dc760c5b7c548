// SPDX-License-Identifier: MIT

import ArgumentParser
import ExperimentSpec
import ParameterSchema
import Query
import RunStore
import Runner

/// `rallybook list [NAME]`
struct ListCommand: ParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs, or the trials of one.")

  @Argument(help: "Name of a run.") var name: String?
  @OptionGroup var store: StoreOptions
  @Option(
    help: ArgumentHelp(
      "Sort the trials by what is known about them or by a configuration path, ascending.",
      valueName: "name"))
  var sort: String?
  @Flag(name: .shortAndLong, help: "Reverse the order.") var reverse = false
  @Flag(help: "One JSON object a line.") var json = false

  var color: ColorChoice { store.color }

  func validate() throws {
    if name == nil && sort != nil {
      throw ValidationError("--sort orders the trials of a run: list NAME --sort \(sort ?? "")")
    }
  }

  func run() throws {
    guard let name else {
      try listRuns()
      return
    }
    guard let run = try store.storedRuns([name]).first else { throw ExitCode(1) }
    var trials = run.trials
    for line in Wording.olderNames(sort.map { [$0] } ?? []) { printError(line) }
    if let sort { trials = try sorted(trials, by: sort, plan: run.plan) }
    if reverse { trials.reverse() }
    if json {
      for facts in trials { say(json: facts.json) }
    } else {
      var table = TrialTable(names: sort.map { Self.isShown($0) ? [] : [$0] } ?? [])
      for facts in trials { table.append(facts) }
      table.say(store)
    }
    for line in problemLines(trials) { printError(line) }
    if let problem = run.planProblem { printError(problem.description) }
  }

  private func listRuns() throws {
    var runs = try store.storedRuns()
    if runs.isEmpty { printError("no runs in \(store.runs) yet; rallybook run FILE makes one") }
    // The newest at the top, where one looks first.
    runs.sort { (Self.updated($0), $1.folder.name) > (Self.updated($1), $0.folder.name) }
    if reverse { runs.reverse() }
    var table = TextTable([
      .init("run", least: 10), .init("done", right: true), .init("trials", rank: 2, least: 12),
      .init("best mean", right: true, rank: 1), .init("seeds", right: true, rank: 6),
      .init("variant", rank: 4, least: 10),
      .init("updated", rank: 3), .init("title", rank: 5, least: 16),
    ])
    for run in runs {
      let best = run.plan.flatMap { BestVariant($0, run.trials) }
      if json {
        say(json: Self.json(run, best: best))
        continue
      }
      let planned = run.trials.filter { $0.number != nil }
      let done = planned.count { $0.state == .finished }
      table.rows.append([
        .init(run.folder.name, .strong),
        .init("\(done)/\(planned.count)", done == planned.count ? .good : .plain),
        .init(Shown.counts(run.counts)),
        .init(Shown.score(best?.mean)), .init(best?.coverage ?? TextTable.nothing),
        .init(best?.label ?? TextTable.nothing),
        .init(Shown.age(of: Self.updated(run), now: Timestamp.now), .faint),
        .init(run.plan?.title ?? "no plan.json that can be read"),
      ])
    }
    if !json && !runs.isEmpty { store.say(table) }
  }

  /// When any of its trials last wrote; empty before the first.
  private static func updated(_ run: StoredRun) -> String {
    run.trials.compactMap { $0.status?.updatedAt }.max() ?? ""
  }

  private static func json(_ run: StoredRun, best: BestVariant?) -> String {
    let states = TrialState.allCases.map { state in
      (state.rawValue, ConfigValue.number(Double(run.counts[state] ?? 0)))
    }
    let mean = best.flatMap { $0.mean.isFinite ? $0.mean : nil }
    return canonicalJSON([
      "experiment": .string(run.folder.name), "title": run.plan.map { .string($0.title) } ?? .null,
      "author": (run.plan?.about?.author).map { .string($0) } ?? .null,
      "tags": .array((run.plan?.about?.tags ?? []).map { .string($0) }),
      "description": (run.plan?.about?.description).map { .string($0) } ?? .null,
      "trials": .number(Double(run.trials.count)),
      "states": .object(Dictionary(states, uniquingKeysWith: { $1 })),
      "bestVariant": best.map { .string($0.label) } ?? .null,
      "bestMean": mean.map { .number($0) } ?? .null,
      "bestSeeds": best.map { .number(Double($0.seeds)) } ?? .null,
      "updatedAt": updated(run).isEmpty ? .null : .string(updated(run)),
      "problem": run.planProblem.map { .string($0.description) } ?? .null,
    ])
  }

  private static func isShown(_ name: String) -> Bool {
    [
      "trial", "state", "label", "seed", "score", "smoothedMean", "episodes", "updatedAt",
      "decisionsPerSecond", "number",
    ].contains(name)
  }

  private func sorted(
    _ trials: [TrialFacts], by name: String, plan: Plan?
  ) throws -> [TrialFacts] {
    // A name alone in an expression would have to be a flag; beside null it may be anything.
    try QueryExpression("\(name) != null", origin: "--sort").check(
      TrialFacts.vocabulary(.standard, plans: plan.map { [$0] } ?? []))
    let keyed = trials.enumerated().map { (place: $0.offset, key: $0.element.value(of: name)) }
    return keyed.sorted { a, b in
      precedes(a.key, b.key) ?? (a.place < b.place)
    }.map { trials[$0.place] }
  }
}

/// The order of values in a list: numbers, then texts, then others; what is unknown comes last.
///
/// - Returns: nil where both are alike.
func precedes(_ a: ConfigValue?, _ b: ConfigValue?) -> Bool? {
  func rank(_ value: ConfigValue?) -> Int {
    switch value {
    case .number: 0
    case .string: 1
    case .bool, .array, .object: 2
    case .null, nil: 3
    }
  }
  switch (a, b) {
  case (.number(let x), .number(let y)): return x == y ? nil : x < y
  case (.string(let x), .string(let y)): return x == y ? nil : x < y
  default:
    let ranks = (rank(a), rank(b))
    if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
    guard ranks.0 == 2, let a, let b else { return nil }
    let texts = (canonicalJSON(a), canonicalJSON(b))
    return texts.0 == texts.1 ? nil : texts.0 < texts.1
  }
}
