// SPDX-License-Identifier: MIT

/// Draws the frame that a game now displays, as ALE's palette indices.
///
/// For people and for the judges in the tests; the policy's observation comes from `PongVision`.
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
  package static func render(_ game: PongGame) -> [UInt8] {
    let colours = Colours(hue: game.shownHue)
    let width = PongGeometry.columns
    var frame = [UInt8](repeating: colours.background, count: PongGeometry.rows * width)
    func fill(_ rows: Range<Int>, _ columns: Range<Int>, _ colour: UInt8) {
      for row in rows.clamped(to: 0..<PongGeometry.rows) {
        for column in columns { frame[row * width + column] = colour }
      }
    }
    func score(_ value: Int, left: Int, _ colour: UInt8) {
      func digit(_ d: Int, _ left: Int) {
        for (r, line) in glyphs[d].split(separator: " ").enumerated() {
          for (c, cell) in line.enumerated() where cell == "#" {
            fill(1 + 4 * r..<5 + 4 * r, left + 4 * c..<left + 4 * c + 4, colour)
          }
        }
      }
      digit(value % 10, left + 20)
      if value >= 10 { digit(value / 10, left + 4) }
    }
    fill(0..<1, 0..<8, 0)
    score(Int(game.shownComputerScore), left: 16, colours.computer)
    if !game.isAttract { score(Int(game.shownPlayerScore), left: 96, colours.player) }
    fill(PongGeometry.playerRows(game.playerY), PongGeometry.playerColumns, colours.player)
    fill(PongGeometry.robotRows(game.robotY), PongGeometry.robotColumns, colours.computer)
    let (left, right) = PongGeometry.ballColumns(game)
    for column in [left, right] {
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
}
