// SPDX-License-Identifier: MIT

import Artifacts
import Digest

/// A trial that is stored more than once: beside itself under another name, or in another run.
package struct StoredTwice: Sendable {
  package let id: String
  /// The one that is told of.
  package let folder: TrialFolder
  /// The one that it is held against.
  package let other: TrialFolder
  /// Whether `folder` is a copy within a run, not a trial of another run.
  package let isCopy: Bool
  /// How `folder` compares with `other`.
  package let comparison: RecordsCompared

  package var isConflict: Bool {
    if case .conflict = comparison { true } else { false }
  }

  init(_ id: String, _ folder: TrialFolder, beside other: TrialFolder, isCopy: Bool) {
    (self.id, self.folder, self.other, self.isCopy) = (id, folder, other, isCopy)
    comparison = RecordsCompared(of: folder, to: other)
  }

  /// All of them, copies first, then by id. A copy is held against the trial of its own run, and
  /// trials of several runs against that of the first.
  package static func all(in runs: [StoredRun]) -> [StoredTwice] {
    var first: [String: RunFolder] = [:]
    for run in runs {
      for id in run.stored where first[id] == nil { first[id] = run.folder }
    }
    let copies = runs.flatMap { run in
      run.copies.compactMap { copy -> StoredTwice? in
        let owner = run.stored.contains(copy.id) ? run.folder : first[copy.id]
        return owner.map {
          StoredTwice(copy.id, copy.folder, beside: $0.trial(copy.id), isCopy: true)
        }
      }
    }
    let shared = runs.flatMap { run in
      run.stored.compactMap { id -> StoredTwice? in
        guard let owner = first[id], owner != run.folder else { return nil }
        return StoredTwice(id, run.folder.trial(id), beside: owner.trial(id), isCopy: false)
      }
    }
    return copies + shared
  }
}

/// A folder that holds a trial but is not named like one, as when folders of two machines were
/// copied together and one was given another name.
package struct TrialCopy: Sendable, Hashable {
  package let folder: TrialFolder
  /// The trial that its `config.json` names.
  package let id: String

  /// Sorts what lies in a run's `trials` besides trials: copies, and everything else.
  static func found(
    among names: [String], in run: RunFolder
  ) -> (copies: [TrialCopy], foreign: [String]) {
    var (copies, foreign): ([TrialCopy], [String]) = ([], [])
    for name in names {
      let folder = run.trial(name)
      if Disk.isFolder(folder.path), let config = (try? folder.readConfig()) ?? nil {
        let id = SHA256.hex(config).prefix(TrialFolder.identifierLength)
        copies.append(TrialCopy(folder: folder, id: String(id)))
      } else {
        foreign.append(name)
      }
    }
    return (copies, foreign)
  }
}

/// How the records of one stored trial compare with those of another of the same identity.
///
/// The same configuration and seed give the same numbers, so one record is the other's beginning,
/// or something was different when they were made.
package enum RecordsCompared: Hashable, Sendable {
  case same
  /// It goes so many episodes further than the other, and agrees as far as that goes.
  case further(lines: Int)
  /// The other goes further.
  case behind(lines: Int)
  /// The first line that differs, with the file's name; the header is line 1.
  case conflict(file: String, line: Int, this: String, other: String)
  case unreadable(String)

  /// Compares `episodes.csv` and `updates.csv` line by line.
  package init(of this: TrialFolder, to other: TrialFolder) {
    var ahead = 0
    do throws(RunStoreError) {
      for (file, x, y) in [
        ("episodes.csv", this.episodesPath, other.episodesPath),
        ("updates.csv", this.updatesPath, other.updatesPath),
      ] {
        let (a, b) = try (Disk.readIfPresent(x) ?? [], Disk.readIfPresent(y) ?? [])
        if a == b { continue }
        let lines = Self.withSharedColumns(Self.lines(a), Self.lines(b))
        let places = zip(lines.0, lines.1).enumerated()
        if let place = places.first(where: { $0.element.0 != $0.element.1 }) {
          self = .conflict(
            file: file, line: place.offset + 1, this: String(place.element.0),
            other: String(place.element.1))
          return
        }
        if file == "episodes.csv" { ahead = lines.0.count - lines.1.count }
      }
      self = ahead == 0 ? .same : ahead > 0 ? .further(lines: ahead) : .behind(lines: -ahead)
    } catch {
      self = .unreadable(error.description)
    }
  }

  /// Where one of two was written by an earlier version, with fewer columns, those are left of both.
  private static func withSharedColumns(
    _ a: [Substring], _ b: [Substring]
  ) -> ([Substring], [Substring]) {
    guard let x = a.first, let y = b.first, x != y, x.hasPrefix(y + ",") || y.hasPrefix(x + ",")
    else { return (a, b) }
    let count = min(x.count { $0 == "," }, y.count { $0 == "," }) + 1
    func cut(_ line: Substring) -> Substring {
      let fields = line.split(separator: ",", maxSplits: count, omittingEmptySubsequences: false)
      return fields.prefix(count).last.map { line[..<$0.endIndex] } ?? line
    }
    return (a.map(cut), b.map(cut))
  }

  /// Whole lines; one that was being written when the machine stopped is left out.
  private static func lines(_ bytes: [UInt8]) -> [Substring] {
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[..<$0] } ?? []
    return String(decoding: whole, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }
}
