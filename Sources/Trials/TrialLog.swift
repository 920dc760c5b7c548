// SPDX-License-Identifier: MIT

import RunStore

/// A trial's own log.
struct TrialLog {
  private let folder: TrialFolder

  init(_ folder: TrialFolder) { self.folder = folder }

  /// Appends a line.
  func write(_ sentence: String) { folder.appendLog(sentence) }
}
