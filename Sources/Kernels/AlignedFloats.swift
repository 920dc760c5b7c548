// SPDX-License-Identifier: MIT

package import KernelLoops

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Memory that lives as long as this object, all zero at first.
///
/// Large pieces stand on 2 MiB boundaries and ask the kernel for huge pages: the sparse kernels
/// jump between columns, and with small pages the address look-ups cost as much as the sums.
package final class Memory {
  private var pieces: [UnsafeMutableRawPointer] = []

  package init() {}

  deinit { for piece in pieces { free(piece) } }

  /// Room for `count` elements, on a boundary of at least 64 bytes.
  package func zeros<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = max(1, count * MemoryLayout<Element>.stride)
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
    pieces.append(memory)
    return memory.bindMemory(to: Element.self, capacity: count)
  }
}

/// A block of floats in whole lanes of eight, zero at first, for weights and their like.
package final class AlignedFloats {
  /// Floats in the block, a multiple of 8.
  package let count: Int
  /// The block as lanes of eight, then those of the annex; valid as long as this object lives.
  package let lanes: UnsafeMutablePointer<Lane>
  private let memory = Memory()

  /// - Parameters:
  ///   - count: rounded up to whole lanes.
  ///   - annex: lanes that stand behind the block and are none of its `count`: what is derived
  ///     from it.
  package init(count: Int, annex: Int = 0) {
    let laneCount = max(1, (count + 7) / 8)
    self.count = laneCount * 8
    lanes = memory.zeros(laneCount + annex)
  }

  /// The block as single floats.
  package var floats: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: Kernels.floats(lanes), count: count)
  }

  package var laneCount: Int { count / 8 }

  /// - Precondition: the other block is of the same size.
  package func laneCount(like other: AlignedFloats) -> Int {
    precondition(count == other.count, "blocks of \(count) and \(other.count) floats")
    return laneCount
  }

  /// Copies everything but the annex from a block of the same size.
  package func copy(from other: AlignedFloats) {
    memcpy(lanes, other.lanes, laneCount(like: other) * 32)
  }

  /// Sets everything but the annex to 0.
  package func clear() { memset(lanes, 0, count * 4) }
}

/// Lanes as single floats.
@inline(__always)
package func floats(_ lanes: UnsafeMutablePointer<Lane>) -> UnsafeMutablePointer<Float> {
  UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Float.self)
}
