// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore
import Runner
import Trials

/// Sentences of the verbs over stored runs.
enum Wording {
  static func noRun(_ name: String, in runs: String, known: [String]) -> String {
    let there = known.isEmpty ? "there are none yet" : "there are: \(known.joined(separator: ", "))"
    let nearest = NearestMatch.find(name, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
    return "error[unknown-run]: no run \"\(name)\" in \(runs); \(there)\(nearest)"
  }

  static func notATrial(_ text: String) -> String {
    """
    error[unknown-trial]: "\(text)" is not a trial's name
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

  /// What `run` says before it adds to the plan of a run.
  static func added(_ new: Int, to known: Int, run: RunFolder) -> String {
    let plan = "the plan of \(run.path), which has \(count(known, "trial"))"
    return new > 0
      ? "adds \(count(new, "trial")) to \(plan); they stay in it and in the report"
      : "runs a part of \(plan); the others stay in it and in the report"
  }

  static func damaged(_ trial: RunSnapshot.Trial, _ problem: String) -> String {
    "damaged   trial \(trial.planned.number): \(DisplayText.escaped(trial.label)), "
      + "seed \(trial.planned.seed): \(problem)\n"
      + "          train it again with --fresh --only 'trial = \"\(trial.planned.id)\"'"
  }

  /// What `run` says before it replaces the plan of a run.
  static func left(_ stored: Int, run: RunFolder) -> String {
    "\(count(stored, "stored trial")) of the earlier plan \(stored == 1 ? "is" : "are") not asked for "
      + "by the file and \(stored == 1 ? "leaves" : "leave") plan and report; "
      + "\(stored == 1 ? "its folder is" : "their folders are") kept in \(run.trialsPath)"
  }

  /// How one stored trial stands to another, and where they disagree, which is further.
  static func standing(_ twice: StoredTwice) -> String {
    let (folder, other) = (twice.folder.path, twice.other.path)
    switch twice.standing {
    case .same: return "\(folder): the same numbers as \(other)"
    case .further(let lines):
      return "\(folder): \(count(lines, "episode")) further than \(other), else the same numbers"
    case .behind(let lines):
      return "\(folder): \(count(lines, "episode")) behind \(other), else the same numbers"
    case .conflict(let file, let line, let this, let that):
      return """
        conflict: two records of trial \(twice.id) differ in \(file), line \(line)
          \(folder): \(this)\(extent(twice.folder))
          \(other): \(that)\(extent(twice.other))
          rallybook verify tells which one this program confirms
        """
    case .unreadable(let reason): return "\(folder): cannot be compared with \(other): \(reason)"
    }
  }

  static func short(_ standing: RecordStanding) -> String {
    switch standing {
    case .same: "the same numbers"
    case .further(let lines): "\(count(lines, "episode")) further, else the same numbers"
    case .behind(let lines): "\(count(lines, "episode")) behind, else the same numbers"
    case .conflict(let file, let line, _, _): "conflict: differs in \(file), line \(line)"
    case .unreadable(let reason): "cannot be compared: \(reason)"
    }
  }

  private static func extent(_ folder: TrialFolder) -> String {
    guard let status = (try? folder.readStatus()) ?? nil else { return "" }
    return "  (\(count(status.episodes, "episode")), \(status.updatedAt))"
  }

  /// A note for each name that is called otherwise now.
  static func olderNames(_ names: [String]) -> [String] {
    names.compactMap { name in
      TrialFacts.olderNames[name].map { "note: \"\(name)\" is called \"\($0)\" now" }
    }
  }

  /// `1 episode`, `3,000 episodes`.
  static func count(_ number: Int, _ noun: String) -> String {
    Numbers.count(number, noun)
  }

  static func reason(_ reason: Garbage.Reason) -> String {
    switch reason {
    case .unplannedTrial: "in no plan"
    case .oldCheckpoint: "old checkpoint"
    case .usedResumePoint: "finished since"
    case .interruptedWrite: "interrupted write"
    case .copy: "copy"
    case .replaced: "trained anew"
    }
  }
}
