// SPDX-License-Identifier: MIT

package import ExperimentSpec
import ParameterSchema

/// How a run stood at one moment: its plan, its trials and what else lies in its folder.
package struct RunSnapshot: Sendable {
  /// One planned trial and how it stands.
  package struct Trial: Sendable {
    package let planned: Plan.PlannedTrial
    /// The label of its variant.
    package let label: String
    package let folder: TrialFolder
    package let state: TrialState
    /// What its process last wrote; nil when it has not, or when that is damaged.
    package let status: TrialStatus?
    /// Training episodes in the end: what its status knows, or else what the plan asks for.
    package let targetEpisodes: Int
    /// Evaluation episodes asked for by the plan.
    package let evaluationEpisodes: Int
    /// What is wrong with its folder; nil when nothing is.
    package let problem: RunStoreError?

    /// Whether nothing is left to do: finished, evaluated as often as the plan asks, and its
    /// `config.json` matches its name.
    package var isComplete: Bool {
      state == .finished && problem == nil && (status?.evaluated ?? 0) >= evaluationEpisodes
    }
  }

  package let folder: RunFolder
  package let plan: Plan
  /// In the plan's order.
  package let trials: [Trial]
  /// Trials whose folders are there but which the plan does not name, by id.
  package let unplanned: [String]
  /// What else lies in `trials`, by name.
  package let foreign: [String]

  /// Reads the folder with its own frozen plan.
  package init(_ folder: RunFolder) throws(RunStoreError) {
    try self.init(folder, plan: folder.readPlan())
  }

  /// Holds the folder against a plan; the folder need not be there yet.
  ///
  /// What is wrong with one trial becomes that trial's `problem`; it throws only when the list of
  /// trials cannot be read.
  package init(_ folder: RunFolder, plan: Plan) throws(RunStoreError) {
    self.folder = folder
    self.plan = plan
    let entries = try folder.trialEntries()
    let present = Set(entries.ids)
    let planned = Set(plan.trials.map(\.id))
    trials = plan.trials.map {
      Self.trial($0, of: plan, in: folder, isPresent: present.contains($0.id))
    }
    unplanned = entries.ids.filter { !planned.contains($0) }
    foreign = entries.foreign
  }

  /// Number of planned trials in each state.
  package var counts: [TrialState: Int] {
    trials.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }

  private static func trial(
    _ planned: Plan.PlannedTrial, of plan: Plan, in run: RunFolder, isPresent: Bool
  ) -> Trial {
    let configuration = plan.configuration(of: planned)
    func whole(_ path: String) -> Int {
      guard case .number(let number)? = configuration[path: path]
      else { return 0 }
      return Int(exactly: number.rounded()) ?? 0
    }
    let folder = run.trial(planned.id)
    let (status, problem) = isPresent ? folder.readState() : (nil, nil)
    return Trial(
      planned: planned, label: plan.variants[planned.variant].label, folder: folder,
      state: isPresent ? TrialState(status, isDamaged: problem?.isDamage == true) : .pending,
      status: status,
      targetEpisodes: status?.knownTarget ?? whole("training.episodes"),
      evaluationEpisodes: whole("evaluation.episodes"), problem: problem)
  }
}
