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
        let (a, b) = (try StoredTable(x), try StoredTable(y))
        if a == b { continue }
        // Where one was written by an earlier version, with fewer columns, those are left of both.
        let isOlder = a.columns.starts(with: b.columns) || b.columns.starts(with: a.columns)
        let width = isOlder ? min(a.columns.count, b.columns.count) : .max
        let lines = (a.lines(columns: width), b.lines(columns: width))
        let places = zip(lines.0, lines.1).enumerated()
        if let place = places.first(where: { $0.element.0 != $0.element.1 }) {
          self = .conflict(
            file: file, line: place.offset + 1, this: place.element.0,
            other: place.element.1)
          return
        }
        if file == "episodes.csv" { ahead = lines.0.count - lines.1.count }
      }
      self = ahead == 0 ? .same : ahead > 0 ? .further(lines: ahead) : .behind(lines: -ahead)
    } catch {
      self = .unreadable(error.description)
    }
  }
}

/// A trial's CSV file as text, for comparison: other versions may have other columns.
package struct StoredTable: Equatable {
  package let columns: [String]
  /// Whole lines only.
  package let rows: [[Substring]]

  /// Empty when there is no file.
  package init(_ path: String) throws(RunStoreError) {
    let bytes = try Disk.readIfPresent(path) ?? []
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[..<$0] } ?? []
    let lines = String(decoding: whole, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: whole.isEmpty)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    columns = lines.first?.map(String.init) ?? []
    rows = Array(lines.dropFirst())
  }

  /// The value of a column in a row; nil where the row is too short.
  package func value(_ column: String, in row: Int) -> Substring? {
    guard let index = columns.firstIndex(of: column), rows[row].indices.contains(index) else {
      return nil
    }
    return rows[row][index]
  }

  /// The value of a column as a whole number.
  package func integer(_ column: String, in row: Int) -> Int? {
    value(column, in: row).flatMap { Int($0) }
  }

  /// Its lines, the header first, with at most so many columns.
  func lines(columns width: Int) -> [String] {
    ([columns.map { $0[...] }] + rows).map { $0.prefix(width).joined(separator: ",") }
  }
}
