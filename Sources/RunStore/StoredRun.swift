// SPDX-License-Identifier: MIT

package import ExperimentSpec
import ParameterSchema

/// A run as its folder stands now, with the records of all its trials; it needs no plan.
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
  /// Trials that have a folder.
  let stored: [String]

  package init(_ folder: RunFolder) throws(RunStoreError) {
    self.folder = folder
    let entries = try folder.trialEntries()
    stored = entries.ids
    (copies, foreign) = TrialCopy.found(among: entries.foreign, in: folder)
    var planned: [TrialFacts] = []
    var (plan, planProblem): (Plan?, RunStoreError?)
    do throws(RunStoreError) {
      let snapshot = try RunSnapshot(folder)
      plan = snapshot.plan
      planned = snapshot.trials.map {
        TrialFacts(reading: $0, of: snapshot.plan, run: folder)
      }
    } catch {
      planProblem = error
    }
    let named = Set(planned.map(\.id))
    trials =
      planned
      + entries.ids.filter { !named.contains($0) }
      .map { TrialFacts(unplanned: folder.trial($0), run: folder, rule: plan?.score) }
    self.plan = plan
    self.planProblem = planProblem
  }

  /// Stored trials that the plan does not name.
  package var unplanned: [TrialFacts] { trials.filter { $0.number == nil } }

  /// Number of trials in each state.
  package var counts: [TrialState: Int] {
    trials.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }
}
