// SPDX-License-Identifier: MIT

import Plotting

/// Filters of one checkpoint in one picture file, eight a row, one pixel a weight, one grey scale.
struct FilterSheet {
  static let columns = 8
  /// Pixels between two pictures.
  static let gap = 2
  static let pitch = FirstLayer.side + gap

  let units: [Int]
  /// The weight that is white.
  let white: Float
  let path: String
  let width: Int
  let height: Int

  /// Writes the file with as many greys as fit the budget: smooth filters get all 255, noise fewer,
  /// which on noise cannot be told apart.
  ///
  /// - Parameter place: puts the file somewhere and says how the page names it.
  init(
    _ layer: FirstLayer, units: [Int], white: Float, budget: Int, notes: [PNGText],
    place: ([UInt8]) throws(ReportError) -> String
  ) throws(ReportError) {
    self.units = units
    self.white = white
    var file: [UInt8] = []
    var size = (width: 0, height: 0)
    for levels in [255, 63, 31, 15, 11, 7] {
      let pixels = filterGridPixels(
        tiles: units.map { layer.clamped($0, to: white) }, tileWidth: FirstLayer.side,
        tileHeight: FirstLayer.side, columns: Self.columns, gap: Self.gap, gapGrey: 1,
        levels: levels)
      size = (pixels.width, pixels.height)
      do throws(PlottingError) {
        file = try pixels.indexedPNG(text: notes)
      } catch {
        throw ReportError(.drawing, path: "filters", detail: "\(error)")
      }
      if file.count <= budget { break }
    }
    path = try place(file)
    (width, height) = size
  }

  /// Writes the file into the report's folder.
  init(
    _ layer: FirstLayer, units: [Int], white: Float, named name: String, budget: Int,
    press: inout FigurePress
  ) throws(ReportError) {
    try self.init(layer, units: units, white: white, budget: budget, notes: press.notes) {
      (bytes) throws(ReportError) in try press.write(bytes, picture: name)
    }
  }

  /// The place of a unit's picture.
  func tile(_ unit: Int) -> TileView? {
    units.firstIndex(of: unit).map { place in
      TileView(
        sheet: path, sheetWidth: width, sheetHeight: height,
        x: place % Self.columns * Self.pitch, y: place / Self.columns * Self.pitch,
        side: FirstLayer.side, alternative: Wording.filterAlternative(unit))
    }
  }
}
