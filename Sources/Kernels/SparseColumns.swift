// SPDX-License-Identifier: MIT

/// A part of a batch by what is lit: for every row of a first layer's weights the observations that
/// name it, in their order.
package final class SparseColumns {
  /// Where a row's events begin, shape `[rows + 1]`.
  private let starts: UnsafeMutablePointer<Int32>
  private let rows: Int
  private var events: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 16
  private let memory = Memory()

  /// - Parameter rows: that an observation may name.
  package init(rows: Int) {
    self.rows = rows
    starts = memory.zeros(rows + 2)
    events = .allocate(capacity: capacity)
  }

  deinit { events.deallocate() }

  /// The events of a row: observation t as 2t, where it subtracts the row as 2t + 1.
  @inline(__always)
  package func events(of row: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: events + Int(starts[row]), count: Int(starts[row &+ 1] &- starts[row]))
  }

  /// Sorts observations by the rows that they name.
  ///
  /// - Parameter isWanted: of each observation of the batch.
  package func sort(_ batch: SparseSignBatch, _ isWanted: (Int) -> Bool) {
    // Counted two places behind, so that after the sums row d's next place stands at d + 1, and
    // after the events its end, where row d + 1 begins.
    starts.update(repeating: 0, count: rows + 2)
    var total = 0
    for (t, row) in batch.rows.enumerated() where isWanted(t) {
      let indices = batch.indices(of: row)
      for i in 0..<Int(row.total) { starts[Int(indices[i]) &+ 2] &+= 1 }
      total &+= Int(row.total)
    }
    for d in 2..<rows + 2 { starts[d] &+= starts[d - 1] }
    if total > capacity {
      events.deallocate()
      capacity = 2 * total
      events = .allocate(capacity: capacity)
    }
    for (t, row) in batch.rows.enumerated() where isWanted(t) {
      let indices = batch.indices(of: row)
      let event = UInt32(truncatingIfNeeded: 2 &* t)
      for i in 0..<Int(row.total) {
        let d = Int(indices[i]) &+ 1
        events[Int(starts[d])] = event &+ (i < Int(row.plus) ? 0 : 1)
        starts[d] &+= 1
      }
    }
  }
}
