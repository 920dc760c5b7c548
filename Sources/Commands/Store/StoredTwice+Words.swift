// SPDX-License-Identifier: MIT

import Diagnostics
import RunStore

extension StoredTwice {
  /// How one stored trial compares with another, and where they disagree, which has more.
  var sentence: String {
    guard case .conflict(let file, let line, let this, let that) = comparison else {
      return "\(folder.path): \(comparison.words(other: other.path))"
    }
    return """
      conflict: two records of trial \(id) differ in \(file), line \(line)
        \(folder.path): \(this)\(Self.extent(folder))
        \(other.path): \(that)\(Self.extent(other))
        rallybook verify tells which one this program confirms
      """
  }

  private static func extent(_ folder: TrialFolder) -> String {
    guard let status = (try? folder.readStatus()) ?? nil else { return "" }
    return "  (\(Numbers.count(status.episodes, "episode")), \(status.updatedAt))"
  }
}

extension RecordsCompared {
  /// - Parameter other: the folder that it is compared with; nil where that is said already.
  func words(other: String? = nil) -> String {
    func with(_ word: String) -> String { other.map { " \(word) \($0)" } ?? "" }
    return switch self {
    case .same: "the same numbers\(with("as"))"
    case .further(let lines):
      "\(Numbers.count(lines, "episode")) further\(with("than")), else the same numbers"
    case .behind(let lines):
      "\(Numbers.count(lines, "episode")) behind\(other.map { " \($0)" } ?? ""), else the same numbers"
    case .conflict(let file, let line, _, _): "conflict: differs in \(file), line \(line)"
    case .unreadable(let reason): "cannot be compared\(with("with")): \(reason)"
    }
  }
}
