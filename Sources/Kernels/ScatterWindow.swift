// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

/// Gathers the gradient of a first layer over sparse observations, a window of decisions at a time.
///
/// A decision adds its vector ∂J/∂hidden to the rows of the inputs that it names, each with a sign
/// or another factor. Paddle and ball keep returning to the same inputs, so a window's additions
/// are chained by input and each row is loaded and stored once a window, not once a decision.
/// Additions to a row keep their order, so the bits do not depend on the window.
package final class ScatterWindow {
  private static let capacity = 128
  private let lanes: Int
  private let start: Int
  private let vectors: AlignedFloats
  private let memory = Memory()
  private let events: UnsafeMutablePointer<ScatterEvent>
  private let eventCapacity: Int
  private let heads, tails: UnsafeMutablePointer<Int32>
  private let touched: UnsafeMutablePointer<UInt16>
  private var eventCount = 0
  private var touchedCount = 0
  private var count = 0

  /// - Parameters:
  ///   - rows: rows of the gradient that an observation may name.
  ///   - lanes: lanes of eight in a row.
  ///   - start: the lane at which row 0 stands in a block of sums.
  package init(rows: Int, lanes: Int, start: Int = 0) {
    self.lanes = lanes
    self.start = start
    vectors = AlignedFloats(count: Self.capacity * lanes * 8)
    eventCapacity = 2 * rows + 8192
    events = memory.zeros(eventCapacity)
    heads = memory.zeros(rows)
    heads.update(repeating: -1, count: rows)
    tails = memory.zeros(rows)
    touched = memory.zeros(rows)
  }

  /// Makes room for one more observation of so many entries, at most one a row.
  ///
  /// - Parameter sums: shape `[rows, V]` lanes from `start` on; complete after `flush` only.
  /// - Returns: where its vector is to be written, shape `[V]`, before `add`.
  package func vector(
    entries: Int, sums: AlignedFloats, kernels: LaneKernels
  ) -> UnsafeMutablePointer<Lane> {
    if count == Self.capacity || eventCount + entries > eventCapacity {
      flush(into: sums, kernels: kernels)
    }
    return vectors.lanes + count &* lanes
  }

  /// Adds the vector just written to the rows that the observation names.
  package func add(_ row: SparseSignBatch.Row, of batch: SparseSignBatch) {
    let indices = batch.indices(of: row)
    let decision = Int32(truncatingIfNeeded: count)
    chain(indices, 0, Int(row.plus), decision: decision, sign: 1)
    chain(indices, Int(row.plus), Int(row.total), decision: decision, sign: -1)
    count &+= 1
  }

  /// Adds the vector just written to `count` rows, each time its scale.
  package func add(
    _ rows: UnsafePointer<UInt16>, times scales: UnsafePointer<Float>, count entries: Int
  ) {
    let decision = Int32(truncatingIfNeeded: count)
    var number = eventCount
    for i in 0..<entries {
      link(number, to: Int(rows[i]), decision: decision, scale: scales[i])
      number &+= 1
    }
    eventCount = number
    count &+= 1
  }

  /// Brings `sums` up to date with everything added.
  package func flush(into sums: AlignedFloats, kernels: LaneKernels) {
    kernels.addChains(
      sums: sums.lanes + start, lanes: lanes, vectors: vectors.lanes, events: events,
      touched: touched, touchedCount: touchedCount, heads: heads)
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
      link(number, to: Int(indices[i]), decision: decision, scale: sign)
      number &+= 1
      i &+= 1
    }
    eventCount = number
  }

  @inline(__always)
  private func link(_ number: Int, to row: Int, decision: Int32, scale: Float) {
    let event = Int32(truncatingIfNeeded: number)
    events[number] = ScatterEvent(next: -1, decision: decision, sign: scale)
    if heads[row] < 0 {
      heads[row] = event
      touched[touchedCount] = UInt16(truncatingIfNeeded: row)
      touchedCount &+= 1
    } else {
      events[Int(tails[row])].next = event
    }
    tails[row] = event
  }
}
