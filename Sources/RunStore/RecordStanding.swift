// SPDX-License-Identifier: MIT

import Artifacts

/// How the records of one stored trial stand to those of another of the same identity.
///
/// The same configuration and seed give the same numbers, so one record is the other's beginning,
/// or something was different when they were made.
package enum RecordStanding: Hashable, Sendable {
  case same
  /// It goes further than the other, by episodes or updates, and agrees as far as that goes.
  case further(lines: Int)
  /// The other goes further.
  case behind(lines: Int)
  /// The first line that differs, with the file's name; the header is line 1.
  case conflict(file: String, line: Int, this: String, other: String)
  case unreadable(String)

  /// Compares `episodes.csv` and `updates.csv` line by line.
  package init(of this: TrialFolder, to other: TrialFolder) {
    var ahead = 0
    for (file, pair) in [
      ("episodes.csv", (this.episodesPath, other.episodesPath)),
      ("updates.csv", (this.updatesPath, other.updatesPath)),
    ] {
      do {
        var a = try Self.lines(pair.0)
        var b = try Self.lines(pair.1)
        Self.leaveSharedColumns(&a, &b)
        if let place = zip(a, b).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
          self = .conflict(
            file: file, line: place.offset + 1, this: String(place.element.0),
            other: String(place.element.1))
          return
        }
        if file == "episodes.csv" { ahead = a.count - b.count }
      } catch {
        self = .unreadable(String(describing: error))
        return
      }
    }
    self = ahead == 0 ? .same : ahead > 0 ? .further(lines: ahead) : .behind(lines: -ahead)
  }

  /// Where one of two was written by an earlier version, with fewer columns, those are left of both.
  private static func leaveSharedColumns(_ a: inout [Substring], _ b: inout [Substring]) {
    guard let x = a.first, let y = b.first, x != y, x.hasPrefix(y + ",") || y.hasPrefix(x + ",")
    else { return }
    let count = min(x.count { $0 == "," }, y.count { $0 == "," }) + 1
    func cut(_ line: Substring) -> Substring {
      let fields = line.split(separator: ",", maxSplits: count, omittingEmptySubsequences: false)
      return fields.prefix(count).last.map { line[..<$0.endIndex] } ?? line
    }
    a = a.map(cut)
    b = b.map(cut)
  }

  /// Whole lines; one that was being written when the machine stopped is left out.
  private static func lines(_ path: String) throws(RunStoreError) -> [Substring] {
    let bytes = try Disk.readIfPresent(path) ?? []
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[..<$0] } ?? []
    return String(decoding: whole, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }
}
