// SPDX-License-Identifier: MIT

/// The head of a table's column.
struct ColumnView {
  var title: String
  var explanation: String
  var isNumber = true
  /// `descending` or `ascending` where the table comes sorted by this column.
  var sort: String?
}

/// A number in a table.
struct CellView {
  var text: String
  /// What it is sorted by; empty sorts last, whichever way.
  var value: String
  /// Set back because there is no number.
  var isWeak: Bool
}

/// A section with a table of numbers, a row for a variant or a trial, and perhaps its figure.
struct TableSection {
  struct Row {
    var label: String
    /// The row's place in the plan.
    var order: Int
    var seriesClass: String
    /// Why it has no score; nil where it has one or may still get it.
    var failure: String?
    var cells: [CellView]
  }

  /// The page's anchor.
  var id: String
  var heading: String
  var lead: String
  var caption: String
  var columns: [ColumnView]
  var rows: [Row]
  var note: String
  var links: [LinkView]
  var figure: FigureView?
  /// Whether it is shown in a window of its own, so that what follows is found.
  var isTall = false
}

/// What differs per variant, then everything.
struct ConfigurationView {
  struct Difference {
    var label: String
    var seriesClass: String
    /// In the order of `paths`.
    var values: [String]
  }

  struct Parameter {
    var path: String
    var value: String
    /// The default, as people write it.
    var standard: String
    var unit: String
    var doc: String
    /// Whether the value is not the default.
    var isChanged: Bool
  }

  var heading: String
  var lead: String
  var paths: [String]
  var differences: [Difference]
  var dropped: [String]
  var arithmetic: String
  /// Whether defaults, units and meanings are known.
  var hasDocs: Bool
  var parameters: [Parameter]
}

/// Every trial with its state and the end of its log.
struct TrialsView {
  struct Row {
    var number: Int
    var variant: String
    var seriesClass: String
    var state: String
    var stateClass: String
    var cells: [CellView]
    var id: String
  }

  struct Log {
    var id: String
    var label: String
    var message: String?
    var text: String
  }

  var heading: String
  var lead: String
  var columns: [ColumnView]
  var rows: [Row]
  var links: [LinkView]
  var logsTitle: String
  var logs: [Log]
}

/// Where the numbers come from and how to get them again.
struct ProvenanceView {
  struct Fact {
    var name: String
    var value: String
    var isCode: Bool
  }

  var heading: String
  var lead: String
  var command: String
  var facts: [Fact]
  var methods: String
}
