// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Search
import Trials

extension RunFolder {
  /// How far a search has come by what lies in the folder.
  ///
  /// - Parameter retriesFailed: whether trials that failed are to be tried again, and so are open.
  func searchProgress(_ space: SearchSpace, retriesFailed: Bool = false) throws -> SearchProgress {
    var known: [String: TrialResult] = [:]
    return try SearchProgress(of: space) { plan in
      try RunSnapshot(self, plan: plan).trials.map { trial in
        let result =
          try known[trial.planned.id]
          ?? TrialResult(of: trial, rule: plan.score, retriesFailed: retriesFailed)
        known[trial.planned.id] = result
        return result
      }
    }
  }

  /// The plan of a search; the trials of a later rung continue those of the rung before.
  func continued(_ progress: SearchProgress) throws(RunStoreError) -> Plan {
    progress.record.kind == SearchSettings.Kind.halving.rawValue
      ? try progress.plan.continuingFinishedTrials(in: self, catalogue: .standard) : progress.plan
  }

  /// What `search.json` says; nil where there is none that can be read.
  func readSearchRecord() -> SearchRecord? {
    ((try? Disk.readIfPresent(searchPath)) ?? nil).flatMap { SearchRecord(decoding: $0) }
  }

  /// Stores what a search has decided, when it differs from what is there.
  func write(_ record: SearchRecord) throws(RunStoreError) {
    let bytes = record.encoded()
    if let stored = try? Disk.readIfPresent(searchPath), stored == bytes { return }
    try AtomicFile.write(bytes, to: searchPath)
  }
}

extension TrialResult {
  /// A score that is not a number is none.
  ///
  /// - Throws: where the records cannot be read, so that no search decides without them.
  init(
    of trial: RunSnapshot.Trial, rule: Plan.Score, retriesFailed: Bool
  ) throws(RunStoreError) {
    if trial.isComplete {
      let measures = TrialMeasures(trial.folder, status: trial.status, rule: rule)
      if let problem = measures.problem {
        throw RunStoreError(
          .damagedRecord, path: trial.folder.path, found: problem,
          remedy: "a search needs the scores of all its finished trials")
      }
      self = measures.score.flatMap { $0.isFinite ? .scored($0) : nil } ?? .failed
    } else if [.failed, .couldNotStart].contains(trial.state) && !retriesFailed {
      self = .failed
    } else {
      self = .open
    }
  }
}
