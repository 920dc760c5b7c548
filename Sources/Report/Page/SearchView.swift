// SPDX-License-Identifier: MIT

/// What a search tried, what it dropped and why, and what fresh seeds say of the winner.
struct SearchView {
  /// One variant in one round.
  struct Row {
    var round: Int
    var variant: String
    /// In the order of the plan.
    var order: Int
    var cells: [CellView]
    /// `kept` or `dropped`.
    var decision: String
    var decisionClass: String
    var reason: String
  }

  var heading: String
  var lead: String
  /// What fresh seeds say, or that there are none.
  var confirmation: String
  var columns: [ColumnView]
  var rows: [Row]
  var note: String
  var links: [LinkView]
}
