// SPDX-License-Identifier: MIT

import Digest
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

/// What was stored when an experiment's notes were first seen, so that a report can tell notes that
/// were written before the data last changed.
///
/// It is written by `run` before anything starts, so that notes written about older data keep that
/// mark whatever the run adds.
package struct NotesRecord: Codable, Hashable, Sendable {
  package var formatVersion = StoredRecord.newestFormat
  /// SHA-256 of the notes' text, hexadecimal.
  package var notes: String
  /// `RunSnapshot.dataDigest` at that moment.
  package var data: String
  /// Trials of the plan that were finished then.
  package var finished: Int

  /// The digest of a text.
  package static func digest(_ text: String) -> String { SHA256.hex(Array(text.utf8)) }
}

extension RunSnapshot {
  /// Stands for all stored data of the plan's trials: which trials have begun, how far each came,
  /// how often it was evaluated and how it ended.
  ///
  /// A trial's name is its configuration and seed, and the same name gives the same numbers, so
  /// these counters stand for the numbers themselves.
  package var dataDigest: String {
    let lines = trials.compactMap { trial -> String? in
      guard let status = trial.status else { return nil }
      let end = trial.state == .finished || trial.state == .failed ? trial.state.rawValue : "open"
      return "\(trial.planned.id) \(status.episodes) \(status.decisions) \(status.evaluated) \(end)"
    }
    return NotesRecord.digest(lines.sorted().joined(separator: "\n"))
  }
}

extension RunFolder {
  package var notesPath: String { "\(path)/notes.json" }

  /// The stored record; nil where there is none.
  package func readNotesRecord() throws(RunStoreError) -> NotesRecord? {
    try StoredRecord.readIfPresent(
      NotesRecord.self, at: notesPath,
      remedy: "remove it: the notes then count as written after what is stored now")
  }

  /// Notes that are not the ones recorded are recorded with the data as they stand now; the same
  /// notes keep their record.
  package func recordNotes(of snapshot: RunSnapshot) throws(RunStoreError) {
    guard !snapshot.plan.notes.isEmpty else { return }
    let notes = NotesRecord.digest(snapshot.plan.notes)
    if let stored = try readNotesRecord(), stored.notes == notes { return }
    let record = NotesRecord(
      notes: notes, data: snapshot.dataDigest,
      finished: snapshot.trials.count { $0.state == .finished })
    try AtomicFile.write(StoredRecord.encoded(record, path: notesPath), to: notesPath)
  }
}
