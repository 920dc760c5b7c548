// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
import Kernels

/// A component of an observation as the list of its entries, each a position of one channel.
final class ConvolutionInput {
  private let rows: UnsafeMutablePointer<UInt16>
  private let starts: UnsafeMutablePointer<Int32>
  private let values: UnsafeMutablePointer<Float>
  private let memory = Memory()

  /// - Parameter count: D, entries of an observation.
  init(count: Int) {
    rows = memory.zeros(count)
    starts = memory.zeros(count + 1)
    values = memory.zeros(count)
    for i in 0...count { starts[i] = Int32(i) }
  }

  /// Valid until the next call.
  ///
  /// - Parameter entries: as a `ComponentTable` has them.
  func listing(_ entries: UnsafeBufferPointer<UInt64>) -> MapListing {
    for (i, entry) in entries.enumerated() {
      rows[i] = UInt16(truncatingIfNeeded: entry &>> 32)
      values[i] = Float(bitPattern: UInt32(truncatingIfNeeded: entry))
    }
    return MapListing(
      count: Int32(truncatingIfNeeded: entries.count), positions: rows, starts: starts, rows: rows,
      values: values)
  }
}
