// SPDX-License-Identifier: MIT

import Artifacts
import Glibc

/// What a run's folder asks of the file system, with errors that name the path.
package enum Disk {
  /// The whole file at `path`; also of files that report no size, such as those under `/proc`.
  package static func read(_ path: String) throws(RunStoreError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    guard let bytes = readBytes(ofOpen: descriptor) else { throw unreadable(path) }
    return bytes
  }

  /// Waits until the disk has the file at `path`.
  package static func sync(_ path: String) throws(RunStoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw unwritable(path) }
  }

  /// The whole file at `path`, or nil when there is none.
  package static func readIfPresent(_ path: String) throws(RunStoreError) -> [UInt8]? {
    isPresent(path) ? try read(path) : nil
  }

  /// Whether something lies at `path`, be it readable or not.
  package static func isPresent(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Whether a folder lies at `path`.
  package static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Names of what lies in the folder at `path`, sorted, without `.` and `..`.
  package static func names(in path: String) throws(RunStoreError) -> [String] {
    guard let folder = opendir(path) else { throw unreadable(path) }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw unreadable(path) }
    return names.sorted()
  }

  /// Makes the folder at `path` and those above it; one that is there already is no error.
  package static func makeFolder(_ path: String) throws(RunStoreError) {
    if isFolder(path) { return }
    if let parent = parent(of: path) { try makeFolder(parent) }
    guard mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw unwritable(path)
    }
  }

  /// Removes a file, or a folder with what is in it; links are removed, not followed, and where
  /// nothing lies that is no error.
  package static func remove(_ path: String) throws(RunStoreError) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    let isFolder = information.st_mode & S_IFMT == S_IFDIR
    if isFolder { for name in try names(in: path) { try remove("\(path)/\(name)") } }
    guard (isFolder ? rmdir(path) : unlink(path)) == 0 else { throw unwritable(path) }
  }

  /// The folder that holds `path`, or nil for a bare name and for `/`.
  package static func parent(of path: String) -> String? {
    var text = Substring(path)
    while text.count > 1 && text.last == "/" { text = text.dropLast() }
    guard let slash = text.lastIndex(of: "/") else { return nil }
    let parent = slash == text.startIndex ? "/" : String(text[..<slash])
    return parent == text ? nil : parent
  }

  static func unreadable(_ path: String) -> RunStoreError {
    RunStoreError(.unreadable, path: path, underlying: errnoText())
  }

  static func unwritable(_ path: String) -> RunStoreError {
    let full = errno == ENOSPC || errno == EDQUOT
    return RunStoreError(
      full ? .diskFull : .unwritable, path: path,
      remedy: full ? "free some space; what was stored before is intact" : "",
      underlying: full ? nil : errnoText())
  }
}
