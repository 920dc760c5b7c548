// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore

/// `rallybook list [NAME]`
struct ListCommand: ParsableCommand, ChoosesColor {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs, or the trials of one.")

  @Argument(help: "Name of a run.", completion: .runs) var name: String?
  @OptionGroup var store: StoreOptions
  @Option(
    help: ArgumentHelp(
      "Sort the trials by what is known about them or by a configuration path, ascending.",
      valueName: "name"))
  var sort: String?
  @Flag(name: .shortAndLong, help: "Reverse the order.") var reverse = false
  @Flag(help: "Print one JSON object a line.") var json = false

  var color: ColorChoice { store.color }

  func validate() throws {
    if name == nil, let sort {
      throw ValidationError("--sort orders the trials of a run: list NAME --sort \(sort)")
    }
  }

  func run() throws {
    guard let name else { return try listRuns() }
    guard let run = try store.storedRuns([name]).first else { throw ExitCode(1) }
    var trials = run.trials
    let names = sort.map { [$0] } ?? []
    noteOlderNames(names)
    if let sort { trials = try sorted(trials, by: sort, plan: run.plan) }
    if reverse { trials.reverse() }
    if json {
      for facts in trials { say(json: facts.json) }
    } else {
      store.say(trialColumns(trials, names: names), rows: trials)
    }
    for line in trials.compactMap(\.problemLine) { printError(line) }
    if let problem = run.planProblem { printError(problem.description) }
  }

  private func listRuns() throws {
    var runs = try store.storedRuns()
    if runs.isEmpty { printError("no runs in \(store.runs) yet; rallybook run FILE makes one") }
    // The newest at the top, where one looks first.
    runs.sort { ($0.updatedAt ?? "", $1.folder.name) > ($1.updatedAt ?? "", $0.folder.name) }
    if reverse { runs.reverse() }
    let rows = runs.map { (run: $0, best: $0.best) }
    if json {
      for row in rows { say(json: json(row.run, best: row.best)) }
      return
    }
    store.say(
      [
        .init("run", least: 10) { .init($0.run.folder.name, .strong) },
        .init("done", right: true) {
          let planned = $0.run.trials.filter { $0.number != nil }
          let done = planned.count { $0.state == .finished }
          return .init("\(done)/\(planned.count)", done == planned.count ? .good : .plain)
        },
        .init("trials", rank: 2, least: 12) { .init($0.run.shownCounts) },
        .init("best mean", right: true, rank: 1) { .init(Shown.score($0.best?.mean)) },
        .init("seeds", right: true, rank: 6) { .init($0.best?.coverage) },
        .init("variant", rank: 4, least: 10) { .init($0.best?.label) },
        .init("updated", rank: 3) {
          .init(Shown.age(of: $0.run.updatedAt, now: Timestamp.now), .faint)
        },
        .init("title", rank: 5, least: 16) {
          .init($0.run.plan?.title ?? "no plan.json that can be read")
        },
      ], rows: rows)
  }

  private func json(_ run: StoredRun, best: BestVariant?) -> String {
    let mean = best.flatMap { $0.mean.isFinite ? $0.mean : nil }
    let about = run.plan?.about
    return canonicalJSON([
      "experiment": .string(run.folder.name), "title": .text(run.plan?.title),
      "author": .text(about?.author), "tags": .array((about?.tags ?? []).map { .string($0) }),
      "description": .text(about?.description), "trials": .number(Double(run.trials.count)),
      "states": run.statesJSON, "bestVariant": .text(best?.label),
      "bestMean": mean.map { .number($0) } ?? .null,
      "bestSeeds": best.map { .number(Double($0.seeds)) } ?? .null,
      "updatedAt": .text(run.updatedAt), "problem": .text(run.planProblem?.description),
    ])
  }

  private func sorted(
    _ trials: [TrialFacts], by name: String, plan: Plan?
  ) throws -> [TrialFacts] {
    // A name alone in an expression would have to be a flag; beside null it may be anything.
    try QueryExpression("\(name) != null", origin: "--sort").check(
      TrialFacts.vocabulary(.standard, plans: plan.map { [$0] } ?? []))
    let keys = trials.map { sortKey($0.value(of: name)) }
    return trials.indices.sorted { a, b in
      keys[a] == keys[b] ? a < b : keys[a] < keys[b]
    }.map { trials[$0] }
  }
}

/// The order of values in a list: numbers, then texts, then others; what is unknown comes last.
private func sortKey(_ value: ConfigValue?) -> (rank: Int, number: Double, text: String) {
  switch value {
  case .number(let number): (0, number, "")
  case .string(let text): (1, 0, text)
  case .null, nil: (3, 0, "")
  case .some(let value): (2, 0, canonicalJSON(value))
  }
}

/// A note for each name that is called otherwise now.
func noteOlderNames(_ names: [String]) {
  for name in names {
    guard let now = TrialFacts.olderNames[name] else { continue }
    printError("note: \"\(name)\" is called \"\(now)\" now")
  }
}

extension StoredRun {
  /// When any of its trials last wrote; nil before the first.
  var updatedAt: String? { trials.compactMap { $0.status?.updatedAt }.max() }

  /// `4 finished, 1 failed`, in the order of `TrialState`.
  var shownCounts: String { counts.words(isImported: plan?.imported != nil) }

  var statesJSON: ConfigValue {
    .object(
      Dictionary(
        TrialState.allCases.map { ($0.rawValue, .number(Double(counts[$0] ?? 0))) },
        uniquingKeysWith: { $1 }))
  }
}

extension ConfigValue {
  /// A text, or null.
  static func text(_ text: String?) -> ConfigValue { text.map { .string($0) } ?? .null }
}
