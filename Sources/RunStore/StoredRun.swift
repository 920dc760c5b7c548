// SPDX-License-Identifier: MIT

package import ExperimentSpec
import ParameterSchema

/// A run as its folder stands now, with the records of its trials; it needs no plan.
package struct StoredRun: Sendable {
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
  /// Trials that have a folder, by id.
  let stored: [String]

  /// - Parameter only: the one trial that is read, by id; nil for all.
  package init(_ folder: RunFolder, only: String? = nil) throws(RunStoreError) {
    self.folder = folder
    let entries = try folder.trialEntries()
    stored = entries.ids
    (copies, foreign) = TrialCopy.found(among: entries.foreign, in: folder)
    var (snapshot, problem): (RunSnapshot?, RunStoreError?)
    do throws(RunStoreError) {
      snapshot = try RunSnapshot(folder)
    } catch {
      problem = error
    }
    plan = snapshot?.plan
    planProblem = problem
    let rule = snapshot?.plan.score
    var trials: [TrialFacts] = []
    if let snapshot {
      trials = snapshot.trials.filter { only ?? $0.planned.id == $0.planned.id }
        .map { TrialFacts($0, of: snapshot, readsRecords: true) }
    }
    trials += (snapshot?.unplanned ?? entries.ids).filter { only ?? $0 == $0 }
      .map { TrialFacts(unplanned: folder.trial($0), of: folder, rule: rule) }
    self.trials = trials
  }

  /// Stored trials that the plan does not name.
  package var unplanned: [TrialFacts] { trials.filter { $0.planned == nil } }

  /// Number of trials in each state.
  package var counts: [TrialState: Int] {
    trials.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }
}
