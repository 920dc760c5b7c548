// SPDX-License-Identifier: MIT

import RunStore

/// A trial's CSV file as text, for comparison: other versions may have other columns.
struct StoredTable {
  let columns: [String]
  /// Whole lines only.
  let rows: [[Substring]]

  /// Empty when there is no file.
  init(_ path: String) throws(RunStoreError) {
    let bytes = try Disk.readIfPresent(path) ?? []
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[..<$0] } ?? []
    let lines = String(decoding: whole, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: whole.isEmpty)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    columns = lines.first?.map(String.init) ?? []
    rows = Array(lines.dropFirst())
  }

  /// Whether a row has as many fields as there are columns.
  func isWhole(_ row: Int) -> Bool { rows[row].count == columns.count }

  /// The value of a column in a row; nil where the row is too short.
  func value(_ column: String, in row: Int) -> Substring? {
    guard let index = columns.firstIndex(of: column), rows[row].indices.contains(index) else {
      return nil
    }
    return rows[row][index]
  }

  /// Whether two fields hold the same number, or are both empty; bit for bit.
  static func isSame(_ a: Substring?, _ b: Substring?) -> Bool {
    if a == b { return true }
    guard let a, let b, let x = Double(a), let y = Double(b) else { return false }
    return x.bitPattern == y.bitPattern
  }
}
