// SPDX-License-Identifier: MIT

import Glibc

extension TrialFolder {
  /// Appends a line with the time to `log.txt`; a full disk must not hide the error that it tells of.
  package func appendLog(_ sentence: String) {
    let line = Timestamp.text(secondsSince1970: Timestamp.now) + " " + sentence + "\n"
    let descriptor = open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    _ = line.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }
}
