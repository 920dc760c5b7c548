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
  ///
  /// - Returns: nil with `errno` for an error.
  init?() {
    descriptor = Self.file([])
    if descriptor < 0 { return nil }
  }

  deinit {
    if let mapped { munmap(mapped, byteCount) }
    close(descriptor)
  }

  /// A file without a name, in memory where that can be, that holds these bytes and is at its start.
  ///
  /// - Returns: its descriptor; −1 with `errno` for an error.
  static func file(_ bytes: [UInt8]) -> Int32 {
    // Some containers have no /dev/shm.
    for folder in ["/dev/shm", getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"] {
      var path = Array("\(folder)/rallybook-XXXXXX".utf8CString)
      let descriptor = mkstemp(&path)
      guard descriptor >= 0 else { continue }
      unlink(path)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 { return descriptor }
      close(descriptor)
    }
    return -1
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
