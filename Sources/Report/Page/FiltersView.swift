// SPDX-License-Identifier: MIT

/// The filters of the first layer: the plate with its choices and checkpoints, the numbers, and
/// what excites single units.
struct FiltersView {
  /// By what the units of the plate are chosen.
  struct Choice {
    var key: String
    var title: String
    var isFirst: Bool
  }

  /// A row of the table of numbers.
  struct Row {
    var unit: Int
    var cells: [CellView]
  }

  /// How noisy a variant's filters are.
  struct Roughness {
    var label: String
    var seriesClass: String
    var seed: Int
    var episodes: String
    var value: String
    var sortValue: String
  }

  var heading: String
  var lead: String
  /// What `filters.js` draws from, as JSON.
  var model: String
  /// The final weights' pictures: the plate first, then the units that only other choices show.
  var sheet: String
  var sheetWidth: Int
  var sheetHeight: Int
  /// Pixels of the plate of five rows of eight.
  var plateWidth: Int
  var plateHeight: Int
  var alternative: String
  var caption: String
  var choices: [Choice]
  /// Number of the last stop of the slider; nil where there is one checkpoint only.
  var lastStop: Int?
  var stopLabel: String
  var links: [LinkView]
  var note: String
  var rowsTitle: String
  var columns: [ColumnView]
  var rows: [Row]
  var roughnessLead: String
  var roughness: [Roughness]
  var excitement: ExcitementView?
}

/// The moments of a game at which units answered most.
struct ExcitementView {
  struct Unit {
    var number: Int
    var vote: String
    var tile: TileView
    var moments: [Moment]
  }

  struct Moment {
    /// Frame of the game, for the player.
    var frame: Int
    var time: String
    /// The unit's activation.
    var value: String
    var tile: TileView
  }

  var lead: String
  var units: [Unit]
}

/// A part of a picture file.
struct TileView {
  var sheet: String
  var sheetWidth: Int
  var sheetHeight: Int
  var x: Int
  var y: Int
  var side: Int
  var alternative: String
}
