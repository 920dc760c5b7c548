// SPDX-License-Identifier: MIT

/// Which value is white in a grid of filters.
package enum FilterGrey: String, Sendable {
  /// The greatest absolute weight of the whole grid: tiles compare.
  case shared
  /// The greatest absolute weight of each tile: every tile shows its pattern.
  case perTile
}

/// A grid of filters as grey pixels, one a weight: positive white, zero mid grey, negative black.
///
/// - Parameters:
///   - tiles: weights, each `tileHeight · tileWidth`, row by row; one that is not finite is grey.
///   - columns: tiles a row; the last row may be shorter.
///   - gap: pixels between tiles, in `gapGrey`; none around the grid.
///   - levels: odd number of greys; noise needs few, and each bit costs an eighth of the file.
/// - Returns: an image of `columns · (tileWidth + gap) − gap` pixels' width, and so in height.
package func filterGridPixels(
  tiles: [[Float]], tileWidth: Int, tileHeight: Int, columns: Int, gap: Int,
  grey: FilterGrey = .shared, gapGrey: UInt8 = 128, levels: Int = 255
) -> PixelImage {
  precondition(
    tileWidth > 0 && tileHeight > 0 && columns > 0 && gap >= 0,
    "a grid needs tiles and columns: \(tileWidth)×\(tileHeight), \(columns), gap \(gap)")
  let columns = min(columns, max(tiles.count, 1))
  let rows = max((tiles.count + columns - 1) / columns, 1)
  let width = columns * (tileWidth + gap) - gap
  let height = rows * (tileHeight + gap) - gap
  var bytes = [UInt8](repeating: gapGrey, count: width * height)
  let shared = tiles.map(largestMagnitude).max() ?? 0
  for (index, tile) in tiles.enumerated() {
    let pixels = greyPixels(tile, white: grey == .shared ? shared : nil, levels: levels)
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
///   - white: the magnitude of pure white; nil for the greatest of `weights`.
///   - levels: odd number of greys, evenly spaced, 3 to 255.
func greyPixels(_ weights: [Float], white: Float? = nil, levels: Int = 255) -> [UInt8] {
  precondition(
    (3...255).contains(levels) && levels % 2 == 1, "greys are an odd number, not \(levels)")
  let largest = white ?? largestMagnitude(weights)
  let half = Float(levels / 2)
  return weights.map { weight in
    if !weight.isFinite || largest <= 0 { return 128 }
    let step = max(-half, min(half, (weight / largest * half).rounded()))
    return UInt8(128 + (step * 127 / half).rounded())
  }
}

/// The greatest absolute value of those that are finite; 0 where there is none.
func largestMagnitude(_ weights: [Float]) -> Float {
  weights.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
}
