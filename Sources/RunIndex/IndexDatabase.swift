// SPDX-License-Identifier: MIT

import GRDB
import Glibc
import RunStore

/// The file `index.sqlite`: a cache over a run's trials. Whatever is wrong with it, it is made anew.
///
/// Only whoever holds the run's `FolderLock` may open it.
final class IndexDatabase {
  /// "RBIX", so that a file of another program is told apart.
  private static let application = 0x5242_4958
  /// Raised whenever a row would be read or made differently.
  private static let version = 2

  private let queue: DatabaseQueue

  /// Opens the index, or begins it: when there is none, when it is damaged, of another version or
  /// of another program.
  ///
  /// - Returns: nil where no file can be kept.
  init?(path: String) {
    if let queue = try? Self.opened(path) {
      self.queue = queue
      return
    }
    Self.remove(path)
    guard let queue = try? Self.opened(path) else { return nil }
    self.queue = queue
  }

  /// Removes the file, and what SQLite may have left beside it.
  static func remove(_ path: String) {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }

  private static func opened(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(2)
    configuration.prepareDatabase { database in
      // A cache may be lost in a power cut; a damaged one is noticed and made anew.
      try database.execute(sql: "PRAGMA synchronous = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase { database in
      let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
      let version = try Int.fetchOne(database, sql: "PRAGMA user_version")
      if application == Self.application && version == Self.version { return }
      guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0,
        application == 0
      else { throw DatabaseError(resultCode: .SQLITE_MISMATCH) }
      try database.execute(sql: "PRAGMA application_id = \(Self.application)")
      try database.execute(sql: IndexRow.schema)
      try database.execute(sql: "PRAGMA user_version = \(Self.version)")
    }
    return queue
  }

  /// All rows, by id; none when they were made by another score rule.
  func rows(rule: String) throws -> [String: IndexRow] {
    try queue.inDatabase { database in
      let stored = try String.fetchOne(
        database, sql: "SELECT value FROM facts WHERE name = 'score'")
      guard stored == rule else { return [:] }
      let rows = try IndexRow.fetchAll(database)
      return Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }
  }

  /// Replaces rows and drops those of trials that are gone, all or nothing.
  func store(_ changed: [IndexRow], keeping ids: Set<String>, rule: String) throws {
    try queue.inTransaction { database in
      let known = try String.fetchAll(database, sql: "SELECT id FROM trials")
      for id in known where !ids.contains(id) {
        try database.execute(sql: "DELETE FROM trials WHERE id = ?", arguments: [id])
      }
      for row in changed { try row.insert(database, onConflict: .replace) }
      try database.execute(
        sql: "INSERT OR REPLACE INTO facts VALUES ('score', ?)", arguments: [rule])
      return .commit
    }
  }
}
