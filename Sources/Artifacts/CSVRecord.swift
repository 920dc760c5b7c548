// SPDX-License-Identifier: MIT

/// One row of a trial's CSV file. The columns are numbers only, so nothing is ever quoted.
package protocol CSVRecord: Sendable {
  /// Column names in order, the file's first line.
  static var columns: [String] { get }
  /// How many of the first columns every file has; later ones were added by later versions, and
  /// are read as empty where a file lacks them.
  static var firstColumns: Int { get }
  /// One text per column; empty where a value was not measured.
  var fields: [String] { get }
  /// - Returns: nil where a field cannot be read as its column's number.
  init?(fields: CSVFields)
}

extension CSVRecord {
  package static var firstColumns: Int { columns.count }
  /// The first line, with its line feed.
  package static var headerLine: String { columns.joined(separator: ",") + "\n" }
  /// The row, with its line feed.
  package var line: String { fields.joined(separator: ",") + "\n" }
}

/// The fields of one line, views into the file's bytes.
package struct CSVFields {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let ends: [Int]
  private let start: Int

  fileprivate init(bytes: UnsafeBufferPointer<UInt8>, start: Int, ends: [Int]) {
    self.bytes = bytes
    self.start = start
    self.ends = ends
  }

  package var count: Int { ends.count }

  private func range(_ index: Int) -> Range<Int> {
    (index == 0 ? start : ends[index - 1] + 1)..<ends[index]
  }

  /// The whole number in column `index`, or nil.
  package func integer(_ index: Int) -> Int? {
    var range = range(index)
    guard !range.isEmpty else { return nil }
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    if isNegative { range = range.dropFirst() }
    guard !range.isEmpty, range.count <= 18 else { return nil }
    var value = 0
    for i in range {
      let digit = bytes[i] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return isNegative ? -value : value
  }

  /// The number in column `index`, or nil; `nan` and `inf` are numbers here.
  package func number(_ index: Int) -> Double? {
    if let whole = integer(index) { return Double(whole) }
    let range = range(index)
    guard !range.isEmpty else { return nil }
    return Double(String(decoding: bytes[range], as: UTF8.self))
  }

  /// `.some(nil)` for an empty field, nil for one that is no number.
  package func optionalNumber(_ index: Int) -> Double?? {
    index >= count || range(index).isEmpty ? .some(nil) : number(index).map(Optional.some)
  }
}

/// Reads a trial's CSV file row by row.
///
/// A last line without its line feed is one that was being written when the machine or the
/// process stopped: it is left out, not an error.
package func readCSV<Record: CSVRecord>(
  _ type: Record.Type, at path: String, each body: (Record) -> Void
) throws(ArtifactError) {
  let data = try readFileBytes(path)
  let failure: ArtifactError? = data.withUnsafeBufferPointer { bytes in
    var line = 1
    var columns = 0
    var start = 0
    var ends: [Int] = []
    for (i, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: ",") { ends.append(i) }
      guard byte == UInt8(ascii: "\n") else { continue }
      ends.append(i)
      if line == 1 {
        let header = String(decoding: bytes[start..<i], as: UTF8.self)
        columns = header.split(separator: ",", omittingEmptySubsequences: false).count
        guard columns >= Record.firstColumns,
          header == Record.columns.prefix(columns).joined(separator: ",")
        else {
          return .init(
            .wrongColumns, path: path,
            detail: "line 1 is \"\(header)\"; expected \(Record.columns.joined(separator: ","))")
        }
      } else {
        let fields = CSVFields(bytes: bytes, start: start, ends: ends)
        guard fields.count == columns, let record = Record(fields: fields) else {
          let text = String(decoding: bytes[start..<i].prefix(120), as: UTF8.self)
          return .init(.badField, path: path, detail: "line \(line) cannot be read: \(text)")
        }
        body(record)
      }
      ends.removeAll(keepingCapacity: true)
      start = i + 1
      line += 1
    }
    return nil
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

/// The shortest decimal that reads back as `value`; whole numbers without a point.
package func csvText(_ value: Double) -> String {
  if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
  return String(describing: value)
}

/// An empty field where there is no value.
package func csvText(_ value: Double?) -> String { value.map { csvText($0) } ?? "" }

/// The last whole row of a trial's CSV file, read from its end; nil when there is none that can be
/// read.
package func lastRow<Record: CSVRecord>(_ type: Record.Type, of data: [UInt8]) -> Record? {
  guard let end = data.lastIndex(of: UInt8(ascii: "\n")),
    let before = data[..<end].lastIndex(of: UInt8(ascii: "\n"))
  else { return nil }
  return data.withUnsafeBufferPointer { bytes in
    let start = before + 1
    let ends = (start..<end).filter { bytes[$0] == UInt8(ascii: ",") } + [end]
    let fields = CSVFields(bytes: bytes, start: start, ends: ends)
    return fields.count == Record.columns.count ? Record(fields: fields) : nil
  }
}
