// SPDX-License-Identifier: MIT

import FoundationEssentials
import Plotting

/// Square pictures of one size in one picture file, eight a row, from which the page shows parts.
struct PictureSheet: Encodable {
  static let columns = 8

  /// How the page names the file.
  let path: String
  let width: Int
  let height: Int
  /// Pixels of a picture's side.
  let side: Int
  /// Pixels from one picture to the next.
  let pitch: Int

  /// The part of the page that shows one of the pictures.
  ///
  /// - Parameter alternative: what is on it.
  func tile(_ place: Int, _ alternative: String) -> HTML {
    let (x, y) = (place % Self.columns * pitch, place / Self.columns * pitch)
    return """
      <svg viewBox="\(x) \(y) \(side) \(side)" role="img" aria-label="\(alternative)">\
      <image href="\(path)" x="0" y="0" width="\(width)" height="\(height)"></image></svg>

      """
  }

  /// Pictures without gaps; what is left over of the last row is black.
  init(
    _ pictures: [PixelImage], named name: String, _ figures: FigureWriter
  ) throws {
    precondition(!pictures.isEmpty, "a sheet needs pictures")
    let format = pictures[0].format
    side = pictures[0].width
    pitch = side
    let across = min(Self.columns, pictures.count)
    let down = (pictures.count + across - 1) / across
    let stride = side * format.channels
    var bytes = [UInt8](repeating: 0, count: across * stride * down * side)
    for (index, picture) in pictures.enumerated() {
      for row in 0..<side {
        let target = ((index / across * side + row) * across + index % across) * stride
        bytes.replaceSubrange(
          target..<target + stride, with: picture.bytes[row * stride..<(row + 1) * stride])
      }
    }
    (width, height) = (across * side, down * side)
    let sheet = PixelImage(width: width, height: height, format: format, bytes: bytes)
    path = try figures.write(try sheet.indexedPNG(text: figures.notes), picture: name)
  }
}

extension PictureSheet {
  /// `filters.js` reads the path alone.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(path)
  }

  /// Pixels between two filters.
  static let gap = 2

  /// Filters of one checkpoint, one pixel a weight, in as many greys as fit the budget: smooth filters
  /// get all 255, noise fewer, which on noise cannot be told apart.
  ///
  /// - Parameters:
  ///   - white: the weight that is white.
  ///   - budget: bytes.
  ///   - figures: where the file goes; nil puts it into the page itself.
  init(
    _ layer: FirstLayer, _ units: [Int], white: Float, named name: String, budget: Int,
    _ figures: FigureWriter?
  ) throws {
    var file: [UInt8] = []
    var size = (width: 0, height: 0)
    for levels in [255, 63, 31, 15, 11, 7] {
      let pixels = filterGridPixels(
        tiles: units.map { layer.clamped($0, to: white) }, tileWidth: FirstLayer.side,
        tileHeight: FirstLayer.side, columns: Self.columns, gap: Self.gap, gapGrey: 1,
        levels: levels)
      size = (pixels.width, pixels.height)
      file = try pixels.indexedPNG(text: figures?.notes ?? [])
      if file.count <= budget { break }
    }
    path =
      try figures?.write(file, picture: name)
      ?? "data:image/png;base64,\(Data(file).base64EncodedString())"
    (width, height) = size
    side = FirstLayer.side
    pitch = side + Self.gap
  }

  /// The picture of a hidden unit's filter.
  func filter(_ place: Int, of unit: Int) -> HTML { tile(place, "Filter of hidden unit \(unit)") }
}
