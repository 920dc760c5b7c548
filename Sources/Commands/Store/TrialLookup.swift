// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore

/// A trial that a person named, with the run that it belongs to.
struct FoundTrial {
  let run: StoredRun
  let facts: TrialFacts

  var folder: TrialFolder { run.folder.trial(facts.id) }
  var planned: Plan.PlannedTrial? { run.plan?.trial(id: facts.id) }

  /// Finds a trial by the first digits of its name, by `RUN/DIGITS`, or by its folder's path.
  ///
  /// - Throws: exit status 2 when none or several are meant.
  init(_ text: String, in store: StoreOptions) throws {
    let parts = text.split(separator: "/").map(String.init).filter { $0 != "trials" }
    let prefix = (parts.last ?? "").lowercased()
    guard !prefix.isEmpty, prefix.count <= TrialFolder.identifierLength,
      prefix.allSatisfy({ $0.isHexDigit && $0.isASCII })
    else { throw end(2, Wording.notATrial(text)) }
    let known = try store.names([])
    let named = parts.dropLast().last
    if let named, !known.contains(named) {
      throw end(2, Wording.noRun(named, in: store.runs, known: known))
    }
    let names = named.map { [$0] } ?? known
    var found: [(run: RunFolder, id: String, isStored: Bool)] = []
    for name in names {
      let run = RunFolder(runs: store.runs, name: name)
      let stored = Set((try? run.trialEntries().ids) ?? [])
      let planned = (try? run.readPlan())?.trials.map(\.id) ?? []
      for id in stored.union(planned).sorted() where id.hasPrefix(prefix) {
        found.append((run, id, stored.contains(id)))
      }
    }
    // Planned in several runs but stored in one, it is that one that is meant.
    let ids = Set(found.map(\.id))
    if ids.count == 1, found.count(where: \.isStored) == 1 { found.removeAll { !$0.isStored } }
    guard let first = found.first else {
      throw end(2, Wording.noTrial(prefix, in: names, folder: store.runs))
    }
    guard found.count == 1 else {
      throw end(
        2,
        Wording.ambiguous(
          prefix, found.map { Self.line($0.run, $0.id) }, isSame: ids.count == 1))
    }
    let run = try StoredRun(first.run)
    guard let facts = run.trials.first(where: { $0.id == first.id }) else {
      throw end(2, Wording.noTrial(prefix, in: names, folder: store.runs))
    }
    self.run = run
    self.facts = facts
  }

  private static func line(_ run: RunFolder, _ id: String) -> String {
    guard let plan = try? run.readPlan(), let trial = plan.trial(id: id) else {
      return "\(run.name)/\(id)"
    }
    return DisplayText.escaped(
      "\(run.name)/\(id)  \(plan.variants[trial.variant].label), seed \(trial.seed)")
  }
}
