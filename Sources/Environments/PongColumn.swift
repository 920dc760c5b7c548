// SPDX-License-Identifier: MIT

import Kernels

/// Where a paddle can be: for each place a number, shared by all heights at which the same pixels
/// are lit; a place without any is number 0.
package final class PaddlePlaces: Sendable {
  static let robotColumn = 8
  static let playerColumn = 70
  /// Made once; whoever asks often keeps it.
  package static let shared = PaddlePlaces()

  /// The number of the place, by the paddle's height in the game, 0 to 255.
  let robot: [UInt8]
  let player: [UInt8]
  /// The lit rows, by number; each paddle is two columns wide.
  let runs: [PixelRun]
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
      place(PixelRun(screenRows: PongGeometry.leftRows($0)), Self.robotColumn)
    }
    player = (0..<256).map {
      place(PixelRun(screenRows: PongGeometry.rightRows($0)), Self.playerColumn)
    }
    (self.runs, self.pixels) = (runs, pixels)
  }
}

/// Pixels of one column of 80 that are lit without a gap, at most eight.
struct PixelRun: Sendable {
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

  init(_ run: PixelRun) {
    bits = ((1 << UInt128(run.end - run.start)) - 1) << UInt128(run.start)
  }

  package func contains(_ row: Int) -> Bool { (bits >> UInt128(row)) & 1 == 1 }

  package mutating func insert(_ row: Int) { bits |= 1 << UInt128(row) }

  mutating func formUnion(_ other: PongColumn) { bits |= other.bits }

  func subtracting(_ other: PongColumn) -> PongColumn {
    var result = self
    result.bits &= ~other.bits
    return result
  }

  /// Writes the indices of what is lit, from top to bottom.
  func write(column: Int, to writer: inout SignWriter) {
    var left = bits
    while left != 0 {
      writer.put(left.trailingZeroBitCount * PongFrame.side + column)
      left &= left - 1
    }
  }
}
