// SPDX-License-Identifier: MIT

/// A figure drawn by Cairo, in both themes and perhaps also for narrow screens.
struct FigureView {
  /// One picture in both themes.
  struct Picture {
    /// Paths from the page's folder.
    var light: String
    /// nil where `light` knows both themes by itself.
    var dark: String?
    /// CSS pixels; a PNG holds twice as many.
    var width: Int
    var height: Int
  }

  /// The page's anchor.
  var id: String
  /// nil where it could not be drawn.
  var wide: Picture?
  var narrow: Picture?
  var alternative: String
  var caption: String
  var links: [LinkView]
  /// Why there is no picture; nil where there is one.
  var failure: String?
}

/// The learning curves, one tab for each horizontal axis.
struct CurvesView {
  struct Tab {
    /// `episodes`, `decisions` or `seconds`; the style sheet knows these three.
    var key: String
    var title: String
    var isFirst: Bool
    var figure: FigureView
  }

  var heading: String
  var lead: String
  var tabs: [Tab]
}

/// Gradient, step and entropy over training, and what in them is worth a sentence.
struct HealthView {
  struct Finding {
    var rule: String
    var sentence: String
    /// Where it can be seen; nil where no figure shows it.
    var figure: LinkView?
  }

  struct Rule {
    var rule: String
    var meaning: String
  }

  var heading: String
  var findings: [Finding]
  /// Said when no rule fires.
  var quiet: String
  var figures: [FigureView]
  var rules: [Rule]
}
