// SPDX-License-Identifier: MIT

import ExperimentSpec
package import RunStore

/// One side of a comparison: a run, or one trial of it.
package struct ComparedRun: Sendable {
  package let run: RunFolder
  /// A trial's id; nil for the whole run.
  package let trial: String?

  package init(run: RunFolder, trial: String?) {
    self.run = run
    self.trial = trial
  }

  /// `NAME` or `NAME/1a2b3c4d5e6f`.
  package var name: String { trial.map { "\(run.name)/\($0)" } ?? run.name }

  func digest() throws(ReportError) -> RunDigest {
    do throws(RunStoreError) {
      var plan = try run.readPlan()
      if let trial {
        guard let planned = plan.trial(id: trial) else {
          throw RunStoreError(
            .damagedRecord, path: run.planPath, found: "no trial \(trial)",
            allowed: "one of its \(plan.trials.count) trials")
        }
        var variant = plan.variants[planned.variant]
        variant.index = 0
        plan.variants = [variant]
        plan.trials = [
          Plan.PlannedTrial(
            number: planned.number, id: planned.id, variant: 0, seed: planned.seed)
        ]
        plan.seeds = [planned.seed]
        plan.hypotheses = []
      }
      let whole = RunDigest(try RunSnapshot(run, plan: plan), includesTiming: false)
      var digest = whole.judged
      // Neither a trial's neighbours nor what a search left behind are of earlier plans.
      digest.unplannedCount = trial == nil ? whole.unplannedCount : 0
      return digest
    } catch {
      throw ReportError(error)
    }
  }
}

/// Renders two runs side by side into the folder `directory`, which it replaces as a whole.
package func renderComparison(
  of first: ComparedRun, and second: ComparedRun, to directory: String
) throws(ReportError) -> ReportSummary {
  let (a, b) = (try first.digest(), try second.digest())
  let folder = try ReportFolder(destination: directory)
  var press = FigurePress(folder: folder, notes: figureNotes(a))
  do throws(ReportError) {
    let page = try ComparePage(a, b, names: [first.name, second.name], press: &press)
    try press.write(try page.finished(), to: "index.html")
    try press.folder.finish()
    return ReportSummary(
      pagePath: "\(press.folder.destination)/index.html", headline: page.headline,
      gaps: page.sides.flatMap(\.gaps), fileCount: press.folder.files.count,
      byteCount: press.folder.byteCount)
  } catch {
    folder.abandon()
    throw error
  }
}

/// What the page of a comparison shows, without leaving one: for tests that hold the templates
/// against it.
///
/// - Parameter directory: figures are drawn into a folder beside it, which is removed again.
package func comparePage(
  of first: ComparedRun, and second: ComparedRun, beside directory: String
) throws -> Any {
  let folder = try ReportFolder(destination: directory)
  defer { folder.abandon() }
  var press = FigurePress(folder: folder, notes: [])
  return try ComparePage(
    try first.digest(), try second.digest(), names: [first.name, second.name], press: &press)
}
