// SPDX-License-Identifier: MIT

/// Where things stand on the screen of 210 rows and 160 columns, row 0 at the top.
package enum PongGeometry {
  package static let rows = 210
  package static let columns = 160
  /// Rows between the walls; outside, paddles and ball are hidden by them.
  package static let field = 34..<194
  package static let playerColumns = 140..<144
  package static let robotColumns = 16..<20

  /// Rows of the player's paddle, some of them under the walls.
  package static func playerRows(_ playerY: Int32) -> Range<Int> {
    let top = Int(playerY + (playerY & 1)) - 14
    return top..<max(top, min(206, top + 16))
  }

  /// Rows of the computer's paddle, some of them under the walls; empty near the top.
  package static func robotRows(_ robotY: Int32) -> Range<Int> {
    let top = max(25, Int(robotY) - 15)
    return top..<max(top, Int(robotY) + 1)
  }

  /// The two columns of the ball, left one first; they may lie at both edges of the screen.
  @inline(__always)
  package static func ballColumns(_ game: PongGame) -> (Int, Int) {
    if game.isResetFrame { return (2, 3) }
    let position = Int(game.ballX) &- 49
    let left = position < 0 ? position &+ 160 : position >= 160 ? position &- 160 : position
    return (left, left == 159 ? 0 : left &+ 1)
  }

  /// Rows of the ball in one of its columns, some of them under the walls.
  ///
  /// Usually `ballY − 14 ..< ballY − 10`. Towards the right edge the beam has passed before the
  /// registers are written, and the ball is drawn a row higher or a row taller or shorter
  /// (section 3.2).
  @inline(__always)
  package static func ballRows(_ game: PongGame, column: Int) -> Range<Int> {
    let y = Int(game.ballY)
    if y == 0 || game.isResetFrame { return game.isResetFrame ? 45..<49 : 0..<0 }
    return column < 127 ? (y &- 14)..<(y &- 10) : lateBallRows(game, column: column)
  }

  /// The same towards the right edge.
  private static func lateBallRows(_ game: PongGame, column: Int) -> Range<Int> {
    let y = Int(game.ballY)
    let late = Int(
      PongGame.unchargedReads(game.isPaddleReadFrame ? game.resistance : 408_823))
    let k = (y - 38) >> 1
    let first = column >= beamColumn(game, strip: k, late: late) ? y - 15 : y - 14
    let end = column >= beamColumn(game, strip: k + 2, late: late) ? y - 11 : y - 10
    return first..<max(first, end)
  }

  /// The column from which on strip `k` is drawn one row early.
  private static func beamColumn(_ game: PongGame, strip k: Int, late: Int) -> Int {
    var column = 152
    if k <= late { column += 6 }
    if (0...15).contains(38 + 2 * k - Int(game.playerY)) { column -= 3 }
    if game.ballY & 1 == 1 {
      column -= 19
      if (0...15).contains(40 + 2 * k - Int(game.robotY)) { column -= 3 }
    }
    return column
  }

  /// Whether ball and player's paddle overlap in the frame now displayed (section 3.3).
  @inline(__always)
  package static func ballMeetsPlayer(_ game: PongGame) -> Bool {
    guard game.ballX >= 188, game.ballX <= 192, game.ballY != 0 else { return false }
    let ball = game.ballY &- 14 &- (game.ballY & 1)
    let top = game.playerY &+ (game.playerY & 1) &- 14
    return ball < min(206, top &+ 16) && ball &+ 4 > top
  }

  /// Whether ball and computer's paddle overlap in the frame now displayed (section 3.3).
  @inline(__always)
  package static func ballMeetsRobot(_ game: PongGame) -> Bool {
    guard game.ballX >= 64, game.ballX <= 68, game.ballY != 0 else { return false }
    let ball = game.ballY &- 14
    return ball < game.robotY &+ 1 && ball &+ 4 > max(25, game.robotY &- 15)
  }
}
