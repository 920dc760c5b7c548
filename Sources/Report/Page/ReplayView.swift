// SPDX-License-Identifier: MIT

/// One evaluation game that the page can play.
struct ReplayView {
  struct Unit {
    /// Its bit in the stream and its place in the sheet, from 0.
    var slot: Int
    /// Pixels from the sheet's left.
    var x: Int
    /// The hidden unit's number.
    var number: Int
    var sheet: String
    var sheetWidth: Int
    var alternative: String
  }

  /// A point of the game, placed by percent of its length.
  struct Point {
    /// `won` or `lost`.
    var side: String
    var x: String
  }

  var heading: String
  var lead: String
  var frameCount: Int
  var lastFrame: Int
  var decisionCount: Int
  var unitSlots: Int
  var firstAction: String
  var secondAction: String
  var gameLabel: String
  var stripWindow: String
  var unitsLabel: String
  var units: [Unit]
  var points: [Point]
  var pointsLabel: String
  /// Base64 of `ReplayStream`.
  var data: String
  var filmstrip: FigureView
  var timeline: FigureView?
}
