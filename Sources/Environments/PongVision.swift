// SPDX-License-Identifier: MIT

package import Kernels

/// What the post's preprocessing leaves of a frame, 80 × 80 bits, and the signed difference of two
/// such frames, written straight from the game's state.
///
/// The post takes rows 35, 37, … 193 and columns 0, 2, … 158, red channel; 144 and 109 become 0,
/// every other value that is not 0 becomes 1. In ordinary play what is left are two paddles in two
/// columns each and the ball in one column. Pixel (row, column) has index `80·row + column`.
package struct PongVision: Hashable, Sendable {
  package static let side = 80
  private static let robotColumn = 8
  private static let playerColumn = 70

  /// The columns that can hold a paddle, the ball folded in where it is in front of one.
  private var robotLeft = ColumnBits()
  private var robotRight = ColumnBits()
  private var playerLeft = ColumnBits()
  private var playerRight = ColumnBits()
  /// The ball elsewhere; column −1 where there is none.
  private var ball = ColumnBits()
  private var ballColumn = -1
  /// The game, where its colours are not those of ordinary play (after the cartridge's time limit
  /// they change) and the frame has to be looked at pixel by pixel.
  private var discoloured: PongGame?

  /// Nothing lit.
  package init() {}

  /// Looks at the frame that `game` now displays.
  package mutating func look(at game: PongGame) {
    let player = Self.playerTable[Int(game.playerY & 255)]
    let robot = Self.robotTable[Int(game.robotY & 255)]
    robotLeft = robot
    robotRight = robot
    playerLeft = player
    playerRight = player
    ballColumn = -1
    ball = ColumnBits()
    if game.ballY != 0 {
      let (left, right) = PongGeometry.ballColumns(game)
      let column = left & 1 == 0 ? left : right
      let bits = ColumnBits(screenRows: PongGeometry.ballRows(game, column: column))
      switch column >> 1 {
      case Self.robotColumn: robotLeft.formUnion(bits)
      case Self.robotColumn + 1: robotRight.formUnion(bits)
      case Self.playerColumn: playerLeft.formUnion(bits)
      case Self.playerColumn + 1: playerRight.formUnion(bits)
      default:
        ball = bits
        ballColumn = column >> 1
      }
    }
    if game.shownHue != 0 && game.shownHue != 0x3C {
      discoloured = game
    } else if discoloured != nil {
      discoloured = nil
    }
  }

  /// Writes what is lit here and not in `previous` as 1, and the reverse as −1.
  package func writeDifference(from previous: PongVision, to writer: inout SignWriter) {
    if discoloured == nil && previous.discoloured == nil {
      // A copy of the writer stays in registers.
      var local = writer
      write(without: previous, to: &local)
      local.beginMinus()
      previous.write(without: self, to: &local)
      writer = local
    } else {
      let (now, before) = (allColumns, previous.allColumns)
      for c in 0..<Self.side { now[c].subtracting(before[c]).write(column: c, to: &writer) }
      writer.beginMinus()
      for c in 0..<Self.side { before[c].subtracting(now[c]).write(column: c, to: &writer) }
    }
  }

  /// Writes everything lit as 1.
  package func writeFrame(to writer: inout SignWriter) {
    if discoloured == nil {
      write(without: PongVision(), to: &writer)
    } else {
      for (c, bits) in allColumns.enumerated() { bits.write(column: c, to: &writer) }
    }
  }

  /// The 80 columns of bits, left to right.
  package var allColumns: [ColumnBits] {
    if let discoloured { return Self.pixelColumns(of: discoloured) }
    var columns = [ColumnBits](repeating: ColumnBits(), count: Self.side)
    columns[Self.robotColumn] = robotLeft
    columns[Self.robotColumn + 1] = robotRight
    columns[Self.playerColumn] = playerLeft
    columns[Self.playerColumn + 1] = playerRight
    if ballColumn >= 0 { columns[ballColumn] = ball }
    return columns
  }

  /// Column by column, each from top to bottom.
  @inline(__always)
  private func write(without other: PongVision, to writer: inout SignWriter) {
    let moving = ballColumn == other.ballColumn ? ball.subtracting(other.ball) : ball
    if ballColumn < Self.robotColumn { moving.write(column: ballColumn, to: &writer) }
    robotLeft.subtracting(other.robotLeft).write(column: Self.robotColumn, to: &writer)
    robotRight.subtracting(other.robotRight).write(column: Self.robotColumn + 1, to: &writer)
    if ballColumn > Self.robotColumn && ballColumn < Self.playerColumn {
      moving.write(column: ballColumn, to: &writer)
    }
    playerLeft.subtracting(other.playerLeft).write(column: Self.playerColumn, to: &writer)
    playerRight.subtracting(other.playerRight).write(column: Self.playerColumn + 1, to: &writer)
    if ballColumn > Self.playerColumn { moving.write(column: ballColumn, to: &writer) }
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
    ColumnBits(screenRows: PongGeometry.playerRows($0))
  }
  private static let robotTable = (Int32(0)..<256).map {
    ColumnBits(screenRows: PongGeometry.robotRows($0))
  }
}

/// One column of 80 pixels as bits, row 0 the lowest bit.
package struct ColumnBits: Hashable, Sendable {
  private var bits: UInt128 = 0

  /// Nothing lit.
  package init() {}

  /// Lights the sampled ones (35, 37, … 193) among the screen's rows.
  package init(screenRows: Range<Int>) {
    // Row r of the screen is sampled where r is odd, as (r − 35) / 2.
    let first = max(0, (screenRows.lowerBound &- 34) >> 1)
    let end = min(80, (screenRows.upperBound &- 34) >> 1)
    guard first < end else { return }
    let length = UInt128(truncatingIfNeeded: end &- first)
    bits = ((1 &<< length) &- 1) &<< UInt128(truncatingIfNeeded: first)
  }

  package func contains(_ row: Int) -> Bool { (bits >> UInt128(row)) & 1 == 1 }

  package mutating func insert(_ row: Int) { bits |= 1 << UInt128(row) }

  @inline(__always)
  package mutating func formUnion(_ other: ColumnBits) { bits |= other.bits }

  @inline(__always)
  package func subtracting(_ other: ColumnBits) -> ColumnBits {
    var result = ColumnBits()
    result.bits = bits & ~other.bits
    return result
  }

  /// Writes the indices of what is lit, from top to bottom.
  @inline(__always)
  package func write(column: Int, to writer: inout SignWriter) {
    let low = UInt64(truncatingIfNeeded: bits)
    let first =
      low != 0
      ? low.trailingZeroBitCount
      : 64 &+ UInt64(truncatingIfNeeded: bits &>> 64).trailingZeroBitCount
    let run = bits &>> UInt128(truncatingIfNeeded: first & 127)
    let after = run &+ 1
    if run <= 255 && run & after == 0 {
      writer.putRun(
        first: first &* PongVision.side &+ column, stride: UInt16(PongVision.side),
        count: UInt64(truncatingIfNeeded: after).trailingZeroBitCount)
    } else {
      writeAny(column: column, to: &writer)
    }
  }

  /// For what is not one run of at most eight.
  private func writeAny(column: Int, to writer: inout SignWriter) {
    var left = bits
    while left != 0 {
      writer.put(left.trailingZeroBitCount &* PongVision.side &+ column)
      left &= left &- 1
    }
  }
}
