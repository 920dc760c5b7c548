// SPDX-License-Identifier: MIT

package import Kernels

/// What the post's preprocessing leaves of a frame, 80 × 80 bits, and the signed difference of two
/// such frames, written straight from the game's state.
///
/// The post takes rows 35, 37, … 193 and columns 0, 2, … 158, red channel; 144 and 109 become 0,
/// every other value that is not 0 becomes 1. In ordinary play what is left are two paddles in two
/// columns each, kept as the numbers of their places, and the ball in one column, kept as the rows
/// that no paddle covers. Pixel (row, column) has index `80·row + column`.
package struct PongFrame: Sendable {
  package static let side = 80

  /// What there is in ordinary play.
  private var shapes = Shapes()
  /// The 80 columns where the colours are not those of ordinary play, as after the cartridge's time
  /// limit, looked at pixel by pixel; else empty.
  private var pixels: [PongColumn] = []

  /// Nothing lit.
  package init() {}

  /// What `game` now displays.
  package init(
    _ game: PongGame, _ places: PaddlePlaces = .shared, from side: PongGame.Side = .right
  ) { look(at: game, places, from: side) }

  /// Becomes what `game` now displays; from the left side, its mirror image.
  @inline(__always)
  mutating func look(
    at game: PongGame, _ places: PaddlePlaces, from side: PongGame.Side = .right
  ) {
    shapes = Shapes(game, places, side)
    if shapes.isDiscoloured { pixels = Self.pixelColumns(of: game, from: side) }
  }

  /// Becomes what another frame is.
  @inline(__always)
  mutating func copy(_ other: PongFrame) {
    shapes = other.shapes
    if shapes.isDiscoloured { pixels = other.pixels }
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  @inline(__always)
  package func writeDifference(
    from previous: PongFrame, _ places: PaddlePlaces = .shared, to writer: inout SignWriter
  ) {
    if shapes.isDiscoloured || previous.shapes.isDiscoloured {
      Self.write(columns(places), without: previous.columns(places), to: &writer)
    } else {
      shapes.writeDifference(from: previous.shapes, places, to: &writer)
    }
  }

  /// Writes everything lit as 1.
  package func write(_ places: PaddlePlaces = .shared, to writer: inout SignWriter) {
    guard shapes.isDiscoloured else { return shapes.write(places, to: &writer) }
    for (column, bits) in pixels.enumerated() { bits.write(column: column, to: &writer) }
  }

  /// The 80 columns of bits, left to right: the slow way.
  package func columns(_ places: PaddlePlaces = .shared) -> [PongColumn] {
    shapes.isDiscoloured ? pixels : shapes.columns(places)
  }

  /// The post's preprocessing, pixel by pixel.
  @inline(never)
  package static func pixelColumns(
    of game: PongGame, from side: PongGame.Side = .right
  ) -> [PongColumn] {
    let frame = PongScreen.render(game, from: side)
    return (0..<Self.side).map { column in
      var bits = PongColumn()
      for row in 0..<Self.side {
        let red = PongScreen.red(frame[(35 + 2 * row) * PongGeometry.columns + 2 * column])
        if red != 0 && red != 144 && red != 109 { bits.insert(row) }
      }
      return bits
    }
  }

  /// The difference of two frames' columns.
  @inline(never)
  private static func write(
    _ now: [PongColumn], without before: [PongColumn], to writer: inout SignWriter
  ) {
    for column in 0..<side {
      now[column].subtracting(before[column]).write(column: column, to: &writer)
    }
    writer.beginMinus()
    for column in 0..<side {
      before[column].subtracting(now[column]).write(column: column, to: &writer)
    }
  }

  /// A frame of ordinary play: two paddles by the number of their place, and the rows of the ball
  /// that no paddle covers, in its one sampled column.
  private struct Shapes: Sendable {
    private var robot: UInt8 = 0
    private var player: UInt8 = 0
    /// Whether the ball is in a paddle's column.
    private var isOverlapping = false
    /// Whether the colours are not those of ordinary play: then the shapes say nothing.
    private(set) var isDiscoloured = false
    /// Column −1 where there is no ball.
    private var ballColumn: Int32 = -1
    private var ball = PixelRun()

    init() {}

    @inline(__always)
    init(_ game: PongGame, _ places: PaddlePlaces, _ side: PongGame.Side) {
      // At equal heights the left paddle stands a row higher, which is the right one's place at a
      // height that is 2 less.
      let (own, other) =
        side == .right ? (game.rightY, game.leftY) : (game.leftY &- 2, game.rightY &+ 2)
      player = places.player[Int(own & 255)]
      robot = places.robot[Int(other & 255)]
      isDiscoloured = game.shownHue != 0 && game.shownHue != 0x3C
      guard game.ballY != 0 else { return }
      let (left, right) = PongGeometry.ballColumns(game)
      // Even columns are sampled; in the mirror image, where x has become 159 − x, the odd ones.
      let isEven = left & 1 == 0
      let column = isEven == (side == .right) ? left : right
      ball = PixelRun(screenRows: PongGeometry.ballRows(game, column: column))
      ballColumn = Int32(truncatingIfNeeded: (side == .right ? column : 159 &- column) >> 1)
      let pair = Int(ballColumn) & ~1
      if pair == PaddlePlaces.robotColumn || pair == PaddlePlaces.playerColumn {
        isOverlapping = true
        // Neither reaches beyond the other at both ends: a paddle is longer than the ball, or cut by
        // the edge that both lie at.
        let paddle = pair == PaddlePlaces.robotColumn ? robot : player
        ball = ball.subtracting(places.runs[Int(paddle)])
      }
    }

    /// Where the writer takes patterns, a moving paddle is its new place minus its old one: two
    /// entries, not the twenty or so pixels that change; and an entry may be written with both
    /// signs, which cancel.
    @inline(__always)
    func writeDifference(
      from previous: Shapes, _ places: PaddlePlaces, to writer: inout SignWriter
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
        PongFrame.write(columns(places), without: previous.columns(places), to: &local)
      } else {
        write(without: previous, places, to: &local)
        local.beginMinus()
        previous.write(without: self, places, to: &local)
      }
      writer = local
    }

    func write(_ places: PaddlePlaces, to writer: inout SignWriter) {
      if writer.takesPatterns {
        writer.putPattern(Int(robot), if: robot != 0)
        writer.putPattern(Int(player), if: player != 0)
        ball.write(column: Int(ballColumn), to: &writer)
      } else {
        write(without: Shapes(), places, to: &writer)
      }
    }

    func columns(_ places: PaddlePlaces) -> [PongColumn] {
      var columns = [PongColumn](repeating: PongColumn(), count: PongFrame.side)
      for (left, place) in [(PaddlePlaces.robotColumn, robot), (PaddlePlaces.playerColumn, player)]
      {
        columns[left] = PongColumn(places.runs[Int(place)])
        columns[left + 1] = columns[left]
      }
      if ballColumn >= 0 { columns[Int(ballColumn)].formUnion(PongColumn(ball)) }
      return columns
    }

    /// Where the ball is in no paddle's column, or there is nothing to leave out.
    private func write(
      without other: Shapes, _ places: PaddlePlaces, to writer: inout SignWriter
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
}
