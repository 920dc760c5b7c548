// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a stored file cannot be read, or read as what it should be.
package struct ArtifactError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case unreadable, unwritable, truncated, notThisFormat, damaged, wrongColumns, badField
    /// Another version's, which this one cannot read.
    case otherVersion
  }

  package let code: Code
  /// The file's path, or what stood in its place.
  package let path: String
  /// What was found and what is allowed, a sentence without the path.
  package let detail: String

  package init(_ code: Code, path: String, detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  package var description: String { "\(path): \(detail)" }
}

/// Reads the whole file at `path`, or its first bytes.
package func readFileBytes(
  _ path: String, atMost limit: Int = .max
) throws(ArtifactError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .init(.unreadable, path: path, detail: errnoText()) }
  defer { close(descriptor) }
  guard let bytes = readBytes(ofOpen: descriptor, atMost: limit) else {
    let detail = errno == EISDIR ? "a folder, not a file" : errnoText()
    throw .init(.unreadable, path: path, detail: detail)
  }
  return bytes
}

/// The last bytes of the file at `path`, at most `count`; none where it cannot be read.
package func readLastBytes(_ count: Int, of path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return [] }
  defer { close(descriptor) }
  let size = lseek(descriptor, 0, SEEK_END)
  guard lseek(descriptor, max(0, size - off_t(count)), SEEK_SET) >= 0 else { return [] }
  return readBytes(ofOpen: descriptor, atMost: count) ?? []
}

/// All that can be read from an open file, also from one that states no size, such as a pipe or
/// what lies under `/proc`; nil with `errno` set.
package func readBytes(ofOpen descriptor: Int32, atMost limit: Int = .max) -> [UInt8]? {
  var information = stat()
  let size = min(limit, fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size)
  var block = [UInt8](repeating: 0, count: min(max(size, 16_384), 1 << 20))
  while bytes.count < limit {
    let count = read(descriptor, &block, min(block.count, limit - bytes.count))
    if count < 0 && errno == EINTR { continue }
    if count < 0 { return nil }
    if count == 0 { return bytes }
    bytes += block[..<count]
  }
  return bytes
}

/// The C library's words for the current `errno`.
package func errnoText() -> String { String(cString: strerror(errno)) }

/// The lowest `count` bytes of a number, the lowest first.
func littleEndian(_ value: some BinaryInteger, count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

extension [UInt8] {
  /// The number in `count` bytes from `place` on, the lowest first.
  func littleEndian(at place: Int, count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64(8 * $1) }
  }
}
