// SPDX-License-Identifier: MIT

import CLanes
import KernelsBaseline

/// Gathers the gradient sums of a policy's first layer, a window of decisions at a time.
///
/// A decision adds `coefficient · mask` to the rows of some twenty inputs. Paddle and ball keep
/// returning to the same inputs, so a window's additions are chained by input and each row is
/// loaded and stored once a window, not once a decision: about a quarter of the training's time
/// (`make bench`, training). Additions to a row keep their order, so the bits do not depend on the
/// window.
package final class ScatterWindow {
  private static let capacity = 128
  private let lanes: Int
  private let width: Int
  private let vectors: AlignedFloats
  private let events: UnsafeMutablePointer<ScatterEvent>
  private let eventCapacity: Int
  private let heads: UnsafeMutablePointer<Int32>
  private let tails: UnsafeMutablePointer<Int32>
  private let touched: UnsafeMutablePointer<UInt16>
  private var eventCount = 0
  private var touchedCount = 0
  private var count = 0

  /// - Parameters:
  ///   - width: inputs of an observation.
  ///   - lanes: lanes of eight in a row.
  package init(width: Int, lanes: Int) {
    self.lanes = lanes
    self.width = width
    vectors = AlignedFloats(count: Self.capacity * lanes * 8)
    eventCapacity = 2 * width + 8192
    events = .allocate(capacity: eventCapacity)
    heads = .allocate(capacity: width)
    heads.initialize(repeating: -1, count: width)
    tails = .allocate(capacity: width)
    tails.initialize(repeating: -1, count: width)
    touched = .allocate(capacity: width)
  }

  deinit {
    events.deallocate()
    heads.deallocate()
    tails.deallocate()
    touched.deallocate()
  }

  /// Adds one decision's `coefficient · mask · x`.
  ///
  /// - Parameter sums: shape `[D, V]` lanes, row-major; complete after `flush` only.
  /// - Returns: `coefficient · mask`, shape `[V]`; valid until the next call.
  @discardableResult
  package func add(
    _ row: SparseSignBatch.Row, of batch: SparseSignBatch, mask: UnsafePointer<UInt8>,
    coefficient: Float, sums: AlignedFloats, kernels: SparseKernels
  ) -> UnsafePointer<Lane> {
    if count == Self.capacity || eventCount + Int(row.total) > eventCapacity {
      flush(into: sums, kernels: kernels)
    }
    let vector = vectors.lanes + count &* lanes
    kernels.expandMask(mask, coefficient: coefficient, lanes: lanes, out: vector)
    let indices = UnsafePointer(batch.indices + Int(row.start))
    let decision = Int32(truncatingIfNeeded: count)
    chain(indices, 0, Int(row.plus), decision: decision, sign: 1)
    chain(indices, Int(row.plus), Int(row.total), decision: decision, sign: -1)
    count &+= 1
    return UnsafePointer(vector)
  }

  /// Brings `sums` up to date with everything added.
  package func flush(into sums: AlignedFloats, kernels: SparseKernels) {
    kernels.addChains(
      sums: sums.lanes, lanes: lanes, vectors: vectors.lanes, events: events, touched: touched,
      touchedCount: touchedCount, heads: heads)
    for i in 0..<touchedCount { heads[Int(touched[i])] = -1 }
    touchedCount = 0
    eventCount = 0
    count = 0
  }

  @inline(__always)
  private func chain(
    _ indices: UnsafePointer<UInt16>, _ start: Int, _ end: Int, decision: Int32, sign: Float
  ) {
    var number = eventCount
    var i = start
    while i < end {
      let input = Int(indices[i])
      events[number] = ScatterEvent(next: -1, decision: decision, sign: sign)
      if heads[input] < 0 {
        heads[input] = Int32(truncatingIfNeeded: number)
        touched[touchedCount] = indices[i]
        touchedCount &+= 1
      } else {
        events[Int(tails[input])].next = Int32(truncatingIfNeeded: number)
      }
      tails[input] = Int32(truncatingIfNeeded: number)
      number &+= 1
      i &+= 1
    }
    eventCount = number
  }
}
