// SPDX-License-Identifier: MIT

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
  try readFileBytes(path).withUnsafeBufferPointer { bytes in
    var (line, start) = (1, 0)
    var ends: [Int] = []
    var header = CSVHeader()
    var earlier: Record?
    for (i, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: ",") { ends.append(i) }
      guard byte == UInt8(ascii: "\n") else { continue }
      ends.append(i)
      if line == 1 {
        if let problem = header.read(bytes[start..<i], as: type) {
          return .init(.wrongColumns, path: path, detail: problem)
        }
      } else {
        let fields = CSVFields(bytes: bytes, start: start, ends: ends, places: header.places)
        guard ends.count == header.count, let record = Record(fields: fields) else {
          return .init(
            .badField, path: path,
            detail: "line \(line) cannot be read: \(shown(bytes[start..<i].prefix(120)))")
        }
        guard record.mayFollow(earlier) else {
          return .init(
            .badField, path: path,
            detail: "line \(line) does not follow the one before it, rows were lost or doubled: "
              + shown(bytes[start..<i].prefix(120)))
        }
        guard body(record) else { return nil }
        earlier = record
      }
      ends.removeAll(keepingCapacity: true)
      start = i + 1
      line += 1
    }
    return nil
  }
}

/// Where a file has this version's columns.
private struct CSVHeader {
  /// Of this version's columns, in their order; nil for one that the file lacks.
  private(set) var places: [Int?] = []
  /// Columns of the file.
  private(set) var count = 0

  /// Reads a file's first line.
  ///
  /// - Returns: what is wrong with it; nil when nothing is.
  mutating func read<Record: CSVRecord>(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, as type: Record.Type
  ) -> String? {
    let columns = Record.columns
    let found = String(decoding: bytes, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    count = found.count
    places = columns.map { found.firstIndex(of: $0) }
    var problem: String?
    if let unknown = found.first(where: { !columns.contains($0) }) {
      problem = "names a column \"\(shown(unknown.utf8.prefix(60)))\", which this version has not"
    } else if let missing = columns.indices.first(where: { places[$0] == nil }),
      missing < Record.firstColumns
    {
      problem = "lacks the column \(columns[missing])"
    } else if Set(found).count < found.count {
      problem = "names a column twice"
    }
    return problem.map {
      "line 1 \($0): it is \"\(shown(bytes.prefix(240)))\"; allowed: "
        + columns.joined(separator: ",")
    }
  }
}

/// Bytes as text that moves no cursor.
private func shown(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
    let isControl = scalar.properties.generalCategory == .control
    text += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
}
