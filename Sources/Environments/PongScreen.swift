// SPDX-License-Identifier: MIT

/// Draws the frame that a game now displays, as ALE's palette indices.
///
/// For people and for the judges in the tests; the policy's observation comes from `PongFrame`.
package enum PongScreen {
  /// Palette indices of the things on the screen for a hue (section 2.1).
  package struct Colours: Hashable, Sendable {
    package let background: UInt8
    package let playfield: UInt8
    package let computer: UInt8
    package let player: UInt8

    package init(hue: Int32) {
      let h = ((hue << 4) | (hue >> 4)) & 255
      func colour(_ base: Int32) -> UInt8 { UInt8(((base + h) & 255) & 0xFE) }
      computer = colour(0x38)
      player = colour(0xC8)
      playfield = colour(0x0F)
      background = colour(0x22)
    }
  }

  /// The frame, 210 rows of 160 palette indices.
  ///
  /// - Parameter side: the left one sees the mirror image, in which column x is 159 − x, with the
  ///   paddles' colours and the scores exchanged: its own paddle where the right player sees his.
  package static func render(_ game: PongGame, from side: PongGame.Side = .right) -> [UInt8] {
    let colours = Colours(hue: game.shownHue)
    let isMirrored = side == .left
    let width = PongGeometry.columns
    var frame = [UInt8](repeating: colours.background, count: PongGeometry.rows * width)
    func fill(_ rows: Range<Int>, _ columns: Range<Int>, _ colour: UInt8) {
      for row in rows.clamped(to: 0..<PongGeometry.rows) {
        for column in columns {
          frame[row * width + (isMirrored ? width - 1 - column : column)] = colour
        }
      }
    }
    /// Of what is not mirrored, where `fill` must put it.
    func unmirrored(_ columns: Range<Int>) -> Range<Int> {
      isMirrored ? width - columns.upperBound..<width - columns.lowerBound : columns
    }
    func score(_ value: Int, left: Int, _ colour: UInt8) {
      func digit(_ d: Int, _ left: Int) {
        for (r, line) in glyphs[d].split(separator: " ").enumerated() {
          for (c, cell) in line.enumerated() where cell == "#" {
            fill(1 + 4 * r..<5 + 4 * r, unmirrored(left + 4 * c..<left + 4 * c + 4), colour)
          }
        }
      }
      digit(value % 10, left + 20)
      if value >= 10 { digit(value / 10, left + 4) }
    }
    fill(0..<1, unmirrored(0..<8), 0)
    // The demonstration shows no score of the right player.
    let right = game.isAttract ? nil : Int(game.shownRightScore)
    let left = Int(game.shownLeftScore)
    let (own, other): (Int?, Int?) = isMirrored ? (left, right) : (right, left)
    if let other { score(other, left: 16, colours.computer) }
    if let own { score(own, left: 96, colours.player) }
    fill(
      PongGeometry.rightRows(game.rightY), PongGeometry.rightColumns,
      isMirrored ? colours.computer : colours.player)
    fill(
      PongGeometry.leftRows(game.leftY), PongGeometry.leftColumns,
      isMirrored ? colours.player : colours.computer)
    let ball = PongGeometry.ballColumns(game)
    for column in [ball.0, ball.1] {
      let rows = PongGeometry.ballRows(game, column: column)
      fill(
        max(24, rows.lowerBound)..<max(24, rows.upperBound), column..<column + 1, colours.playfield)
    }
    fill(24..<34, 0..<width, colours.playfield)
    fill(194..<210, 0..<width, colours.playfield)
    return frame
  }

  /// Five rows of three cells each, a cell of 4 × 4 pixels.
  private static let glyphs = [
    "### #.# #.# #.# ###", ".#. .#. .#. .#. .#.", "### ..# ### #.. ###", "### ..# .## ..# ###",
    "#.# #.# ### ..# ..#", "### #.. ### ..# ###", "#.. #.. ### #.# ###", "### ..# ..# ..# ..#",
    "### #.# ### #.# ###", "### #.# ### ..# ..#",
  ]

  /// `0xRRGGBB` of a palette index: the Atari 2600's NTSC colours as ALE shows them, measured on
  /// ale-py 0.12.1. Even indices 0...254 exist.
  package static func rgb(_ index: UInt8) -> UInt32 { palette[Int(index) / 2] }

  /// The red channel of a palette index, which the post's preprocessing looks at.
  package static func red(_ index: UInt8) -> UInt8 { UInt8(truncatingIfNeeded: rgb(index) >> 16) }
}

private let palette: [UInt32] = [
  0x000000, 0x4A4A4A, 0x6F6F6F, 0x8E8E8E, 0xAAAAAA, 0xC0C0C0, 0xD6D6D6, 0xECECEC,
  0x484800, 0x69690F, 0x86861D, 0xA2A22A, 0xBBBB35, 0xD2D240, 0xE8E84A, 0xFCFC54,
  0x7C2C00, 0x904811, 0xA26221, 0xB47A30, 0xC3903D, 0xD2A44A, 0xDFB755, 0xECC860,
  0x901C00, 0xA33915, 0xB55328, 0xC66C3A, 0xD5824A, 0xE39759, 0xF0AA67, 0xFCBC74,
  0x940000, 0xA71A1A, 0xB83232, 0xC84848, 0xD65C5C, 0xE46F6F, 0xF08080, 0xFC9090,
  0x840064, 0x97197A, 0xA8308F, 0xB846A2, 0xC659B3, 0xD46CC3, 0xE07CD2, 0xEC8CE0,
  0x500084, 0x68199A, 0x7D30AD, 0x9246C0, 0xA459D0, 0xB56CE0, 0xC57CEE, 0xD48CFC,
  0x140090, 0x331AA3, 0x4E32B5, 0x6848C6, 0x7F5CD5, 0x956FE3, 0xA980F0, 0xBC90FC,
  0x000094, 0x181AA7, 0x2D32B8, 0x4248C8, 0x545CD6, 0x656FE4, 0x7580F0, 0x8490FC,
  0x001C88, 0x183B9D, 0x2D57B0, 0x4272C2, 0x548AD2, 0x65A0E1, 0x75B5EF, 0x84C8FC,
  0x003064, 0x185080, 0x2D6D98, 0x4288B0, 0x54A0C5, 0x65B7D9, 0x75CCEB, 0x84E0FC,
  0x004030, 0x18624E, 0x2D8169, 0x429E82, 0x54B899, 0x65D1AE, 0x75E7C2, 0x84FCD4,
  0x004400, 0x1A661A, 0x328432, 0x48A048, 0x5CBA5C, 0x6FD26F, 0x80E880, 0x90FC90,
  0x143C00, 0x355F18, 0x527E2D, 0x6E9C42, 0x87B754, 0x9ED065, 0xB4E775, 0xC8FC84,
  0x303800, 0x505916, 0x6D762B, 0x88923E, 0xA0AB4F, 0xB7C25F, 0xCCD86E, 0xE0EC7C,
  0x482C00, 0x694D14, 0x866A26, 0xA28638, 0xBB9F47, 0xD2B656, 0xE8CC63, 0xFCE070,
]
