// SPDX-License-Identifier: MIT

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads a trial's CSV file row by row, also one of an earlier version, whose columns are found by
/// their names.
///
/// A last line without its line feed is one that was being written when the machine or the
/// process stopped: it is left out, not an error.
package func readCSV<Record: CSVRecord>(
  _ type: Record.Type, at path: String, each body: (Record) -> Void
) throws(ArtifactError) {
  let failure = try firstFailure(type, at: path) { row in
    body(row)
    return true
  }
  if let failure { throw failure }
}

/// All rows of a trial's CSV file; see `readCSV(_:at:each:)`.
package func readCSV<Record: CSVRecord>(
  _ type: Record.Type, at path: String
) throws(ArtifactError) -> [Record] {
  var records: [Record] = []
  try readCSV(type, at: path) { records.append($0) }
  return records
}

/// The first rows of a trial's CSV file, those up to the number `last`. What stands behind them is
/// not looked at: after a power cut the end of a file that was not synced may be anything.
///
/// - Parameter number: what counts a file's rows; it rises.
/// - Throws: where the header or one of those rows cannot be read; a file that ends before `last`
///   is no error here.
package func readCSV<Record: CSVRecord>(
  _ type: Record.Type, at path: String, through last: Int, by number: (Record) -> Int
) throws(ArtifactError) -> [Record] {
  var records: [Record] = []
  let failure = try firstFailure(type, at: path) { row in
    guard number(row) <= last else { return false }
    records.append(row)
    return number(row) < last
  }
  if let failure, failure.code == .wrongColumns || (records.last.map(number) ?? 0) < last {
    throw failure
  }
  return records
}

/// Hands over rows until `body` returns false; what was wrong with the file up to there.
private func firstFailure<Record: CSVRecord>(
  _ type: Record.Type, at path: String, each body: (Record) -> Bool
) throws(ArtifactError) -> ArtifactError? {
  var lines = CSVLines<Record>()
  return lines.take(try readFileBytes(path), of: path, each: body)
}

/// A trial's CSV file that is read while it grows: each time the rows that were added since.
package struct GrowingCSV<Record: CSVRecord>: Sendable {
  private let path: String
  private var lines = CSVLines<Record>()
  /// Bytes that were read: whole lines.
  private var offset = 0

  package init(_ path: String) { self.path = path }

  /// The rows since the last time; none where there is no file yet.
  ///
  /// A file that became shorter is one of which a resumed trial has cut off what is trained again. The
  /// same rows come again, so reading goes on where it was once the file is as long as before.
  package mutating func newRows() throws(ArtifactError) -> [Record] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    guard lseek(file, 0, SEEK_END) > offset, lseek(file, off_t(offset), SEEK_SET) >= 0 else {
      return []
    }
    guard let bytes = readBytes(ofOpen: file) else {
      throw .init(.unreadable, path: path, detail: errnoText())
    }
    var rows: [Record] = []
    let failure = lines.take(bytes, of: path) { row in
      rows.append(row)
      return true
    }
    offset += (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if let failure { throw failure }
    return rows
  }
}

/// The lines of a trial's CSV file, taken a part of the file after the other.
private struct CSVLines<Record: CSVRecord>: Sendable {
  /// The number of the next line.
  private var line = 1
  private var columns = 0
  private var places: [Int?] = []
  private var earlier: Record?

  /// Hands over the rows of the whole lines in `bytes` until `body` returns false.
  ///
  /// - Returns: what was wrong up to there.
  mutating func take(
    _ bytes: [UInt8], of path: String, each body: (Record) -> Bool
  ) -> ArtifactError? {
    bytes.withUnsafeBufferPointer { bytes in
      var fields = CSVFields(bytes: bytes)
      fields.places = places
      for i in bytes.indices {
        if bytes[i] == UInt8(ascii: ",") { fields.ends.append(i) }
        guard bytes[i] == UInt8(ascii: "\n") else { continue }
        fields.ends.append(i)
        if line == 1 {
          let names = String(decoding: bytes[..<i], as: UTF8.self)
            .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
          if let problem = headerProblem(names, as: Record.self) {
            return .init(
              .wrongColumns, path: path,
              detail: "line 1 \(problem): it is \"\(shown(bytes[..<i].prefix(240)))\"; allowed: "
                + Record.columns.joined(separator: ","))
          }
          columns = names.count
          places = Record.columns.map { names.firstIndex(of: $0) }
          fields.places = places
        } else {
          let record = fields.ends.count == columns ? Record(fields: fields) : nil
          guard let record, record.mayFollow(earlier) else {
            let problem =
              record == nil
              ? "cannot be read"
              : "does not follow the one before it, rows were lost or doubled"
            let text = shown(bytes[fields.start..<i].prefix(120))
            return .init(.badField, path: path, detail: "line \(line) \(problem): \(text)")
          }
          guard body(record) else { return nil }
          earlier = record
        }
        fields.ends.removeAll(keepingCapacity: true)
        fields.start = i + 1
        line += 1
      }
      return nil
    }
  }
}

/// What is wrong with a file's columns; nil when nothing is.
private func headerProblem<Record: CSVRecord>(
  _ names: [String], as type: Record.Type
) -> String? {
  let columns = Record.columns
  if let unknown = names.first(where: { !columns.contains($0) }) {
    return "names a column \"\(shown(unknown.utf8.prefix(60)))\", which this version has not"
  }
  if let missing = columns.prefix(Record.firstColumns).first(where: { !names.contains($0) }) {
    return "lacks the column \(missing)"
  }
  return Set(names).count < names.count ? "names a column twice" : nil
}

/// Bytes as text that moves no cursor.
private func shown(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
    let isControl = scalar.properties.generalCategory == .control
    text += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
}
