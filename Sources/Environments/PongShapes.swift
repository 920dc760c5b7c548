// SPDX-License-Identifier: MIT

import Kernels

/// A frame of ordinary play as three shapes: two paddles by the number of their place, and the
/// rows of the ball that no paddle covers, in its one sampled column.
struct PongShapes: Sendable {
  private var robot: UInt8 = 0
  private var player: UInt8 = 0
  /// Whether the ball is in a paddle's column.
  private var isOverlapping = false
  /// Whether the colours are not those of ordinary play, as after the cartridge's time limit: then
  /// the shapes say nothing.
  private(set) var isDiscoloured = false
  /// Column −1 where there is no ball.
  private var ballColumn: Int32 = -1
  private var ball = PixelRun()

  /// Nothing lit.
  init() {}

  /// What `game` now displays.
  @inline(__always)
  init(of game: PongGame, _ places: PaddlePlaces) {
    player = places.player[Int(game.playerY & 255)]
    robot = places.robot[Int(game.robotY & 255)]
    isDiscoloured = game.shownHue != 0 && game.shownHue != 0x3C
    guard game.ballY != 0 else { return }
    let (left, right) = PongGeometry.ballColumns(game)
    let column = left & 1 == 0 ? left : right
    ball = PixelRun(screenRows: PongGeometry.ballRows(game, column: column))
    ballColumn = Int32(truncatingIfNeeded: column >> 1)
    let pair = Int(ballColumn) & ~1
    if pair == PaddlePlaces.robotColumn || pair == PaddlePlaces.playerColumn {
      isOverlapping = true
      // Neither reaches beyond the other at both ends: a paddle is longer than the ball, or cut by
      // the edge that both lie at.
      let paddle = pair == PaddlePlaces.robotColumn ? robot : player
      ball = ball.subtracting(places.runs[Int(paddle)])
    }
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  ///
  /// Where the writer takes patterns, a moving paddle is its new place minus its old one: two
  /// entries, not the twenty or so pixels that change; and an entry may be written with both
  /// signs, which cancel.
  @inline(__always)
  func writeDifference(
    from previous: PongShapes, _ places: PaddlePlaces, to writer: inout SignWriter
  ) {
    // A copy of the writer stays in registers.
    var local = writer
    if local.takesPatterns {
      let (robotMoved, playerMoved) = (robot != previous.robot, player != previous.player)
      let isAlone = ballColumn != previous.ballColumn || isOverlapping || previous.isOverlapping
      local.putPattern(Int(robot), if: robotMoved)
      local.putPattern(Int(player), if: playerMoved)
      (isAlone ? ball : ball.subtracting(previous.ball)).write(
        column: Int(ballColumn), to: &local)
      local.beginMinus()
      local.putPattern(Int(previous.robot), if: robotMoved)
      local.putPattern(Int(previous.player), if: playerMoved)
      (isAlone ? previous.ball : previous.ball.subtracting(ball)).write(
        column: Int(previous.ballColumn), to: &local)
    } else if isOverlapping || previous.isOverlapping {
      ColumnBits.write(columns(places), without: previous.columns(places), to: &local)
      local.beginMinus()
      ColumnBits.write(previous.columns(places), without: columns(places), to: &local)
    } else {
      write(without: previous, places, to: &local)
      local.beginMinus()
      previous.write(without: self, places, to: &local)
    }
    writer = local
  }

  /// Writes everything lit as 1.
  func writeFrame(_ places: PaddlePlaces, to writer: inout SignWriter) {
    if writer.takesPatterns {
      writer.putPattern(Int(robot), if: true)
      writer.putPattern(Int(player), if: true)
      ball.write(column: Int(ballColumn), to: &writer)
    } else {
      write(without: PongShapes(), places, to: &writer)
    }
  }

  /// The 80 columns of bits, left to right: the slow way.
  func columns(_ places: PaddlePlaces) -> [ColumnBits] {
    var columns = [ColumnBits](repeating: ColumnBits(), count: PongVision.side)
    for (left, place) in [(PaddlePlaces.robotColumn, robot), (PaddlePlaces.playerColumn, player)] {
      let bits = ColumnBits(places.runs[Int(place)])
      columns[left] = bits
      columns[left + 1] = bits
    }
    if ballColumn >= 0 { columns[Int(ballColumn)].formUnion(ColumnBits(ball)) }
    return columns
  }

  /// Where the ball is in no paddle's column, or there is nothing to leave out.
  private func write(
    without other: PongShapes, _ places: PaddlePlaces, to writer: inout SignWriter
  ) {
    for (here, there, column) in [
      (robot, other.robot, PaddlePlaces.robotColumn),
      (player, other.player, PaddlePlaces.playerColumn),
    ] {
      let run = places.runs[Int(here)].subtracting(places.runs[Int(there)])
      run.write(column: column, to: &writer)
      run.write(column: column + 1, to: &writer)
    }
    let left = ballColumn == other.ballColumn ? ball.subtracting(other.ball) : ball
    left.write(column: Int(ballColumn), to: &writer)
  }
}
