// SPDX-License-Identifier: MIT

import Diagnostics
import RunStore

extension StoredTwice {
  /// How one stored trial stands to another, and where they disagree, which is further.
  var sentence: String {
    switch comparison {
    case .conflict(let file, let line, let this, let that):
      """
      conflict: two records of trial \(id) differ in \(file), line \(line)
        \(folder.path): \(this)\(Self.extent(folder))
        \(other.path): \(that)\(Self.extent(other))
        rallybook verify tells which one this program confirms
      """
    case .same: "\(folder.path): the same numbers as \(other.path)"
    case .further(let lines):
      "\(folder.path): \(Numbers.count(lines, "episode")) further than \(other.path), else the same "
        + "numbers"
    case .behind(let lines):
      "\(folder.path): \(Numbers.count(lines, "episode")) behind \(other.path), else the same numbers"
    case .unreadable(let reason):
      "\(folder.path): cannot be compared with \(other.path): \(reason)"
    }
  }

  private static func extent(_ folder: TrialFolder) -> String {
    guard let status = (try? folder.readStatus()) ?? nil else { return "" }
    return "  (\(Numbers.count(status.episodes, "episode")), \(status.updatedAt))"
  }
}

extension RecordsCompared {
  var words: String {
    switch self {
    case .same: "the same numbers"
    case .further(let lines): "\(Numbers.count(lines, "episode")) further, else the same numbers"
    case .behind(let lines): "\(Numbers.count(lines, "episode")) behind, else the same numbers"
    case .conflict(let file, let line, _, _): "conflict: differs in \(file), line \(line)"
    case .unreadable(let reason): "cannot be compared: \(reason)"
    }
  }
}
