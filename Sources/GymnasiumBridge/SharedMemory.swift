// SPDX-License-Identifier: MIT

import Glibc

/// Memory that the worker writes observations into, one slot for each environment.
///
/// A picture of 80 × 80 would go through the socket as well; whole screens would fill it, and be
/// copied twice.
final class SharedMemory {
  let descriptor: Int32
  private var mapped: UnsafeMutableRawPointer?
  private var byteCount = 0
  private var slotBytes = 0

  /// Memory of no size; the worker gives it one.
  init?() {
    descriptor = NamelessFile.make()
    if descriptor < 0 { return nil }
  }

  deinit {
    if let mapped { munmap(mapped, byteCount) }
    close(descriptor)
  }

  /// Maps what the worker made room for.
  ///
  /// - Returns: false where it is not as large as said.
  func map(slotBytes: Int, count: Int) -> Bool {
    precondition(mapped == nil, "mapped twice")
    var facts = stat()
    byteCount = max(1, slotBytes * count)
    guard fstat(descriptor, &facts) == 0, facts.st_size == byteCount else { return false }
    let address = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard address != MAP_FAILED else { return false }
    mapped = address
    self.slotBytes = slotBytes
    return true
  }

  /// The bytes of one environment's observation; valid while this lives.
  func slot(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: mapped.map { UnsafeRawPointer($0) + index * slotBytes }, count: slotBytes)
  }
}
