// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore
import Search

/// `rallybook status [NAME…]`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the state of the trials of runs.",
    discussion: "With names, unfinished trials are listed in a table.")

  @Argument(help: "Names of runs; without any, all runs.", completion: .runs)
  var names: [String] = []
  @OptionGroup var store: StoreOptions
  @Flag(help: "Print one JSON object a run.") var json = false

  func run() throws {
    let runs = try store.storedRuns(names)
    if runs.isEmpty { printError("no runs in \(store.runs) yet; rallybook run FILE makes one") }
    let twice = json ? [] : StoredTwice.all(in: runs)
    for run in runs {
      if json {
        say(json: json(run))
        continue
      }
      say(summary(run))
      if let record = run.folder.readRounds() {
        let told = names.isEmpty ? [] : record.decisions
        for line in told + record.ended + (record.next.map { ["now \($0)"] } ?? []) {
          say("  " + line)
        }
      }
      if !names.isEmpty { listOpenTrials(of: run) }
      printProblems(of: run, twice: twice)
    }
  }

  /// `demo: 10 finished, 2 running · 41 % of 36,000 episodes · run by process 123`
  private func summary(_ run: StoredRun) -> String {
    var parts = [run.shownCounts]
    let (done, target) = episodes(run)
    if target > 0 && done < target {
      parts.append("\(100 * done / target) % of \(Numbers.whole(target)) episodes")
    }
    if let best = run.best, best.mean.isFinite {
      parts.append(
        "best mean \(Shown.score(best.mean)) (\(DisplayText.escaped(best.label)),"
          + " \(Numbers.count(best.seeds, "seed")))")
    }
    if let holder = FolderLock.holder(of: run.folder) {
      parts.append("run by process \(holder.process.pid) on \(holder.host)")
    }
    return "\(run.folder.name): " + parts.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private func episodes(_ run: StoredRun) -> (done: Int, target: Int) {
    run.trials.filter { $0.number != nil }.reduce((0, 0)) { sum, facts in
      let target = facts.targetEpisodes
      return (sum.0 + min(target, facts.status?.episodes ?? 0), sum.1 + target)
    }
  }

  private func listOpenTrials(of run: StoredRun) {
    let open = run.trials.filter {
      $0.number != nil && ($0.state != .finished || $0.problemLine != nil)
    }
    store.say(trialColumns(open), rows: open)
    for facts in open {
      let words = [facts.status?.message, facts.doing].compactMap { $0 }
      if !words.isEmpty { say("\(facts.id): \(words.joined(separator: "; "))") }
    }
    for facts in run.trials {
      for skipped in facts.status?.resumption?.skipped ?? [] {
        say("\(facts.id): its newest session skipped \(skipped)")
      }
    }
  }

  /// What a person should know beyond the states: to standard error.
  private func printProblems(of run: StoredRun, twice: [StoredTwice]) {
    if let problem = run.planProblem { printError(problem.description) }
    for line in run.trials.compactMap(\.problemLine) { printError(line) }
    if !run.unplanned.isEmpty {
      printError(
        "\(run.folder.name): \(run.unplanned.count) stored trials are not in its plan; "
          + "rallybook gc --dry-run shows them")
    }
    for name in run.foreign { printError("\(run.folder.trialsPath)/\(name): not a trial") }
    for trial in twice where trial.isCopy || trial.isConflict {
      let isHere = trial.folder.path.hasPrefix(run.folder.trialsPath + "/")
      if isHere { printError(trial.sentence) }
    }
    let known = Set(run.trials.filter { $0.status != nil }.map(\.id))
    for copy in run.copies where !known.contains(copy.id) {
      printError(
        "\(copy.folder.path): holds trial \(copy.id); rename it to \(run.folder.trial(copy.id).path)"
      )
    }
  }

  private func json(_ run: StoredRun) -> String {
    let (done, target) = episodes(run)
    func json(_ record: (any RoundRecord)?) -> ConfigValue {
      record.flatMap { ConfigValue(json: String(decoding: $0.encoded(), as: UTF8.self)) } ?? .null
    }
    let (search, looks) = (json(run.folder.readSearchRecord()), json(run.folder.readLooks()))
    let problems =
      run.trials.compactMap(\.problemLine) + [run.planProblem?.description].compactMap(\.self)
    return canonicalJSON([
      "experiment": .string(run.folder.name), "states": run.statesJSON,
      "episodes": .number(Double(done)), "targetEpisodes": .number(Double(target)),
      "search": search, "looks": looks, "unplanned": .number(Double(run.unplanned.count)),
      "runner": FolderLock.holder(of: run.folder).map {
        ["pid": .number(Double($0.process.pid)), "host": .string($0.host)]
      } ?? .null,
      "problems": .array(problems.map { .string($0) }),
    ])
  }
}
