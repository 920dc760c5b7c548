// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec

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
