// SPDX-License-Identifier: MIT

/// A figure of first-layer weights: each hidden unit's row as a grey picture, with the unit's
/// number and the sign of its output weight below.
package struct FilterGrid: Figure {
  /// One hidden unit.
  package struct Tile: Equatable, Sendable {
    /// Index of the hidden unit, 0-based.
    package let unit: Int
    /// The weight from this unit to the output; its sign says which way the unit votes. nil where
    /// there is none, as for a filter.
    package let outputWeight: Double?
    /// `tileHeight · tileWidth` weights, row by row.
    package let weights: [Float]

    /// One hidden unit.
    package init(unit: Int, outputWeight: Double?, weights: [Float]) {
      self.unit = unit
      self.outputWeight = outputWeight
      self.weights = weights
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The hidden units in the order shown.
  package var tiles: [Tile]
  /// Width of a tile in weights.
  package var tileWidth: Int
  /// Height of a tile in weights.
  package var tileHeight: Int
  /// Which magnitude is white.
  package var grey: FilterGrey

  /// A figure of first-layer weights.
  ///
  /// - Precondition: each tile has `tileWidth · tileHeight` weights.
  package init(
    text: FigureText = FigureText(), tiles: [Tile], tileWidth: Int = 80, tileHeight: Int = 80,
    grey: FilterGrey = .shared
  ) {
    precondition(
      tiles.allSatisfy { $0.weights.count == tileWidth * tileHeight },
      "every tile needs \(tileWidth)·\(tileHeight) weights; found \(tiles.map(\.weights.count))")
    self.text = text
    self.tiles = tiles
    self.tileWidth = tileWidth
    self.tileHeight = tileHeight
    self.grey = grey
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let gap = sheet.isWide ? 8.0 : 5.0
    let style = TextStyle(size: sheet.isWide ? 10 : 8.5)
    // Columns no caption would fit under are not laid out.
    let columns = max(1, min(sheet.width > 600 ? 8 : 4, Int((sheet.innerWidth + gap) / (34 + gap))))
    let size = (sheet.innerWidth - gap * Double(columns - 1)) / Double(columns)
    let tall = size * Double(tileHeight) / Double(max(tileWidth, 1))
    let white = grey == .shared ? tiles.map { largestMagnitude($0.weights) }.max() : nil
    if tiles.isEmpty {
      sheet.addParagraph(
        "no filters yet", style: sheet.labelStyle, color: .mutedInk, maximumLines: 1)
    }
    let rowHeight = tall + 3 + style.lineHeight + gap * 0.75
    let top = sheet.bottom
    for (index, tile) in tiles.enumerated() {
      let x = sheet.margin + Double(index % columns) * (size + gap)
      let y = top + Double(index / columns) * rowHeight
      let image = PixelImage(
        width: tileWidth, height: tileHeight, format: .grey,
        bytes: greyPixels(tile.weights, white: white))
      sheet.marks.append(.image(image, Rect(x: x, y: y, width: size, height: tall)))
      let baseline = y + tall + 3 + style.ascent
      let sign = tile.outputWeight.map(signText) ?? ""
      let signStyle = TextStyle(size: style.size + 1.5, weight: .semibold)
      let signWidth = signStyle.width(of: sign)
      sheet.add(
        text: style.truncated("\(tile.unit)", to: size - signWidth - 4), at: Point(x, baseline),
        style: style, color: .mutedInk)
      if sign.isEmpty { continue }
      sheet.add(
        text: sign, at: Point(x + size, baseline),
        style: signStyle, color: .ink, anchor: .end)
    }
    let rows = (tiles.count + columns - 1) / columns
    if rows > 0 { sheet.bottom = top + Double(rows) * rowHeight - gap * 0.75 }
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Filters", describedAs: description)
  }

  private func signText(_ weight: Double) -> String {
    weight > 0 ? "+" : weight < 0 ? "−" : weight == 0 ? "0" : "–"
  }

  private var description: String {
    let up = tiles.count { $0.outputWeight.map { $0 > 0 } ?? false }
    let down = tiles.count { $0.outputWeight.map { $0 < 0 } ?? false }
    return "The first-layer weights of \(tiles.count) hidden units as grey pictures of"
      + " \(tileWidth)×\(tileHeight), white positive and black negative: \(up) with a positive"
      + " and \(down) with a negative output weight."
  }
}
