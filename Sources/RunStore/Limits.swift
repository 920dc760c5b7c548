// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

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
