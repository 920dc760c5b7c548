// SPDX-License-Identifier: MIT

package import Kernels

/// What the post's preprocessing leaves of a frame, 80 × 80 bits, and the signed difference of two
/// such frames, written straight from the game's state.
///
/// The post takes rows 35, 37, … 193 and columns 0, 2, … 158, red channel; 144 and 109 become 0,
/// every other value that is not 0 becomes 1. In ordinary play what is left are two paddles in two
/// columns each and the ball in one column. Pixel (row, column) has index `80·row + column`.
package struct PongVision: Sendable {
  package static let side = 80

  /// What there is in ordinary play.
  var shapes = PongShapes()
  /// The 80 columns where the colours are not those of ordinary play, looked at pixel by pixel;
  /// else empty.
  private var pixels: [ColumnBits] = []

  /// Nothing lit.
  package init() {}

  /// Looks at the frame that `game` now displays.
  package mutating func look(at game: PongGame) {
    shapes = PongShapes(of: game, .shared)
    pixels = shapes.isDiscoloured ? Self.pixelColumns(of: game) : []
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  package func writeDifference(from previous: PongVision, to writer: inout SignWriter) {
    if shapes.isDiscoloured || previous.shapes.isDiscoloured {
      let (now, before) = (allColumns, previous.allColumns)
      ColumnBits.write(now, without: before, to: &writer)
      writer.beginMinus()
      ColumnBits.write(before, without: now, to: &writer)
    } else {
      shapes.writeDifference(from: previous.shapes, .shared, to: &writer)
    }
  }

  /// Writes everything lit as 1.
  package func writeFrame(to writer: inout SignWriter) {
    if shapes.isDiscoloured {
      ColumnBits.write(pixels, without: Self.dark, to: &writer)
    } else {
      shapes.writeFrame(.shared, to: &writer)
    }
  }

  /// The 80 columns of bits, left to right.
  package var allColumns: [ColumnBits] {
    shapes.isDiscoloured ? pixels : shapes.columns(.shared)
  }

  private static let dark = [ColumnBits](repeating: ColumnBits(), count: side)

  /// The post's preprocessing, pixel by pixel.
  package static func pixelColumns(of game: PongGame) -> [ColumnBits] {
    let frame = PongScreen.render(game)
    return (0..<side).map { column in
      var bits = ColumnBits()
      for row in 0..<side {
        let red = PongPalette.red(frame[(35 + 2 * row) * PongGeometry.columns + 2 * column])
        if red != 0 && red != 144 && red != 109 { bits.insert(row) }
      }
      return bits
    }
  }

  /// The pixels of a paddle at each of its places: the patterns that may be written.
  package static var patterns: [[UInt16]] { PaddlePlaces.shared.pixels }
}
