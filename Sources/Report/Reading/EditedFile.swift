// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore
import Statistics

/// What an experiment file says now, beside the plan that was made from it: its words for people are
/// shown as they are, and what was asked before the run stays as it was.
struct EditedFile: Equatable, Sendable {
  /// nil where the file cannot be read as an experiment.
  var title: String?
  var notes: String?
  /// What a reader has to know, a sentence each.
  var remarks: [String] = []

  /// Nil where the plan's file is not there, or is another experiment's by now.
  init?(of plan: Plan, catalogue: Catalogue) {
    guard Disk.isPresent(plan.experimentFile) else { return nil }
    func given(_ option: String) -> [String] {
      (plan.commands.first ?? []).filter { $0.hasPrefix(option + " ") }
        .map { String($0.dropFirst(option.count + 1)) }
    }
    let loaded = loadExperiment(
      path: plan.experimentFile, catalogue: catalogue, overrides: given("--set"),
      seedsOverride: given("--seeds").last, extension: given("--extend").last)
    guard let now = loaded.plan else {
      remarks = [
        "\(plan.experimentFile) now has errors, so title and notes are those of the run; `rallybook"
          + " check` lists them."
      ]
      return
    }
    guard now.name == plan.name else { return nil }
    (title, notes) = (now.title, now.notes)
    var changed: [String] = []
    if now.question != plan.question { changed.append("question") }
    if now.hypotheses.map(\.asWritten) != plan.hypotheses.map(\.asWritten) {
      changed.append("hypotheses")
    }
    if now.score != plan.score { changed.append("score") }
    // What was added to the plan may have seeds of its own.
    let hasSeeds =
      plan.commands.count > 1
      ? Set(now.seeds).isSubset(of: plan.seeds) : now.seeds == plan.seeds
    if plan.seedRange != now.seedRange || !plan.hasRounds && !hasSeeds { changed.append("seeds") }
    if !changed.isEmpty {
      remarks = [
        "\(plan.experimentFile) has changed since: \(Wording.list(changed)). This page shows what was"
          + " asked before the run; `\(plan.command)` takes over what the file asks now."
      ]
    }
  }
}
