// SPDX-License-Identifier: MIT

package import ExperimentSpec
import ParameterSchema
package import RunStore

/// A run as its folder stands now, read through `index.sqlite`: only what changed since is read
/// again.
package struct IndexedRun: Sendable {
  /// How the index served.
  package enum Source: Sendable, Hashable {
    /// So many trials were read anew, the rest came from the index.
    case index(read: Int)
    /// The index could not be used; all trials were read.
    case folders
  }

  package let folder: RunFolder
  /// Nil when there is none, or none that can be read.
  package let plan: Plan?
  /// Why there is no plan.
  package let planProblem: RunStoreError?
  /// The plan's trials in its order, then stored ones that it does not name, by id.
  package let trials: [TrialFacts]
  /// Folders under `trials` that are not named like trials but hold one.
  package let copies: [TrialCopy]
  /// What else lies in `trials`, by name.
  package let foreign: [String]
  package let source: Source
  /// SHA-256 of each stored trial's records, by id.
  let digests: [String: String]

  /// - Parameter rebuilds: throws the index away first.
  package init(_ folder: RunFolder, rebuilds: Bool = false) throws(RunStoreError) {
    self.folder = folder
    var (plan, planProblem): (Plan?, RunStoreError?)
    do throws(RunStoreError) {
      plan = try folder.readPlan()
    } catch {
      planProblem = error
    }
    let entries = try folder.trialEntries()
    let stored = StoredRows(folder, ids: entries.ids, rule: plan?.score, rebuilds: rebuilds)
    let rows = stored.rows
    source = stored.source
    digests = rows.mapValues(\.recordsDigest)

    var trials: [TrialFacts] = []
    if let plan {
      trials = plan.trials.map { Self.facts(of: $0, plan: plan, run: folder, row: rows[$0.id]) }
    }
    let planned = Set(plan?.trials.map(\.id) ?? [])
    trials += entries.ids.filter { !planned.contains($0) }.map {
      Self.facts(ofUnplanned: $0, run: folder, row: rows[$0])
    }
    self.plan = plan
    self.planProblem = planProblem
    self.trials = trials
    (copies, foreign) = TrialCopy.found(among: entries.foreign, in: folder)
  }

  /// Stored trials that the plan does not name.
  package var unplanned: [TrialFacts] { trials.filter { $0.number == nil } }

  /// Number of trials in each state.
  package var counts: [TrialState: Int] {
    trials.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }

  private static func facts(
    of planned: Plan.PlannedTrial, plan: Plan, run: RunFolder, row: IndexRow?
  ) -> TrialFacts {
    let configuration = plan.configuration(of: planned)
    var target = 0
    if case .number(let number)? = configuration[path: "training.episodes"] {
      target = Int(exactly: number.rounded()) ?? 0
    }
    var facts = TrialFacts(
      experiment: run.name, id: planned.id, number: planned.number,
      label: plan.variants[planned.variant].label, seed: planned.seed,
      state: row?.trialState ?? .pending, status: row?.status,
      targetEpisodes: row?.status?.knownTarget ?? target,
      measures: row?.measures ?? TrialMeasures(),
      problem: row?.folderProblem, configuration: configuration)
    (facts.title, facts.about) = (plan.title, plan.about ?? Plan.About())
    return facts
  }

  private static func facts(ofUnplanned id: String, run: RunFolder, row: IndexRow?) -> TrialFacts {
    let configuration = row?.configuration.flatMap { ConfigValue(json: $0) } ?? .object([:])
    var seed: Int?
    if case .number(let number)? = configuration[path: "seed"] { seed = Int(exactly: number) }
    return TrialFacts(
      experiment: run.name, id: id, number: nil, label: nil, seed: seed,
      state: row?.trialState ?? TrialState(nil), status: row?.status,
      targetEpisodes: row?.targetEpisodes ?? 0, measures: row?.measures ?? TrialMeasures(),
      problem: row?.folderProblem, configuration: configuration)
  }
}

/// The rows of a run's stored trials, from the index where their files are unchanged.
private struct StoredRows {
  var rows: [String: IndexRow] = [:]
  var source: IndexedRun.Source

  init(_ folder: RunFolder, ids: [String], rule: Plan.Score?, rebuilds: Bool) {
    let path = folder.indexPath
    let key = rule.map { $0.canonicalText } ?? "none"
    let lock = ids.isEmpty && !Disk.isPresent(path) ? nil : FolderLock(folder: folder.path)
    if lock != nil && rebuilds { IndexDatabase.remove(path) }
    var database = lock == nil ? nil : IndexDatabase(path: path)
    var known: [String: IndexRow] = [:]
    if let opened = database {
      do {
        known = try opened.rows(rule: key)
      } catch {
        // Damaged beyond its first page.
        database = nil
        IndexDatabase.remove(path)
        database = IndexDatabase(path: path)
      }
    }
    var changed: [IndexRow] = []
    for id in ids {
      let trial = folder.trial(id)
      let signature = RecordSignature.text(of: trial)
      if let row = known[id], row.signature == signature {
        rows[id] = row
      } else {
        let row = IndexRow(reading: trial, signature: signature, rule: rule)
        rows[id] = row
        changed.append(row)
      }
    }
    source = database == nil ? .folders : .index(read: changed.count)
    if let database, !changed.isEmpty || known.count != ids.count {
      do {
        try database.store(changed, keeping: Set(ids), rule: key)
      } catch {
        // Full, read-only or damaged: what was read stands all the same.
        source = .folders
      }
    }
    withExtendedLifetime(lock) {}
  }
}
