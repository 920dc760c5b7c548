// SPDX-License-Identifier: MIT

import Diagnostics
import Glibc

/// Room on the disk: what there is and what a trial will need.
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
