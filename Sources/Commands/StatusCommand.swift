// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Runner
import Search

/// `rallybook status [NAME…]`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the state of the trials of runs.",
    discussion: "With names, unfinished trials are listed in a table.")

  @Argument(help: "Names of runs; all without.") var names: [String] = []
  @OptionGroup var store: StoreOptions
  @Flag(help: "One JSON object a run.") var json = false

  func run() throws {
    let runs = try store.storedRuns(names)
    if runs.isEmpty { printError("no runs in \(store.runs) yet; rallybook run FILE makes one") }
    let twice = StoredTwice.all(in: runs)
    for run in runs {
      if json {
        say(json: Self.json(run))
        continue
      }
      say(Self.summary(run))
      if let line = Self.search(run, isWhole: !names.isEmpty) { say(lines: line) }
      if !names.isEmpty { Self.details(run, store: store) }
      Self.oddities(run, twice: twice)
    }
  }

  /// `demo: 10 finished, 2 running · 41 % of 36,000 episodes · run by process 123`
  private static func summary(_ run: StoredRun) -> String {
    var parts = [Shown.counts(run.counts)]
    let (done, target) = episodes(run)
    if target > 0 && done < target {
      parts.append("\(100 * done / target) % of \(Numbers.whole(target)) episodes")
    }
    if let best = run.plan.flatMap({ BestVariant($0, run.trials) }), best.mean.isFinite {
      parts.append(
        "best mean \(Shown.score(best.mean)) (\(DisplayText.escaped(best.label)),"
          + " \(Numbers.count(best.seeds, "seed")))")
    }
    if let holder = RunLock.holder(of: run.folder) {
      parts.append("run by process \(holder.process.pid) on \(holder.host)")
    }
    return "\(run.folder.name): " + parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// How far a search is, of a run that has one; with all that it decided.
  private static func search(_ run: StoredRun, isWhole: Bool) -> String? {
    guard let record = run.folder.readSearchRecord() else { return nil }
    let told = isWhole ? record.rounds.map(record.decided) : []
    return (told + record.ended + (record.standing.map { ["now \($0)"] } ?? []))
      .map { "  " + DisplayText.escaped($0) }.joined(separator: "\n")
  }

  private static func episodes(_ run: StoredRun) -> (done: Int, target: Int) {
    run.trials.filter { $0.number != nil }.reduce((0, 0)) { sum, facts in
      let target = facts.targetEpisodes
      return (sum.0 + min(target, facts.status?.episodes ?? 0), sum.1 + target)
    }
  }

  private static func details(_ run: StoredRun, store: StoreOptions) {
    let open = run.trials.filter {
      $0.number != nil && ($0.state != .finished || $0.problem != nil || $0.measures.problem != nil)
    }
    if open.isEmpty { return }
    var table = TrialTable()
    for facts in open { table.append(facts) }
    table.say(store)
    for facts in open {
      let words = [facts.status?.message, doing(facts)].compactMap { $0 }
      if !words.isEmpty {
        say("\(facts.id): \(words.joined(separator: "; "))")
      }
    }
  }

  /// What a running trial does; of one that is not, whether its first episode ever ended.
  static func doing(_ facts: TrialFacts) -> String? {
    guard let status = facts.status, let activity = status.activity else { return nil }
    let endless = status.decisionsWithoutEnd.map {
      "no episode has ended yet after \(Numbers.whole($0)) decisions"
    }
    guard facts.state == .running else { return endless }
    return activity.words(Numbers.whole) + (endless.map { "; \($0)" } ?? "")
  }

  /// What a person should know beyond the states: to standard error.
  private static func oddities(_ run: StoredRun, twice: [StoredTwice]) {
    if let problem = run.planProblem { printError(problem.description) }
    for line in problemLines(run.trials) { printError(line) }
    if !run.unplanned.isEmpty {
      printError(
        "\(run.folder.name): \(run.unplanned.count) stored trials are not in its plan; "
          + "rallybook gc --dry-run shows them")
    }
    for name in run.foreign { printError("\(run.folder.trialsPath)/\(name): not a trial") }
    for trial in twice where trial.isCopy || trial.isConflict {
      let isHere = trial.folder.path.hasPrefix(run.folder.trialsPath + "/")
      if isHere { printError(Wording.standing(trial)) }
    }
    let known = Set(run.trials.filter { $0.status != nil }.map(\.id))
    for copy in run.copies where !known.contains(copy.id) {
      printError(
        "\(copy.folder.path): holds trial \(copy.id); rename it to \(run.folder.trial(copy.id).path)"
      )
    }
  }

  private static func searchJSON(_ record: SearchRecord) -> ConfigValue {
    ConfigValue(json: String(decoding: record.encoded(), as: UTF8.self)) ?? .null
  }

  private static func json(_ run: StoredRun) -> String {
    let states = TrialState.allCases.map { state in
      (state.rawValue, ConfigValue.number(Double(run.counts[state] ?? 0)))
    }
    let (done, target) = episodes(run)
    let holder = RunLock.holder(of: run.folder)
    return canonicalJSON([
      "experiment": .string(run.folder.name),
      "states": .object(Dictionary(states, uniquingKeysWith: { $1 })),
      "episodes": .number(Double(done)), "targetEpisodes": .number(Double(target)),
      "search": run.folder.readSearchRecord().map(searchJSON) ?? .null,
      "unplanned": .number(Double(run.unplanned.count)),
      "runner": holder.map {
        ["pid": .number(Double($0.process.pid)), "host": .string($0.host)]
      } ?? .null,
      "problems": .array(
        problemLines(run.trials).map { .string($0) }
          + (run.planProblem.map { [.string($0.description)] } ?? [])),
    ])
  }
}
