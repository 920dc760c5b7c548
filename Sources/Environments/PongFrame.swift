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

  private var robot: UInt8 = 0
  private var player: UInt8 = 0
  /// Whether the ball is in a paddle's column.
  private var isOverlapping = false
  /// Column −1 where there is no ball.
  private var ballColumn: Int32 = -1
  private var ball = PixelRun()
  /// The 80 columns where the colours are not those of ordinary play, as after the cartridge's time
  /// limit: looked at pixel by pixel.
  private var pixels: [PongColumn]?

  /// Nothing lit.
  package init() {}

  /// What `game` now displays.
  @inline(__always)
  package init(_ game: PongGame, _ places: PaddlePlaces = .shared) {
    player = places.player[Int(game.playerY & 255)]
    robot = places.robot[Int(game.robotY & 255)]
    if game.shownHue != 0 && game.shownHue != 0x3C { pixels = Self.pixelColumns(of: game) }
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
  package func writeDifference(
    from previous: PongFrame, _ places: PaddlePlaces = .shared, to writer: inout SignWriter
  ) {
    // A copy of the writer stays in registers.
    var local = writer
    if pixels != nil || previous.pixels != nil {
      writeColumns(without: previous, places, to: &local)
    } else if local.takesPatterns {
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
      writeColumns(without: previous, places, to: &local)
    } else {
      write(without: previous, places, to: &local)
      local.beginMinus()
      previous.write(without: self, places, to: &local)
    }
    writer = local
  }

  /// Writes everything lit as 1.
  package func write(_ places: PaddlePlaces = .shared, to writer: inout SignWriter) {
    if let pixels {
      for (column, bits) in pixels.enumerated() { bits.write(column: column, to: &writer) }
    } else if writer.takesPatterns {
      writer.putPattern(Int(robot), if: true)
      writer.putPattern(Int(player), if: true)
      ball.write(column: Int(ballColumn), to: &writer)
    } else {
      write(without: PongFrame(), places, to: &writer)
    }
  }

  /// The 80 columns of bits, left to right: the slow way.
  package func columns(_ places: PaddlePlaces = .shared) -> [PongColumn] {
    if let pixels { return pixels }
    var columns = [PongColumn](repeating: PongColumn(), count: Self.side)
    for (left, place) in [(PaddlePlaces.robotColumn, robot), (PaddlePlaces.playerColumn, player)] {
      columns[left] = PongColumn(places.runs[Int(place)])
      columns[left + 1] = columns[left]
    }
    if ballColumn >= 0 { columns[Int(ballColumn)].formUnion(PongColumn(ball)) }
    return columns
  }

  /// The post's preprocessing, pixel by pixel.
  package static func pixelColumns(of game: PongGame) -> [PongColumn] {
    let frame = PongScreen.render(game)
    return (0..<side).map { column in
      var bits = PongColumn()
      for row in 0..<side {
        let red = PongScreen.red(frame[(35 + 2 * row) * PongGeometry.columns + 2 * column])
        if red != 0 && red != 144 && red != 109 { bits.insert(row) }
      }
      return bits
    }
  }

  /// The difference in columns of bits.
  @inline(never)
  private func writeColumns(
    without previous: PongFrame, _ places: PaddlePlaces, to writer: inout SignWriter
  ) {
    let columns = Array(zip(columns(places), previous.columns(places)).enumerated())
    for (column, (here, before)) in columns {
      here.subtracting(before).write(column: column, to: &writer)
    }
    writer.beginMinus()
    for (column, (here, before)) in columns {
      before.subtracting(here).write(column: column, to: &writer)
    }
  }

  /// Where the ball is in no paddle's column, or there is nothing to leave out.
  private func write(
    without other: PongFrame, _ places: PaddlePlaces, to writer: inout SignWriter
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

/// Where a paddle can be: for each place a number, shared by all heights at which the same pixels
/// are lit; a place without any is number 0.
package final class PaddlePlaces: Sendable {
  static let robotColumn = 8
  static let playerColumn = 70
  /// Made once; whoever asks often keeps it.
  package static let shared = PaddlePlaces()

  /// The number of the place, by the paddle's height in the game, 0 to 255.
  fileprivate let robot: [UInt8]
  fileprivate let player: [UInt8]
  /// The lit rows, by number; each paddle is two columns wide.
  fileprivate let runs: [PixelRun]
  /// The lit pixels, by number: the patterns that may be written.
  package let pixels: [[UInt16]]

  private init() {
    var runs = [PixelRun()]
    var pixels: [[UInt16]] = [[]]
    func place(_ run: PixelRun, _ column: Int) -> UInt8 {
      guard run.start < run.end else { return 0 }
      let lit = [column, column + 1].flatMap { column in
        (run.start..<run.end).map { UInt16(Int($0) * PongFrame.side + column) }
      }
      if let known = pixels.firstIndex(of: lit) { return UInt8(known) }
      runs.append(run)
      pixels.append(lit)
      return UInt8(pixels.count - 1)
    }
    robot = (0..<256).map {
      place(PixelRun(screenRows: PongGeometry.robotRows($0)), Self.robotColumn)
    }
    player = (0..<256).map {
      place(PixelRun(screenRows: PongGeometry.playerRows($0)), Self.playerColumn)
    }
    (self.runs, self.pixels) = (runs, pixels)
  }
}

/// Pixels of one column of 80 that are lit without a gap, at most eight.
private struct PixelRun: Sendable {
  var start: Int32 = 0
  /// Not below `start`.
  var end: Int32 = 0

  init() {}

  /// The sampled ones (35, 37, … 193) among the screen's rows.
  @inline(__always)
  init(screenRows: Range<Int>) {
    // Row r of the screen is sampled where r is odd, as (r − 35) / 2.
    let first = min(80, max(0, (screenRows.lowerBound &- 34) >> 1))
    start = Int32(truncatingIfNeeded: first)
    end = Int32(truncatingIfNeeded: max(first, min(80, (screenRows.upperBound &- 34) >> 1)))
  }

  /// What is here and not in `other`. Neither of two runs reaches beyond the other at both ends:
  /// they are equally long, or cut by the edge that both lie at.
  @inline(__always)
  func subtracting(_ other: PixelRun) -> PixelRun {
    var result = self
    if end > other.end {
      result.start = max(start, other.end)
    } else {
      result.end = max(start, min(end, other.start))
    }
    return result
  }

  /// Writes the indices of what is lit, from top to bottom.
  @inline(__always)
  func write(column: Int, to writer: inout SignWriter) {
    writer.putRun(
      first: Int(start) &* PongFrame.side &+ column, count: Int(end &- start))
  }
}

/// One column of 80 pixels as bits, row 0 the lowest bit.
package struct PongColumn: Hashable, Sendable {
  private var bits: UInt128 = 0

  /// Nothing lit.
  package init() {}

  fileprivate init(_ run: PixelRun) {
    bits = ((1 << UInt128(run.end - run.start)) - 1) << UInt128(run.start)
  }

  package func contains(_ row: Int) -> Bool { (bits >> UInt128(row)) & 1 == 1 }

  package mutating func insert(_ row: Int) { bits |= 1 << UInt128(row) }

  fileprivate mutating func formUnion(_ other: PongColumn) { bits |= other.bits }

  fileprivate func subtracting(_ other: PongColumn) -> PongColumn {
    var result = self
    result.bits &= ~other.bits
    return result
  }

  /// Writes the indices of what is lit, from top to bottom.
  fileprivate func write(column: Int, to writer: inout SignWriter) {
    var left = bits
    while left != 0 {
      writer.put(left.trailingZeroBitCount * PongFrame.side + column)
      left &= left - 1
    }
  }
}
