// SPDX-License-Identifier: MIT

/// A section of figures with a sentence or two before them.
struct FiguresView {
  /// The page's anchor.
  var id: String
  var heading: String
  var lead: String
  var figures: [FigureView]
  /// What is left out, and why; a sentence each.
  var notes: [String]
  var links: [LinkView]
}
