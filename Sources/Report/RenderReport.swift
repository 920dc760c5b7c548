// SPDX-License-Identifier: MIT

import ExperimentSpec
package import ParameterSchema
import Plotting
package import RunStore

/// What a report is to contain.
package struct ReportOptions: Sendable {
  /// Whether seconds are shown; without them, the same stored trials give the same bytes.
  package var includesTiming: Bool
  /// For defaults, units and meanings in the configuration's table; nil leaves them out.
  package var catalogue: Catalogue?

  package init(includesTiming: Bool = true, catalogue: Catalogue? = nil) {
    self.includesTiming = includesTiming
    self.catalogue = catalogue
  }
}

/// What was rendered, for the sentence on the command line.
package struct ReportSummary: Hashable, Sendable {
  /// The page.
  package let pagePath: String
  /// The answer in one or two sentences, as on the page's first screen.
  package let headline: String
  /// What is missing or failed, a sentence each.
  package let gaps: [String]
  package let fileCount: Int
  package let byteCount: Int
}

/// Renders a run's report into the folder `directory`, which it replaces as a whole.
///
/// The new folder is written beside the old one and takes its place at the end, so that a render
/// that fails loses nothing. It renders also while trials are running, and says what is missing. Title
/// and notes are those that the experiment file has now, where it is there and `options` has a
/// catalogue.
///
/// - Throws: `ReportError` when the run has no readable plan, or when something cannot be written.
///   What is wrong with single trials is said on the page instead, as is a figure that cannot be
///   drawn.
package func renderReport(
  of run: RunFolder, to directory: String, options: ReportOptions = ReportOptions()
) throws(ReportError) -> ReportSummary {
  let snapshot: RunSnapshot
  do throws(RunStoreError) {
    snapshot = try RunSnapshot(run)
  } catch {
    throw ReportError(error)
  }
  return try renderReport(of: snapshot, to: directory, options: options)
}

/// Renders a report of a run as it stood at one moment; see `renderReport(of:to:options:)`.
package func renderReport(
  of snapshot: RunSnapshot, to directory: String, options: ReportOptions = ReportOptions()
) throws(ReportError) -> ReportSummary {
  let edited = options.catalogue.flatMap { EditedFile(of: snapshot.plan, catalogue: $0) }
  let digest = RunDigest(snapshot, includesTiming: options.includesTiming, edited: edited)
  let folder = try ReportFolder(destination: directory)
  var press = FigurePress(folder: folder, notes: figureNotes(digest))
  do throws(ReportError) {
    let page = try ReportPage(digest, catalogue: options.catalogue, press: &press)
    try press.write(page.finished(), to: "index.html")
    try press.folder.finish()
    return ReportSummary(
      pagePath: "\(press.folder.destination)/index.html", headline: page.answer.headline,
      gaps: page.status.gaps, fileCount: press.folder.files.count,
      byteCount: press.folder.byteCount)
  } catch {
    folder.abandon()
    throw error
  }
}

/// What the page of a run shows, without leaving a report: for tests that hold the templates
/// against it.
///
/// - Parameter directory: figures are drawn into a folder beside it, which is removed again.
package func reportPage(
  of run: RunFolder, beside directory: String, options: ReportOptions = ReportOptions()
) throws -> ReportPage {
  let digest = RunDigest(try RunSnapshot(run), includesTiming: options.includesTiming)
  let folder = try ReportFolder(destination: directory)
  defer { folder.abandon() }
  var press = FigurePress(folder: folder, notes: [])
  return try ReportPage(digest, catalogue: options.catalogue, press: &press)
}

/// Where the numbers come from, for the PNG and SVG files: all that the page says of it.
func figureNotes(_ digest: RunDigest) -> [PNGText] {
  [
    PNGText("Software", "Rallybook"), PNGText("Title", digest.plan.name),
    PNGText("Source", ProvenanceView.command(digest.plan)),
  ] + ProvenanceView(digest).facts.map { PNGText($0.name, $0.value) }
}
