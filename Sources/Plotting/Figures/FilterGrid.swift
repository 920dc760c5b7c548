// SPDX-License-Identifier: MIT

extension Figure {
  /// A figure of filters: each one's weights as a grey picture with its number below, all on one scale
  /// of grey.
  ///
  /// - Parameters:
  ///   - tiles: each filter's `tileHeight · tileWidth` weights, row by row.
  ///   - tileWidth: in weights, as `tileHeight`.
  package static func filters(
    title: String = "", alternative: String? = nil, tiles: [[Float]], tileWidth: Int,
    tileHeight: Int
  ) -> Figure {
    precondition(
      tiles.allSatisfy { $0.count == tileWidth * tileHeight },
      "every tile needs \(tileWidth)·\(tileHeight) weights; found \(tiles.map(\.count))")
    return Figure("Filters", title: title, alternative: alternative) { sheet in
      if tiles.isEmpty { return nil }
      let gap = sheet.isWide ? 8.0 : 5.0
      let style = TextStyle(size: sheet.isWide ? 10 : 8.5)
      // Columns no number would fit under are not laid out.
      let columns = max(
        1, min(sheet.width > 600 ? 8 : 4, Int((sheet.innerWidth + gap) / (34 + gap))))
      let size = (sheet.innerWidth - gap * Double(columns - 1)) / Double(columns)
      let tall = size * Double(tileHeight) / Double(max(tileWidth, 1))
      let white = tiles.map(largestMagnitude).max()
      let rowHeight = tall + 3 + style.lineHeight + gap * 0.75
      let top = sheet.bottom
      for (index, tile) in tiles.enumerated() {
        let x = sheet.margin + Double(index % columns) * (size + gap)
        let y = top + Double(index / columns) * rowHeight
        let image = PixelImage(
          width: tileWidth, height: tileHeight, format: .grey,
          bytes: greyPixels(tile, white: white))
        sheet.marks.append(.image(image, Rect(x: x, y: y, width: size, height: tall)))
        sheet.add(
          text: style.truncated("\(index)", to: size), at: Point(x, y + tall + 3 + style.ascent),
          style: style, color: .mutedInk)
      }
      let rows = (tiles.count + columns - 1) / columns
      sheet.bottom = top + Double(rows) * rowHeight - gap * 0.75
      return "\(tiles.count) filters as grey pictures of \(tileWidth)×\(tileHeight) weights, white"
        + " positive and black negative."
    }
  }
}

/// A grid of filters as grey pixels, one a weight: positive white, zero mid grey, negative black.
///
/// The greatest magnitude of all is white, so that tiles compare.
///
/// - Parameters:
///   - tiles: weights, each `tileHeight · tileWidth`, row by row; one that is not finite is grey.
///   - columns: tiles a row; the last row may be shorter.
///   - gap: pixels between tiles, in `gapGrey`; none around the grid.
///   - levels: odd number of greys; noise needs few, and each bit costs an eighth of the file.
/// - Returns: an image of `columns · (tileWidth + gap) − gap` pixels' width, and so in height.
package func filterGridPixels(
  tiles: [[Float]], tileWidth: Int, tileHeight: Int, columns: Int, gap: Int, gapGrey: UInt8,
  levels: Int
) -> PixelImage {
  precondition(
    tileWidth > 0 && tileHeight > 0 && columns > 0 && gap >= 0,
    "a grid needs tiles and columns: \(tileWidth)×\(tileHeight), \(columns), gap \(gap)")
  let columns = min(columns, max(tiles.count, 1))
  let rows = max((tiles.count + columns - 1) / columns, 1)
  let width = columns * (tileWidth + gap) - gap
  let height = rows * (tileHeight + gap) - gap
  var bytes = [UInt8](repeating: gapGrey, count: width * height)
  let white = tiles.map(largestMagnitude).max()
  for (index, tile) in tiles.enumerated() {
    let pixels = greyPixels(tile, white: white, levels: levels)
    precondition(
      pixels.count == tileWidth * tileHeight,
      "tile \(index) has \(pixels.count) weights, not \(tileWidth)·\(tileHeight)")
    let left = index % columns * (tileWidth + gap)
    let top = index / columns * (tileHeight + gap)
    for y in 0..<tileHeight {
      let start = (top + y) * width + left
      bytes.replaceSubrange(
        start..<(start + tileWidth), with: pixels[(y * tileWidth)..<((y + 1) * tileWidth)])
    }
  }
  return PixelImage(width: width, height: height, format: .grey, bytes: bytes)
}

/// Weights as grey values: `white` becomes 255, its negative 1, zero 128; larger ones are clamped.
///
/// - Parameters:
///   - white: the magnitude of pure white; 0 or nil makes all of them mid grey.
///   - levels: odd number of greys, evenly spaced, 3 to 255.
private func greyPixels(_ weights: [Float], white: Float?, levels: Int = 255) -> [UInt8] {
  precondition(
    (3...255).contains(levels) && levels % 2 == 1, "greys are an odd number, not \(levels)")
  let (largest, half) = (white ?? 0, Float(levels / 2))
  return weights.map { weight in
    if !weight.isFinite || largest <= 0 { return 128 }
    let step = max(-half, min(half, (weight / largest * half).rounded()))
    return UInt8(128 + (step * 127 / half).rounded())
  }
}

/// The greatest absolute value of those that are finite; 0 where there is none.
private func largestMagnitude(_ weights: [Float]) -> Float {
  weights.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
}
