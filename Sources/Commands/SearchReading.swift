// SPDX-License-Identifier: MIT

import ExperimentSpec
import RunStore
import Search
import Trials

/// What is asked for round after round: by a search, or by claims until they are decided.
enum Rounds {
  case search(SearchSpace)
  case looks(SequentialSpace)

  /// nil for a file whose trials are all known beforehand.
  init?(_ loaded: LoadedExperiment) {
    if let space = loaded.search {
      self = .search(space)
    } else if let space = loaded.sequence {
      self = .looks(space)
    } else {
      return nil
    }
  }

  /// How far it has come by what lies in the folder.
  ///
  /// - Parameter retriesFailed: whether trials that failed are to be tried again, and so are open.
  func progress(in run: RunFolder, retriesFailed: Bool = false) throws -> any RoundProgress {
    var known: [Plan.Score: [String: TrialResult]] = [:]
    func results(_ plan: Plan, _ rule: Plan.Score) throws -> [TrialResult] {
      try RunSnapshot(run, plan: plan).trials.map { trial in
        let result =
          try known[rule]?[trial.planned.id]
          ?? TrialResult(of: trial, rule: rule, retriesFailed: retriesFailed)
        known[rule, default: [:]][trial.planned.id] = result
        return result
      }
    }
    switch self {
    case .search(let space): return try SearchProgress(of: space) { try results($0, $0.score) }
    case .looks(let space):
      var progress = try SequentialProgress(of: space, results: results)
      progress.follow(run.readLooks())
      return progress
    }
  }
}

extension RunFolder {
  /// The plan of the rounds; the trials of a later rung of halving, or of an extension, continue
  /// finished ones.
  func continued(
    _ progress: any RoundProgress, extends: Bool = false
  ) throws(RunStoreError) -> Plan {
    let isHalving =
      (progress as? SearchProgress)?.record.kind == SearchSettings.Kind.halving.rawValue
    return isHalving || extends
      ? try progress.plan.continuingFinishedTrials(in: self, catalogue: .standard) : progress.plan
  }

  /// What `search.json` says; nil where there is none that can be read.
  func readSearchRecord() -> SearchRecord? {
    read(SearchRecord.fileName).flatMap { SearchRecord(decoding: $0) }
  }

  /// What `looks.json` says; nil where there is none that can be read.
  func readLooks() -> SequentialRecord? {
    read(SequentialRecord.fileName).flatMap { SequentialRecord(decoding: $0) }
  }

  /// What was decided in rounds; nil for a run without any.
  func readRounds() -> (any RoundRecord)? { readSearchRecord() ?? readLooks() }

  private func read(_ name: String) -> [UInt8]? {
    (try? Disk.readIfPresent("\(path)/\(name)")) ?? nil
  }

  /// Stores what was decided, when it differs from what is there.
  func write(_ record: some RoundRecord) throws(RunStoreError) {
    let path = "\(path)/\(type(of: record).fileName)"
    let bytes = record.encoded()
    if let stored = try? Disk.readIfPresent(path), stored == bytes { return }
    try AtomicFile.write(bytes, to: path)
  }
}

extension TrialResult {
  /// - Throws: where the records cannot be read, so that nothing is decided without them.
  init(
    of trial: RunSnapshot.Trial, rule: Plan.Score, retriesFailed: Bool
  ) throws(RunStoreError) {
    if trial.isComplete {
      let measures = TrialMeasures(trial.folder, status: trial.status, rule: rule)
      if let problem = measures.problem {
        throw RunStoreError(
          .damagedRecord, path: trial.folder.path, found: problem,
          remedy: "what is decided here needs the scores of all finished trials")
      }
      // A threshold that was never reached is a score that is not finite.
      let isScore = { (score: Double) in score.isFinite || rule.metric == .episodesToThreshold }
      self = measures.score.flatMap { isScore($0) ? .scored($0) : nil } ?? .failed
    } else if [.failed, .couldNotStart].contains(trial.state) && !retriesFailed {
      self = .failed
    } else {
      self = .open
    }
  }
}
