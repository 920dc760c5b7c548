// SPDX-License-Identifier: MIT

import Glibc

/// Files in memory that have no name, for what a worker shares with us.
enum NamelessFile {
  /// The descriptor of a new, empty file that is readable and writable; −1 with `errno` for an error.
  static func make() -> Int32 {
    for attempt in 0..<100 {
      let name = "/rallybook-\(getpid())-\(Deadline.now)-\(attempt)"
      let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
      if descriptor >= 0 {
        shm_unlink(name)
        return descriptor
      }
      if errno != EEXIST { break }
    }
    // Some containers have no /dev/shm.
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/rallybook-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    if descriptor >= 0 {
      unlink(path)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    return descriptor
  }
}
