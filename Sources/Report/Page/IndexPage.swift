// SPDX-License-Identifier: MIT

/// The list of all reports: `reports/index.html`.
struct IndexPage {
  struct Entry {
    var name: String
    var title: String
    var headline: String
    var state: String
    var stateClass: String
  }

  var securityPolicy = ""
  var icon = ""
  var styleSheet = ""
  var script = ""
  var lead: String
  var entries: [Entry]
}
