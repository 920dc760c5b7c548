// SPDX-License-Identifier: MIT

/// Where things stand on the screen of 210 rows and 160 columns, row 0 at the top.
package enum PongGeometry {
  package static let rows = 210
  package static let columns = 160
  /// Rows between the walls; outside, paddles and ball are hidden by them.
  package static let field = 34..<194
  package static let rightColumns = 140..<144
  package static let leftColumns = 16..<20

  /// Rows of the right paddle, some of them under the walls.
  package static func rightRows(_ rightY: Int32) -> Range<Int> {
    let top = Int(rightY + (rightY & 1)) - 14
    return top..<max(top, min(206, top + 16))
  }

  /// Rows of the left paddle, some of them under the walls; empty near the top, where only the
  /// computer goes.
  package static func leftRows(_ leftY: Int32) -> Range<Int> {
    let end = Int(leftY + (leftY & 1)) + 1
    let top = max(25, end - 16)
    return top..<max(top, end)
  }

  /// The two columns of the ball, left one first; they may lie at both edges of the screen.
  @inline(__always)
  package static func ballColumns(_ game: PongGame) -> (Int, Int) {
    if game.isResetFrame { return (2, 3) }
    let position = Int(game.ballX) &- 49
    let left = position < 0 ? position &+ 160 : position >= 160 ? position &- 160 : position
    return (left, left == 159 ? 0 : left &+ 1)
  }

  /// Whether the ball is in the frame now displayed, and not beyond a wall (section 8.4).
  @inline(__always)
  package static func isBallDisplayed(_ game: PongGame) -> Bool {
    game.ballY >= 37 && game.ballY <= 219
  }

  /// Rows of the ball in one of its columns, some of them under the walls.
  ///
  /// Usually `ballY − 14 ..< ballY − 10`. Towards the right edge the beam has passed before the
  /// registers are written, and the ball is drawn a row higher or a row taller or shorter
  /// (section 3.2).
  @inline(__always)
  package static func ballRows(_ game: PongGame, column: Int) -> Range<Int> {
    if game.isResetFrame { return 45..<49 }
    guard isBallDisplayed(game) else { return 0..<0 }
    let y = Int(game.ballY)
    return column < 127 ? (y &- 14)..<(y &- 10) : lateBallRows(game, column: column)
  }

  /// The same towards the right edge.
  private static func lateBallRows(_ game: PongGame, column: Int) -> Range<Int> {
    let y = Int(game.ballY)
    let late = Int(
      PongGame.unchargedReads(game.isRightRead ? game.rightResistance : game.leftResistance))
    let k = (y - 38) >> 1
    let first = column >= beamColumn(game, strip: k, late: late) ? y - 15 : y - 14
    let end = column >= beamColumn(game, strip: k + 2, late: late) ? y - 11 : y - 10
    return first..<max(first, end)
  }

  /// The column from which on strip `k` is drawn one row early.
  private static func beamColumn(_ game: PongGame, strip k: Int, late: Int) -> Int {
    var column = 152
    if k <= late { column += 6 }
    // Two-player games have two more controllers, which nobody turns.
    if game.hasTwoPlayers && k <= 36 { column += 6 }
    if (0...15).contains(38 + 2 * k - Int(game.rightY)) { column -= 3 }
    if game.ballY & 1 == 1 {
      column -= 19
      if (0...15).contains(40 + 2 * k - Int(game.leftY)) { column -= 3 }
    }
    return column
  }

  /// Whether ball and right paddle overlap in the frame now displayed (section 3.3).
  @inline(__always)
  package static func ballMeetsRight(_ game: PongGame) -> Bool {
    game.ballX >= 188 && game.ballX <= 192
      && ballMeets(game, rightColumns, rightRows(game.rightY))
  }

  /// Whether ball and left paddle overlap in the frame now displayed (section 3.3).
  @inline(__always)
  package static func ballMeetsLeft(_ game: PongGame) -> Bool {
    game.ballX >= 64 && game.ballX <= 68 && ballMeets(game, leftColumns, leftRows(game.leftY))
  }

  /// Whether a pixel of the ball is one of a paddle's.
  private static func ballMeets(
    _ game: PongGame, _ columns: Range<Int>, _ rows: Range<Int>
  ) -> Bool {
    let (left, right) = ballColumns(game)
    return columns.contains(left) && ballRows(game, column: left).overlaps(rows)
      || columns.contains(right) && ballRows(game, column: right).overlaps(rows)
  }
}
