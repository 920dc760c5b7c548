// SPDX-License-Identifier: MIT

import Glibc

/// What was put aside, `RUNS/.trash`: a folder for each time, with a manifest, from which it can be
/// put back where it was.
package struct Trash: Sendable {
  /// The record of one time, `manifest.json`; written before anything is moved.
  package struct Manifest: Codable, Hashable, Sendable {
    package var formatVersion = StoredRecord.newestFormat
    package var createdAt: String
    /// Their paths below the trash folder are those below the folder of the runs.
    package var items: [Garbage]
  }

  /// One time that something was put aside.
  package struct Entry: Sendable {
    /// Such as `20261124T104500Z`; sorts by time.
    package let name: String
    package let path: String
    package let manifest: Manifest

    /// The items that still lie there.
    package var present: [Garbage] {
      manifest.items.filter { Disk.isPresent("\(path)/\($0.path)") }
    }
  }

  /// What became of the items of an entry.
  package struct Restored: Sendable {
    package var paths: [String] = []
    /// Those whose place is taken; they stay in the trash.
    package var blocked: [String] = []
  }

  private let runs: String

  /// - Parameter runs: the folder of the runs.
  package init(runs: String) { self.runs = runs }

  package var path: String { "\(runs)/.trash" }

  /// Moves things of the runs aside, on the same file system, so that it takes no time or space.
  ///
  /// - Parameter now: `2026-11-24T10:45:00Z`.
  package func put(_ garbage: [Garbage], now: String = Timestamp.text()) throws(RunStoreError)
    -> Entry
  {
    let stamp = now.filter { $0 != "-" && $0 != ":" }
    var name = stamp
    var number = 2
    while Disk.isPresent("\(path)/\(name)") {
      name = "\(stamp)-\(number)"
      number += 1
    }
    let folder = "\(path)/\(name)"
    try Disk.makeFolder(folder)
    let manifest = Manifest(createdAt: now, items: garbage)
    let file = "\(folder)/manifest.json"
    try AtomicFile.write(StoredRecord.encoded(manifest, path: file), to: file)
    for item in garbage { try move("\(runs)/\(item.path)", to: "\(folder)/\(item.path)") }
    return Entry(name: name, path: folder, manifest: manifest)
  }

  /// What was put aside, oldest first.
  package func entries() throws(RunStoreError) -> [Entry] {
    guard Disk.isPresent(path) else { return [] }
    var entries: [Entry] = []
    for name in try Disk.names(in: path) where Disk.isFolder("\(path)/\(name)") {
      let folder = "\(path)/\(name)"
      let manifest = try StoredRecord.readIfPresent(
        Manifest.self, at: "\(folder)/manifest.json")
      if let manifest { entries.append(Entry(name: name, path: folder, manifest: manifest)) }
    }
    return entries
  }

  /// Puts back what an entry holds; nothing that lies there now is replaced.
  ///
  /// The path of an item is what the manifest says: it must stay below the folder of the runs.
  package func restore(_ entry: Entry) throws(RunStoreError) -> Restored {
    var restored = Restored()
    for item in entry.present {
      let parts = item.path.split(separator: "/", omittingEmptySubsequences: false)
      guard !item.path.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
        throw RunStoreError(
          .damagedRecord, path: "\(entry.path)/manifest.json", found: "the path \"\(item.path)\"",
          allowed: "paths below the folder of the runs")
      }
      let place = "\(runs)/\(item.path)"
      if Disk.isPresent(place) {
        restored.blocked.append(item.path)
      } else {
        try move("\(entry.path)/\(item.path)", to: place)
        restored.paths.append(item.path)
      }
    }
    if restored.blocked.isEmpty { try Disk.remove(entry.path) }
    return restored
  }

  /// Deletes an entry for good.
  package func delete(_ entry: Entry) throws(RunStoreError) { try Disk.remove(entry.path) }

  private func move(_ source: String, to place: String) throws(RunStoreError) {
    try Disk.makeFolder(Disk.parent(of: place) ?? ".")
    guard rename(source, place) == 0 else { throw Disk.unwritable(source) }
  }
}
