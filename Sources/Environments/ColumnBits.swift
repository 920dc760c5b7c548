// SPDX-License-Identifier: MIT

import Kernels

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
      first: Int(start) &* PongVision.side &+ column,
      count: Int(end &- start))
  }
}

/// One column of 80 pixels as bits, row 0 the lowest bit.
package struct ColumnBits: Hashable, Sendable {
  private var bits: UInt128 = 0

  /// Nothing lit.
  package init() {}

  init(_ run: PixelRun) {
    bits = ((1 << UInt128(run.end - run.start)) - 1) << UInt128(run.start)
  }

  package func contains(_ row: Int) -> Bool { (bits >> UInt128(row)) & 1 == 1 }

  package mutating func insert(_ row: Int) { bits |= 1 << UInt128(row) }

  mutating func formUnion(_ other: ColumnBits) { bits |= other.bits }

  func subtracting(_ other: ColumnBits) -> ColumnBits {
    var result = self
    result.bits &= ~other.bits
    return result
  }

  /// Writes the indices of what is lit, from top to bottom.
  func write(column: Int, to writer: inout SignWriter) {
    var left = bits
    while left != 0 {
      writer.put(left.trailingZeroBitCount * PongVision.side + column)
      left &= left - 1
    }
  }

  /// Writes what is lit in the 80 columns `here` and not in those of `others`.
  static func write(
    _ here: [ColumnBits], without others: [ColumnBits], to writer: inout SignWriter
  ) {
    for (column, bits) in here.enumerated() {
      bits.subtracting(others[column]).write(column: column, to: &writer)
    }
  }
}
