// SPDX-License-Identifier: MIT

package import ExperimentSpec
import ParameterSchema
import Statistics

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

/// What `best` means in lists, tables, reports and comparisons: the variant with the best mean
/// score over its finished seeds, equal ones in the plan's order. The luckiest single trial is
/// something else.
package struct BestVariant: Hashable, Sendable {
  package let label: String
  /// Mean score over the seeds that count; infinite where one never reached its threshold.
  package let mean: Double
  /// Seeds that count, and those that are planned.
  package let seeds: Int
  package let planned: Int

  /// Of a search only variants that trained longest count, on the seeds of the search.
  ///
  /// - Parameter scores: of the trials that count, by id; nil where none of the plan's is there.
  package init?(_ plan: Plan, scores: [String: Double]) {
    let plan = plan.withLongestTrials.withFinalists
    let goal = plan.score.goal
    let byVariant = Dictionary(grouping: plan.trials, by: \.variant)
    var best: BestVariant?
    for variant in plan.variants {
      let ids = (byVariant[variant.index] ?? []).map(\.id)
      let counted = ids.compactMap { scores[$0] }
      guard let mean = Statistics.mean(counted) else { continue }
      let one = BestVariant(
        label: variant.label, mean: mean, seeds: counted.count, planned: ids.count)
      guard let known = best else {
        best = one
        continue
      }
      if goal == .maximize ? mean > known.mean : mean < known.mean { best = one }
    }
    guard let best else { return nil }
    self = best
  }

  private init(label: String, mean: Double, seeds: Int, planned: Int) {
    self.label = label
    self.mean = mean
    self.seeds = seeds
    self.planned = planned
  }

  /// `3`, or `2 of 3`.
  package var coverage: String { seeds == planned ? "\(seeds)" : "\(seeds) of \(planned)" }
}

extension StoredRun {
  /// The best variant by the scores of finished trials with nothing wrong in their folders.
  package var best: BestVariant? {
    let scored = trials.filter { $0.state == .finished && $0.problem == nil }
      .compactMap { facts in facts.measures.score.map { (facts.id, $0) } }
    return plan.flatMap { BestVariant($0, scores: Dictionary(scored) { first, _ in first }) }
  }
}
