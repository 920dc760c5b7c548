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
  private static let robotColumn = 8
  private static let playerColumn = 70

  /// Rows of the paddles, each the same in its two columns.
  private var robot = PixelRun()
  private var player = PixelRun()
  /// Rows of the ball; column −1 where there is none.
  private var ball = PixelRun()
  private var ballColumn = -1
  /// Whether the ball is in no paddle's column, so that every column is one run.
  private var isPlain = true
  /// All columns, where the colours are not those of ordinary play: after the cartridge's time
  /// limit they change, and the frame is looked at pixel by pixel.
  private var discoloured: DiscolouredFrame?

  /// Nothing lit.
  package init() {}

  /// Looks at the frame that `game` now displays.
  package mutating func look(at game: PongGame) {
    player = Self.playerTable[Int(game.playerY & 255)]
    robot = Self.robotTable[Int(game.robotY & 255)]
    isPlain = true
    if game.ballY != 0 {
      let (left, right) = PongGeometry.ballColumns(game)
      let column = left & 1 == 0 ? left : right
      ball = PixelRun(screenRows: PongGeometry.ballRows(game, column: column))
      ballColumn = column >> 1
      isPlain =
        ballColumn & ~1 != Self.robotColumn && ballColumn & ~1 != Self.playerColumn
    } else {
      ball = PixelRun()
      ballColumn = -1
    }
    if game.shownHue != 0 && game.shownHue != 0x3C {
      discoloured = DiscolouredFrame(columns: Self.pixelColumns(of: game))
    } else if discoloured != nil {
      discoloured = nil
    }
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  package func writeDifference(from previous: PongVision, to writer: inout SignWriter) {
    // A copy of the writer stays in registers.
    var local = writer
    if isPlain && previous.isPlain && discoloured == nil && previous.discoloured == nil {
      write(without: previous, to: &local)
      local.beginMinus()
      previous.write(without: self, to: &local)
    } else {
      let (now, before) = (litColumns, previous.litColumns)
      Self.write(now, without: before, to: &local)
      local.beginMinus()
      Self.write(before, without: now, to: &local)
    }
    writer = local
  }

  /// Writes everything lit as 1.
  package func writeFrame(to writer: inout SignWriter) {
    if isPlain && discoloured == nil {
      write(without: PongVision(), to: &writer)
    } else {
      Self.write(litColumns, without: [], to: &writer)
    }
  }

  /// The 80 columns of bits, left to right.
  package var allColumns: [ColumnBits] {
    var columns = [ColumnBits](repeating: ColumnBits(), count: Self.side)
    for (column, bits) in litColumns { columns[column].formUnion(bits) }
    return columns
  }

  /// Column by column, each from top to bottom.
  @inline(__always)
  private func write(without other: PongVision, to writer: inout SignWriter) {
    let moving = ballColumn == other.ballColumn ? ball.subtracting(other.ball) : ball
    if ballColumn < Self.robotColumn { moving.write(column: ballColumn, to: &writer) }
    let rising = robot.subtracting(other.robot)
    rising.write(column: Self.robotColumn, to: &writer)
    rising.write(column: Self.robotColumn + 1, to: &writer)
    if ballColumn > Self.robotColumn && ballColumn < Self.playerColumn {
      moving.write(column: ballColumn, to: &writer)
    }
    let turning = player.subtracting(other.player)
    turning.write(column: Self.playerColumn, to: &writer)
    turning.write(column: Self.playerColumn + 1, to: &writer)
    if ballColumn > Self.playerColumn { moving.write(column: ballColumn, to: &writer) }
  }

  /// The columns in which something is lit, left to right: the slow way, for when the ball is in
  /// front of a paddle.
  private var litColumns: [(column: Int, bits: ColumnBits)] {
    if let discoloured { return Array(zip(0..., discoloured.columns)).map { ($0.0, $0.1) } }
    var lit: [(column: Int, bits: ColumnBits)] = []
    for (left, run) in [(Self.robotColumn, robot), (Self.playerColumn, player)] {
      lit += [(left, ColumnBits(run)), (left + 1, ColumnBits(run))]
    }
    guard ballColumn >= 0 else { return lit }
    if let place = lit.firstIndex(where: { $0.column == ballColumn }) {
      lit[place].bits.formUnion(ColumnBits(ball))
    } else {
      let place = lit.firstIndex { $0.column > ballColumn } ?? lit.count
      lit.insert((ballColumn, ColumnBits(ball)), at: place)
    }
    return lit
  }

  private static func write(
    _ columns: [(column: Int, bits: ColumnBits)], without others: [(column: Int, bits: ColumnBits)],
    to writer: inout SignWriter
  ) {
    for (column, bits) in columns {
      let other = others.first { $0.column == column }?.bits ?? ColumnBits()
      bits.subtracting(other).write(column: column, to: &writer)
    }
  }

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

  private static let playerTable = (Int32(0)..<256).map {
    PixelRun(screenRows: PongGeometry.playerRows($0))
  }
  private static let robotTable = (Int32(0)..<256).map {
    PixelRun(screenRows: PongGeometry.robotRows($0))
  }
}

/// The columns of a frame in other colours.
private final class DiscolouredFrame: Sendable {
  let columns: [ColumnBits]

  init(columns: [ColumnBits]) { self.columns = columns }
}
