// SPDX-License-Identifier: MIT

/// Everything that the template `page` shows: texts that are ready, in the order of the page.
///
/// The names of all properties here and in the other views are the tags of the templates. `…HTML`
/// and `html` go into the page as they are; everything else is escaped.
package struct ReportPage {
  var securityPolicy = ""
  var icon = ""
  var styleSheet = ""
  var script = ""
  var name: String
  var title: String
  var status: StatusView
  var contents: [ContentsEntry] = []
  var answer: AnswerView
  var search: SearchView?
  var curves: CurvesView?
  var scores: TableSection?
  var comparisons: FiguresView?
  var games: FiguresView?
  var transfers: TableSection?
  /// Of a fully connected policy.
  var filters: FiltersView?
  /// The same of a convolution.
  var convolution: FiguresView?
  var replay: ReplayView?
  var health: HealthView?
  var notes: NotesView?
  var configuration: ConfigurationView
  var trials: TrialsView
  var provenance: ProvenanceView
}

/// How far the run has come.
struct StatusView {
  var state: String
  var stateClass: String
  var sentence: String
  /// One sentence for each thing that is missing or failed.
  var gaps: [String]
  var hasGaps: Bool { !gaps.isEmpty }
}

/// A line of the contents.
struct ContentsEntry {
  var id: String
  var title: String
}

/// A link to a file of the report.
struct LinkView {
  var target: String
  var text: String
}

/// The author's notes.
struct NotesView {
  var heading: String
  /// Said where data came after the notes.
  var warning: String?
  var html: String
}
