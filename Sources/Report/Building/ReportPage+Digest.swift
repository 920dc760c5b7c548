// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec
import Mustache
import ParameterSchema
import Plotting

extension ReportPage {
  /// Builds all parts of the page and draws its figures.
  init(
    _ digest: RunDigest, catalogue: Catalogue?, press: inout FigurePress
  ) throws(ReportError) {
    // Without a search the three are one.
    let (judged, longest) = (digest.judged, digest.longest)
    let shown = ShownTrial(judged)
    var trials = TrialsView(digest)
    try press.write(TrialsView.table(digest).text, to: "data/trials.csv")
    trials.links = [LinkView(target: "data/trials.csv", text: "CSV")]
    self.init(
      name: digest.plan.name,
      title: digest.plan.title.isEmpty ? digest.plan.name : digest.plan.title,
      status: Wording.status(digest), answer: AnswerView(judged),
      curves: try CurvesView(longest, press: &press),
      scores: try TableSection(scoresOf: judged, press: &press),
      configuration: ConfigurationView(
        longest.plan, styles: longest.variants.map(\.style), catalogue: catalogue),
      trials: trials, provenance: ProvenanceView(digest))
    search = SearchView(digest)
    if let decided = digest.search {
      try press.write(SearchView.table(decided).text, to: "data/search.csv")
      search?.links = [LinkView(target: "data/search.csv", text: "CSV")]
    }
    comparisons = try Comparisons(judged).section(&press)
    games = try GameDistributions(judged).section(&press)
    transfers = try TransferDigest(judged)?.section(&press)
    if let shown {
      filters = try press.part("filters") { (press: inout FigurePress) throws(ReportError) in
        try FiltersView(shown, in: judged, press: &press)
      }
      if filters == nil { convolution = try FirstConvolution.section(shown, press: &press) }
      replay = try press.part("replay") { (press: inout FigurePress) throws(ReportError) in
        try ReplayView(shown, press: &press)
      }
    }
    let anchors = (curves?.tabs.map(\.figure.id) ?? []) + [scores?.figure?.id].compactMap { $0 }
    health = try HealthView(longest, anchors: Set(anchors), press: &press)
    answer.findings = health.flatMap { Wording.findingsInShort($0.findings) }
    status.gaps += digest.remarks + press.shortcomings
    notes = Markdown.html(digest.plan.notes).map {
      NotesView(heading: "Notes", warning: Wording.notesWarning(digest), html: $0)
    }
    fillIn()
  }

  /// Style sheet, script, policy and contents: what follows from the parts that there are.
  mutating func fillIn() {
    styleSheet = PageTemplates.styleSheet + Self.colours()
    script =
      PageTemplates.tableScript + (filters == nil ? "" : PageTemplates.filterScript)
      + (replay == nil ? "" : PageTemplates.replayScript)
    securityPolicy = Self.policy(style: styleSheet, script: script)
    icon = Self.icon
    contents = [
      search.map { ("search", $0.heading) }, curves.map { ("curves", $0.heading) },
      scores.map { ("scores", $0.heading) },
      comparisons.map { ($0.id, $0.heading) }, games.map { ($0.id, $0.heading) },
      transfers.map { ($0.id, $0.heading) },
      filters.map { ("filters", $0.heading) }, convolution.map { ($0.id, $0.heading) },
      replay.map { ("replay", $0.heading) },
      health.map { ("health", $0.heading) }, notes.map { ("notes", $0.heading) },
      ("configuration", configuration.heading), ("trials", trials.heading),
      ("provenance", provenance.heading),
    ].compactMap { $0 }.map { ContentsEntry(id: $0.0, title: $0.1) }
  }

  /// The page's text.
  func finished() throws(ReportError) -> String { try PageTemplates.rendered(self, "page") }

  /// A small court, within the page.
  static let icon =
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E"
    + "%3Crect%20width='16'%20height='16'%20rx='3'%20fill='%23904811'/%3E"
    + "%3Crect%20x='2'%20y='3'%20width='2'%20height='6'%20fill='%23d5824a'/%3E"
    + "%3Crect%20x='12'%20y='7'%20width='2'%20height='6'%20fill='%235cba5c'/%3E"
    + "%3Crect%20x='7'%20y='6'%20width='2'%20height='3'%20fill='%23ececec'/%3E%3C/svg%3E"

  /// The colours that figures give to variants, and those of their sheets, for the page.
  static func colours() -> String {
    func block(_ theme: Theme) -> String {
      let variables = [
        ("paper", theme.background), ("raised", theme.surface), ("ink", theme.ink),
        ("soft", theme.mutedInk), ("line", theme.grid), ("strong-line", theme.axis),
      ]
      let series = theme.categorical.enumerated().map { ".s\($0){--c:\($1.css)}" }.joined()
      return ":root{" + variables.map { "--\($0.0):\($0.1.css)" }.joined(separator: ";") + "}"
        + series
    }
    return block(.light) + "@media screen and (prefers-color-scheme:dark){\(block(.dark))}"
      + "@media print{:root{--paper:#FFFFFF}}\n"
  }

  /// Nothing from elsewhere, and only the style and the script that are in the page.
  static func policy(style: String, script: String) -> String {
    "default-src 'none'; img-src 'self' file: data:; style-src 'sha256-\(digest(style))';"
      + " script-src 'sha256-\(digest(script))'; base-uri 'none'; form-action 'none'"
  }

  private static func digest(_ text: String) -> String {
    let hex = Array(SHA256.hex(Array(text.utf8)).utf8)
    let bytes = stride(from: 0, to: hex.count, by: 2).compactMap {
      UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    return base64Text(bytes)
  }
}
