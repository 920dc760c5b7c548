// SPDX-License-Identifier: MIT

/// Games that the page can play: one for each point of the learning curve that has one.
struct ReplayView {
  struct Unit {
    /// Its bit in the stream, from 0.
    var slot: Int
    /// The hidden unit's number.
    var number: Int
    var tile: TileView
  }

  /// One game with all that changes when it is chosen.
  struct Game {
    /// From 0.
    var index: Int
    var isFirst: Bool
    /// Such as `after 500 episodes`.
    var title: String
    /// Whose game it is and how it ends.
    var sentence: String
    var frameCount: Int
    var lastFrame: Int
    var decisionCount: Int
    var unitSlots: Int
    var firstAction: String
    var secondAction: String
    var stripWindow: String
    var pointsLabel: String
    var units: [Unit]
    /// Base64 of `ReplayStream`.
    var data: String
  }

  /// The trial's learning curve, in percent of its width and in pixels of its height.
  struct Curve {
    /// Corners of the line, x in thousandths of the width.
    var points: String
    var stops: [Stop]
    var label: String
    var first: String
    var last: String
  }

  /// A game's place on the curve.
  struct Stop {
    var index: Int
    var x: String
    var y: String
  }

  var heading: String
  var lead: String
  var gameLabel: String
  var unitsLabel: String
  var games: [Game]
  /// Whether there is something to choose.
  var hasChoice: Bool
  var curve: Curve?
  var filmstrip: FigureView?
  var timeline: FigureView?
}
