// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
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

/// Which version of a file lies somewhere: it differs after each change.
package struct FileMark: Hashable, Sendable {
  private let inode: UInt
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil where there is no file.
  package init?(_ path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    (inode, size) = (UInt(information.st_ino), Int(information.st_size))
    (seconds, nanoseconds) = (information.st_mtim.tv_sec, information.st_mtim.tv_nsec)
  }
}

/// Room on the disk.
package enum DiskSpace {
  /// Bytes that an ordinary user can still write at `path`, or above it when it is not there yet.
  package static func free(at path: String) throws(RunStoreError) -> Int {
    var information = statvfs()
    var place = path
    while statvfs(place, &information) != 0 {
      guard errno == ENOENT, place != "/", place != "." else { throw Disk.unreadable(path) }
      place = Disk.parent(of: place) ?? "."
    }
    return Int(information.f_bavail) * Int(information.f_frsize)
  }

  /// Bytes of the file at `path`, or of all files in the folder; links are not followed.
  package static func taken(by path: String) -> Int {
    var information = stat()
    guard lstat(path, &information) == 0 else { return 0 }
    guard information.st_mode & S_IFMT == S_IFDIR else { return Int(information.st_size) }
    let names = (try? Disk.names(in: path)) ?? []
    return names.reduce(0) { $0 + taken(by: "\(path)/\($1)") }
  }

  /// - Throws: `notEnoughSpace` when fewer than `needed` bytes are free at `path`.
  package static func require(_ needed: Int, at path: String) throws(RunStoreError) {
    let free = try free(at: path)
    guard free < needed else { return }
    throw RunStoreError(
      .notEnoughSpace, path: path, found: "\(Numbers.bytes(free)) free",
      allowed: "at least \(Numbers.bytes(needed)), the estimate of what the trials will write",
      remedy: "free some space or put the runs elsewhere with --runs")
  }
}

/// The address space that this process may use (`ulimit -v`).
package enum AddressSpace {
  /// Bytes that the threads of a runner and their memory take.
  private static let runnerBytes = 640 << 20

  /// - Throws: `notEnoughMemory` where a runner cannot have what it needs: a thread that cannot
  ///   begin would be waited for without end.
  package static func requireForRunner() throws(RunStoreError) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    if let place = mmap(nil, runnerBytes, PROT_NONE, flags, -1, 0), place != MAP_FAILED {
      munmap(place, runnerBytes)
      return
    }
    var limits = rlimit()
    let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0
    let limit = isKnown ? Int(exactly: limits.rlim_cur).flatMap { $0 < .max ? $0 : nil } : nil
    throw RunStoreError(
      .notEnoughMemory, path: "address space",
      found: "a limit of \(limit.map(Numbers.bytes) ?? "the system")",
      allowed: "\(Numbers.bytes(runnerBytes)) more than this program has taken so far",
      remedy: "raise the limit, such as with `ulimit -v unlimited`")
  }
}
