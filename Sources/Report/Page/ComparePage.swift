// SPDX-License-Identifier: MIT

/// Two runs, or two trials, side by side.
struct ComparePage {
  struct Side {
    var name: String
    var title: String
    var headline: String
    var gaps: [String]
    var command: String
  }

  struct Row {
    var side: String
    var label: String
    var order: Int
    var seriesClass: String
    var cells: [CellView]
  }

  struct Setting {
    var path: String
    var first: String
    var second: String
  }

  var securityPolicy = ""
  var icon = ""
  var styleSheet = ""
  var script = ""
  var title: String
  var headline: String
  var support: [String]
  var sides: [Side]
  var columns: [ColumnView]
  var rows: [Row]
  var links: [LinkView]
  var scores: FigureView?
  var curves: FigureView?
  var curvesLead: String
  var settingsLead: String
  var firstName: String
  var secondName: String
  var settings: [Setting]
}
