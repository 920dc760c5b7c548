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
  /// Whether each figure is also there as PDF for a paper, one column and one page wide.
  package var isForPaper: Bool

  package init(
    includesTiming: Bool = true, catalogue: Catalogue? = nil, isForPaper: Bool = false
  ) {
    self.includesTiming = includesTiming
    self.catalogue = catalogue
    self.isForPaper = isForPaper
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
  let snapshot = try ReportError.catching { try RunSnapshot(run) }
  return try renderReport(of: snapshot, to: directory, options: options)
}

/// Renders a report of a run as it stood at one moment; see `renderReport(of:to:options:)`.
package func renderReport(
  of snapshot: RunSnapshot, to directory: String, options: ReportOptions = ReportOptions()
) throws(ReportError) -> ReportSummary {
  let edited = options.catalogue.flatMap { EditedFile(of: snapshot.plan, catalogue: $0) }
  let run = RunSummary(snapshot, includesTiming: options.includesTiming, edited: edited)
  return try rendered(to: directory, provenance: run, isForPaper: options.isForPaper) { figures in
    try reportPage(of: run, catalogue: options.catalogue, figures)
  }
}

/// Writes a page with its figures and tables into a folder, which it replaces as a whole.
///
/// - Parameter run: what the figures' files say they come from.
func rendered(
  to directory: String, provenance run: RunSummary, isForPaper: Bool = false,
  _ build: (FigureWriter) throws -> (page: Page, headline: String, gaps: [String])
) throws(ReportError) -> ReportSummary {
  let folder = try ReportError.catching { try ReportFolder(destination: directory) }
  do {
    return try ReportError.catching {
      let figures = FigureWriter(
        folder: folder, notes: ProvenanceFacts.notes(run), isForPaper: isForPaper)
      let (page, headline, gaps) = try build(figures)
      try figures.finish(page)
      return ReportSummary(
        pagePath: "\(folder.destination)/index.html", headline: headline, gaps: gaps)
    }
  } catch {
    folder.abandon()
    throw error
  }
}

/// Builds all sections of a run's page and draws its figures.
private func reportPage(
  of run: RunSummary, catalogue: Catalogue?, _ figures: FigureWriter
) throws -> (page: Page, headline: String, gaps: [String]) {
  // Without a search the three are one.
  let (judged, longest) = (run.judged, run.longest)
  let answer = Answer(run: judged)
  var sections = [answer.question]
  sections.append(try .search(run, figures))
  sections.append(try .looks(run, figures))
  sections.append(try .curves(longest, figures))
  sections.append(try .scores(judged, figures))
  sections.append(try Comparisons(run: judged, figures: figures).section())
  sections.append(try GameDistributions(judged, figures).section())
  sections.append(try Transfers(judged)?.section(figures))
  var script = Page.tableScript + Page.exploreScript
  if let shown = ShownTrial(judged) {
    let filters = try figures.part("filters") {
      try Section.filters(shown, in: judged, figures)
    }
    sections.append(filters)
    if filters == nil { sections.append(try .convolution(shown, figures)) }
    sections.append(try .scoreFunction(shown, figures))
    sections.append(try .gaze(judged, figures))
    let replay = try figures.part("replay") {
      let gaze = ShownTrial(judged) { $0[path: "observation.kind"] == "glimpse" }
      return try Section.replay(shown, beside: gaze, figures)
    }
    sections.append(replay)
    script += filters == nil ? "" : Page.filterScript
    script += replay == nil ? "" : Page.replayScript
  }
  let health = try Health(longest, figures)
  sections.append(health?.section)
  sections.append(.notes(run))
  sections.append(
    .configuration(longest.plan, styles: longest.variants.map(\.style), catalogue: catalogue))
  sections.append(try .trials(run, figures))
  sections.append(.provenance(run))
  let known = sections.compactMap { $0 }
  let author = run.plan.about?.author ?? ""
  var status = Status(run)
  status.gaps += run.remarks + figures.shortcomings
  let page = Page(
    title: run.plan.title.isEmpty ? run.plan.name : run.plan.title,
    eyebrow: """
      <a href="../index.html">All reports</a> <span class="slash">/</span> \
      <code>\(run.plan.name)</code>\(" by \(author)", if: !author.isEmpty)
      """,
    listed: Listing(
      state: status.word, headline: answer.headline, verdicts: answer.verdicts,
      tags: run.plan.about?.tags ?? [], author: author, day: run.day), lead: status.html,
    contents: Section.contents(known),
    main: "\(answer.html(findings: health?.findingsInShort))\(known.html { $0.html })",
    script: script)
  return (page, answer.headline, status.gaps)
}

extension Section {
  /// Links to the sections of a page.
  static func contents(_ sections: [Section]) -> HTML {
    """
    <nav class="contents" aria-label="Contents">
    <ol>
    \(sections.html { "<li><a href=\"#\($0.id)\">\($0.heading)</a></li>\n" })</ol>
    </nav>

    """
  }

  /// The author's notes; nil without any.
  fileprivate static func notes(_ run: RunSummary) -> Section? {
    guard let notes = Markdown.html(run.plan.notes) else { return nil }
    let warning = run.notesWarning.map { "<p class=\"stale\">\($0)</p>\n" as HTML }
    return Section("notes", "Notes", "\(warning)<div class=\"prose\">\n\(notes)\n</div>\n")
  }
}
