// SPDX-License-Identifier: MIT

import Artifacts
import Plotting

/// One frame of Pong as the game shows it, 160 columns by 210 rows.
///
/// Painted from what a replay holds. The ball's row can differ by one from the machine's in a few
/// columns near the player's paddle, where it depends on the paddle's electronics.
enum PongPicture {
  static let width = 160
  static let height = 210

  private enum Ink {
    static let background: [UInt8] = [144, 72, 17]
    static let field: [UInt8] = [236, 236, 236]
    static let computer: [UInt8] = [213, 130, 74]
    static let player: [UInt8] = [92, 186, 92]
    static let black: [UInt8] = [0, 0, 0]
  }

  /// Five rows of three cells for each digit.
  private static let glyphs: [[String]] = [
    ["###", "#.#", "#.#", "#.#", "###"], [".#.", ".#.", ".#.", ".#.", ".#."],
    ["###", "..#", "###", "#..", "###"], ["###", "..#", ".##", "..#", "###"],
    ["#.#", "#.#", "###", "..#", "..#"], ["###", "#..", "###", "..#", "###"],
    ["#..", "#..", "###", "#.#", "###"], ["###", "..#", "..#", "..#", "..#"],
    ["###", "#.#", "###", "#.#", "###"], ["###", "#.#", "###", "..#", "..#"],
  ]

  /// The frame's pixels.
  static func image(_ frame: ReplayFile.Frame) -> PixelImage {
    var bytes = [UInt8]()
    bytes.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { bytes += Ink.background }
    func box(_ ink: [UInt8], columns: Range<Int>, rows: Range<Int>) {
      for row in rows.clamped(to: 0..<height) {
        for column in columns.clamped(to: 0..<width) {
          let at = 3 * (row * width + column)
          for channel in 0..<3 { bytes[at + channel] = ink[channel] }
        }
      }
    }
    func digit(_ ink: [UInt8], _ value: Int, left: Int) {
      for (r, cells) in glyphs[value % 10].enumerated() {
        for (c, cell) in cells.enumerated() where cell == "#" {
          box(ink, columns: left + 4 * c..<left + 4 * c + 4, rows: 1 + 4 * r..<5 + 4 * r)
        }
      }
    }
    func score(_ ink: [UInt8], _ value: UInt8, left: Int) {
      digit(ink, Int(value) % 10, left: left)
      if value > 9 { digit(ink, Int(value) / 10, left: left - 16) }
    }
    box(Ink.black, columns: 0..<8, rows: 0..<1)
    score(Ink.computer, frame.computerScore, left: 36)
    score(Ink.player, frame.playerScore, left: 116)
    let top = Int(frame.playerY) + Int(frame.playerY & 1) - 14
    box(Ink.player, columns: 140..<144, rows: max(24, top)..<max(24, top + 16))
    let bottom = Int(frame.robotY)
    if bottom >= 26 { box(Ink.computer, columns: 16..<20, rows: max(25, bottom - 15)..<bottom + 1) }
    if frame.ballY > 0 {
      for column in [Int(frame.ballX) - 49, Int(frame.ballX) - 48] {
        let x = (column + width) % width
        let higher = x >= (frame.ballY & 1 == 1 ? 139 : 158) ? 1 : 0
        let first = Int(frame.ballY) - 14 - higher
        box(Ink.field, columns: x..<x + 1, rows: max(24, first)..<max(24, first + 4))
      }
    }
    box(Ink.field, columns: 0..<width, rows: 24..<34)
    box(Ink.field, columns: 0..<width, rows: 194..<210)
    return PixelImage(width: width, height: height, format: .rgb, bytes: bytes)
  }
}
