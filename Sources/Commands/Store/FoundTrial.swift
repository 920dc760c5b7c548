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
    else {
      throw end(
        2,
        """
        error[unknown-trial]: "\(text)" is not a trial's name
          allowed: 12 hexadecimal digits or the first of them, alone or as RUN/DIGITS
        """)
    }
    let names = try store.names(parts.dropLast().last.map { [$0] } ?? [])
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
    guard found.count <= 1 else {
      let first =
        ids.count == 1
        ? "\"\(prefix)\" is stored in \(found.count) runs; write RUN/\(prefix)"
        : "\"\(prefix)\" begins \(found.count) trials; write more digits"
      let shown = found.prefix(8).map { "  " + Self.line($0.run, $0.id) }
      let more = found.count > 8 ? ["  … and \(found.count - 8) more"] : []
      throw end(
        2, (["error[ambiguous-trial]: " + first] + shown + more).joined(separator: "\n"))
    }
    guard let first = found.first, case let run = try StoredRun(first.run, only: first.id),
      let facts = run.trials.first(where: { $0.id == first.id })
    else {
      let places = names.map { "\(store.runs)/\($0)" }.joined(separator: ", ")
      throw end(
        2,
        names.isEmpty
          ? "error[unknown-trial]: there are no runs in \(store.runs)"
          : "error[unknown-trial]: no trial begins with \"\(prefix)\" in \(places)")
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
