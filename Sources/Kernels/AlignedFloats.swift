// SPDX-License-Identifier: MIT

import KernelsBaseline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A block of floats in whole lanes of eight, zero at first, for weights and their like.
///
/// Large blocks stand on 2 MiB boundaries and ask the kernel for huge pages: the sparse kernels
/// jump between columns, and with small pages the address look-ups cost as much as the sums.
package final class AlignedFloats {
  /// Floats in the block, a multiple of 8.
  package let count: Int
  /// The block as lanes of eight, then those of the annex; valid as long as this object lives.
  package let lanes: UnsafeMutablePointer<Lane>

  /// - Parameters:
  ///   - count: rounded up to whole lanes.
  ///   - annex: lanes that stand behind the block and are none of its `count`: what is derived
  ///     from it.
  package init(count: Int, annex: Int = 0) {
    let laneCount = max(1, (count + 7) / 8)
    self.count = laneCount * 8
    let bytes = (laneCount + annex) * 32
    let isLarge = bytes >= 1 << 21
    let alignment = isLarge ? 1 << 21 : 64
    let size = (bytes + alignment - 1) / alignment * alignment
    var memory: UnsafeMutableRawPointer?
    let status = posix_memalign(&memory, alignment, size)
    guard status == 0, let memory else {
      fatalError("\(size) bytes of memory were refused (error \(status))")
    }
    if isLarge { _ = madvise(memory, size, MADV_HUGEPAGE) }
    memset(memory, 0, size)
    lanes = memory.bindMemory(to: Lane.self, capacity: laneCount + annex)
  }

  deinit { free(lanes) }

  /// The block as single floats.
  package var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Float.self), count: count)
  }

  /// Copies everything but the annex from a block of the same size.
  package func copy(from other: AlignedFloats) {
    precondition(count == other.count, "copying \(other.count) floats into \(count)")
    memcpy(lanes, other.lanes, count * 4)
  }

  /// Sets everything but the annex to 0.
  package func clear() { memset(lanes, 0, count * 4) }
}
