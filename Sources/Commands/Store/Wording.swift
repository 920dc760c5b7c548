// SPDX-License-Identifier: MIT

import RunStore
import Runner
import Trials

/// Sentences of the verbs over stored runs.
enum Wording {
  static func noRun(_ name: String, in runs: String, known: [String]) -> String {
    let there = known.isEmpty ? "there are none yet" : "there are: \(known.joined(separator: ", "))"
    return "error[unknown-run]: no run \"\(name)\" in \(runs); \(there)"
  }

  static func notATrial(_ text: String) -> String {
    """
    error[unknown-trial]: "\(text)" is no trial's name
      allowed: 12 hexadecimal digits or the first of them, alone or as RUN/DIGITS
    """
  }

  static func noTrial(_ prefix: String, in runs: [String], folder: String) -> String {
    runs.isEmpty
      ? "error[unknown-trial]: there are no runs in \(folder)"
      : "error[unknown-trial]: no trial begins with \"\(prefix)\" in "
        + runs.map { "\(folder)/\($0)" }.joined(separator: ", ")
  }

  static func ambiguous(_ prefix: String, _ found: [String], isSame: Bool) -> String {
    let first =
      isSame
      ? "\"\(prefix)\" is stored in \(found.count) runs; write RUN/\(prefix)"
      : "\"\(prefix)\" begins \(found.count) trials; write more digits"
    let more = found.count > 8 ? ["  … and \(found.count - 8) more"] : []
    return (["error[ambiguous-trial]: " + first] + found.prefix(8).map { "  " + $0 } + more)
      .joined(separator: "\n")
  }

  static func standing(_ standing: RecordStanding) -> String {
    switch standing {
    case .same: "the same numbers"
    case .further(let lines): "the same numbers, and \(lines) episodes more"
    case .behind(let lines): "the same numbers, \(lines) episodes fewer"
    case .conflict(let file, let line, let this, let other):
      "CONFLICT in \(file), line \(line): \(this) here, \(other) there"
    case .unreadable(let reason): "cannot be compared: \(reason)"
    }
  }

  static func reason(_ reason: Garbage.Reason) -> String {
    switch reason {
    case .unplannedTrial: "in no plan"
    case .oldCheckpoint: "old checkpoint"
    case .usedResumePoint: "finished since"
    case .interruptedWrite: "interrupted write"
    case .copy: "copy"
    }
  }

  static func verified(_ amounts: VerifiedAmounts) -> String {
    func text(_ count: Int, _ noun: String) -> String? {
      count == 0 ? nil : "\(Amounts.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }
    let parts = [
      text(amounts.episodes, "episode"), text(amounts.updates, "update"),
      text(amounts.evaluations, "evaluation episode"), text(amounts.checkpoints, "checkpoint"),
      text(amounts.replays, "replay"),
    ].compactMap { $0 }
    return parts.joined(separator: ", ")
      + ": all \(Amounts.count(amounts.numbers)) numbers the same"
  }

  static func differs(
    _ name: String, _ difference: RecordDifference, _ changes: [ChangedFact]
  ) -> String {
    var lines = [
      "\(name): differs first in \(difference.file), \(difference.place)",
      "  stored         \(difference.stored)", "  trained again  \(difference.again)",
    ]
    if changes.isEmpty {
      lines.append(
        "  binary, configuration and CPU are the same: the stored file was changed or damaged")
    }
    lines += changes.map { "  changed: \($0.name): \($0.then) → \($0.now)" }
    return lines.joined(separator: "\n")
  }
}
