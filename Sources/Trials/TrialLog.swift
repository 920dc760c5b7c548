// SPDX-License-Identifier: MIT

import Glibc
import RunStore

/// A trial's own log.
struct TrialLog {
  private let path: String

  init(_ folder: TrialFolder) { path = folder.logPath }

  /// Appends a line; a full disk must not hide the error that it tells of.
  func write(_ sentence: String) {
    let line = Timestamp.text(secondsSince1970: Clock.wall) + " " + sentence + "\n"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    _ = line.withCString { Glibc.write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }
}
