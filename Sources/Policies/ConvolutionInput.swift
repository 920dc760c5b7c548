// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
import Kernels

/// An observation as the list of its entries that are not 0, each a position of one channel.
final class ConvolutionInput {
  private let count: Int
  private let rows: UnsafeMutablePointer<UInt16>
  private let starts: UnsafeMutablePointer<Int32>
  private let values: UnsafeMutablePointer<Float>
  private let memory = Memory()

  /// - Parameter count: D, entries of an observation.
  init(count: Int) {
    self.count = count
    rows = memory.zeros(count)
    starts = memory.zeros(count + 1)
    values = memory.zeros(count)
    for i in 0...count { starts[i] = Int32(i) }
  }

  /// Observation `t`; valid until the next call, and as long as the batch is not appended to.
  func listing(_ batch: ObservationBatch, _ t: Int) -> MapListing {
    switch batch.form.entries {
    case .signs:
      let row = batch.signs.rows[t]
      let (plus, total) = (Int(row.plus), Int(row.total))
      for i in 0..<plus { values[i] = 1 }
      for i in plus..<total { values[i] = -1 }
      return listing(total, batch.signs.indices(of: row))
    case .numbers:
      var number = 0
      batch.numbers.withUnsafeBufferPointer { x in
        let first = x.start + t &* count
        for i in 0..<count where first[i] != 0 {
          rows[number] = UInt16(truncatingIfNeeded: i)
          values[number] = first[i]
          number &+= 1
        }
      }
      return listing(number, UnsafePointer(rows))
    }
  }

  private func listing(_ count: Int, _ entries: UnsafePointer<UInt16>) -> MapListing {
    MapListing(
      count: Int32(truncatingIfNeeded: count), positions: entries, starts: starts, rows: entries,
      values: values)
  }
}
