// SPDX-License-Identifier: MIT

import Artifacts
import CSQLite

/// An SQLite file of another program, opened to read alone; what its `-wal` file holds is read too.
final class SQLiteDatabase {
  enum Value {
    case number(Double)
    case text(String)
    case null

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var whole: Int? { number.flatMap { Int(exactly: $0) } }
  }

  let path: String
  /// Open from the beginning to the end of this value.
  private let handle: OpaquePointer

  init(path: String) throws(ArtifactError) {
    self.path = path
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY, nil)
    guard let opened else {
      throw ArtifactError(.unreadable, path: path, detail: "no memory to open it")
    }
    handle = opened
    guard status == SQLITE_OK else { throw fault() }
    // Another program may be writing.
    sqlite3_busy_timeout(handle, 2_000)
  }

  deinit { sqlite3_close_v2(handle) }

  private func fault() -> ArtifactError {
    ArtifactError(
      .unreadable, path: path, detail: "SQLite: \(String(cString: sqlite3_errmsg(handle)))")
  }

  /// Hands over the rows of a query, each with as many values as it has columns.
  func read(
    _ query: String, _ parameters: [String] = [], each body: ([Value]) -> Void
  ) throws(ArtifactError) {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(handle, query, -1, &prepared, nil) == SQLITE_OK else {
      throw fault()
    }
    defer { sqlite3_finalize(prepared) }
    // SQLite copies the text: its SQLITE_TRANSIENT is a macro that Swift cannot see.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (place, text) in parameters.enumerated() {
      guard sqlite3_bind_text(prepared, Int32(place + 1), text, -1, copied) == SQLITE_OK else {
        throw fault()
      }
    }
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW: body((0..<sqlite3_column_count(prepared)).map { value(prepared, $0) })
      case SQLITE_DONE: return
      default: throw fault()
      }
    }
  }

  private func value(_ row: OpaquePointer?, _ column: Int32) -> Value {
    switch sqlite3_column_type(row, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: return .number(sqlite3_column_double(row, column))
    case SQLITE_NULL: return .null
    default:
      guard let bytes = sqlite3_column_blob(row, column) else { return .text("") }
      let count = Int(sqlite3_column_bytes(row, column))
      return .text(
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self))
    }
  }

  /// The names of its tables.
  func tables() throws(ArtifactError) -> Set<String> {
    var names: Set<String> = []
    try read("SELECT name FROM sqlite_master WHERE type = 'table'") { row in
      if let name = row[0].text { names.insert(name) }
    }
    return names
  }
}
