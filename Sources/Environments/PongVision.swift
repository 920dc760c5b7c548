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

  /// The paddles' places by number; see `shapes`.
  private var robot = 0
  private var player = 0
  /// Rows of the ball; column −1 where there is none.
  private var ball = PixelRun()
  private var ballColumn = -1
  /// Whether the ball is in no paddle's column, so that nothing covers anything,
  /// and colours are those of ordinary play.
  private var isPlain = true
  /// Whether the colours are not those of ordinary play: after the cartridge's time limit they
  /// change, and the frame of `snapshot` is looked at pixel by pixel.
  private var isDiscoloured = false
  private var snapshot = PongGame()

  /// Nothing lit.
  package init() {}

  /// Looks at the frame that `game` now displays.
  package mutating func look(at game: PongGame) {
    player = Self.tables.player[Int(game.playerY & 255)]
    robot = Self.tables.robot[Int(game.robotY & 255)]
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
    isDiscoloured = game.shownHue != 0 && game.shownHue != 0x3C
    if isDiscoloured {
      snapshot = game
      isPlain = false
    }
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  ///
  /// Where the writer takes patterns, a moving paddle is its new place minus its old one: two
  /// entries, not the twenty or so pixels that change.
  package func writeDifference(from previous: PongVision, to writer: inout SignWriter) {
    guard isPlain && previous.isPlain else {
      let (now, before) = (litColumns, previous.litColumns)
      Self.write(now, without: before, to: &writer)
      writer.beginMinus()
      Self.write(before, without: now, to: &writer)
      return
    }
    // A copy of the writer stays in registers.
    var local = writer
    if local.takesPatterns {
      let (robotMoved, playerMoved) = (robot != previous.robot, player != previous.player)
      local.putPattern(robot, if: robotMoved)
      local.putPattern(player, if: playerMoved)
      ball(without: previous).write(column: ballColumn, to: &local)
      local.beginMinus()
      local.putPattern(previous.robot, if: robotMoved)
      local.putPattern(previous.player, if: playerMoved)
      previous.ball(without: self).write(column: previous.ballColumn, to: &local)
    } else {
      write(without: previous, to: &local)
      local.beginMinus()
      previous.write(without: self, to: &local)
    }
    writer = local
  }

  /// Writes everything lit as 1.
  package func writeFrame(to writer: inout SignWriter) {
    guard isPlain else {
      return Self.write(litColumns, without: [], to: &writer)
    }
    if writer.takesPatterns {
      writer.putPattern(robot, if: true)
      writer.putPattern(player, if: true)
      ball.write(column: ballColumn, to: &writer)
    } else {
      write(without: PongVision(), to: &writer)
    }
  }

  /// The 80 columns of bits, left to right.
  package var allColumns: [ColumnBits] {
    var columns = [ColumnBits](repeating: ColumnBits(), count: Self.side)
    for (column, bits) in litColumns { columns[column].formUnion(bits) }
    return columns
  }

  @inline(__always)
  private func ball(without other: PongVision) -> PixelRun {
    ballColumn == other.ballColumn ? ball.subtracting(other.ball) : ball
  }

  private func write(without other: PongVision, to writer: inout SignWriter) {
    for (here, there, column) in [
      (robot, other.robot, Self.robotColumn), (player, other.player, Self.playerColumn),
    ] {
      let run = Self.tables.runs[here].subtracting(Self.tables.runs[there])
      run.write(column: column, to: &writer)
      run.write(column: column + 1, to: &writer)
    }
    ball(without: other).write(column: ballColumn, to: &writer)
  }

  /// The columns in which something is lit, left to right: the slow way, for when the ball is in
  /// front of a paddle.
  private var litColumns: [(column: Int, bits: ColumnBits)] {
    if isDiscoloured {
      return Self.pixelColumns(of: snapshot).enumerated().map { ($0.offset, $0.element) }
    }
    var lit: [(column: Int, bits: ColumnBits)] = []
    for (left, place) in [(Self.robotColumn, robot), (Self.playerColumn, player)] {
      let bits = ColumnBits(Self.tables.runs[place])
      lit += [(left, bits), (left + 1, bits)]
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

  /// Where a paddle can be: for each place a number, shared by all heights at which the same
  /// pixels are lit.
  private struct PaddleTables: Sendable {
    /// The number of the place, by the paddle's height in the game.
    var robot: [Int] = []
    var player: [Int] = []
    /// The lit rows, by number; a place without any is number 0.
    var runs = [PixelRun()]
    /// The lit pixels, by number.
    var pixels: [[UInt16]] = [[]]

    init() {
      robot = (0..<256).map {
        place(PixelRun(screenRows: PongGeometry.robotRows($0)), PongVision.robotColumn)
      }
      player = (0..<256).map {
        place(PixelRun(screenRows: PongGeometry.playerRows($0)), PongVision.playerColumn)
      }
    }

    private mutating func place(_ run: PixelRun, _ column: Int) -> Int {
      guard run.start < run.end else { return 0 }
      let lit = [column, column + 1].flatMap { column in
        (run.start..<run.end).map { UInt16(Int($0) * PongVision.side + column) }
      }
      if let known = pixels.firstIndex(of: lit) { return known }
      runs.append(run)
      pixels.append(lit)
      return pixels.count - 1
    }
  }

  private static let tables = PaddleTables()

  /// The pixels of a paddle at each of its places: the patterns that may be written.
  package static var patterns: [[UInt16]] { tables.pixels }
}
