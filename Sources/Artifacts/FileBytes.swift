// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads the whole file at `path`.
package func readFileBytes(_ path: String) throws(ArtifactError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .init(.unreadable, path: path, detail: errnoText()) }
  defer { close(descriptor) }
  var information = stat()
  guard fstat(descriptor, &information) == 0 else {
    throw .init(.unreadable, path: path, detail: errnoText())
  }
  guard information.st_mode & S_IFMT != S_IFDIR else {
    throw .init(.unreadable, path: path, detail: "a folder, not a file")
  }
  let size = Int(information.st_size)
  var failure: ArtifactError?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { failure = .init(.unreadable, path: path, detail: errnoText()) }
      if got <= 0 { break }
      count += got
    }
  }
  if let failure { throw failure }
  return bytes
}

/// The C library's words for the current `errno`.
package func errnoText() -> String { String(cString: strerror(errno)) }
