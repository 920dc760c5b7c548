// SPDX-License-Identifier: MIT

/// One row of a trial's CSV file. The columns are numbers only, so nothing is ever quoted.
package protocol CSVRecord: Sendable {
  /// Column names in order, the file's first line.
  static var columns: [String] { get }
  /// How many of the first columns every file has; later ones were added by later versions, and
  /// are read as empty where a file lacks them.
  static var firstColumns: Int { get }
  /// Whether this row may stand behind `earlier`, or first where that is nil: a row that was lost
  /// or doubled shows in the counters.
  func mayFollow(_ earlier: Self?) -> Bool
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

/// The fields of one line by the columns that this version has, views into the file's bytes. A
/// reader moves one value from line to line: nothing is allocated for a line.
package struct CSVFields {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where each of this version's columns stands in the file; nil for one that the file lacks.
  var places: [Int?] = []
  /// Where the line begins, and where each of its fields ends.
  var start = 0
  var ends: [Int] = []

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Empty for a column that the file lacks.
  private func range(_ index: Int) -> Range<Int> {
    guard let place = places[index] else { return start..<start }
    return (place == 0 ? start : ends[place - 1] + 1)..<ends[place]
  }

  /// The whole number in column `index`, or nil.
  package func integer(_ index: Int) -> Int? {
    let range = range(index)
    guard !range.isEmpty else { return nil }
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    let first = isNegative ? range.lowerBound + 1 : range.lowerBound
    guard first < range.upperBound, range.upperBound - first <= 18 else { return nil }
    var value = 0
    for i in first..<range.upperBound {
      let digit = bytes[i] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
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
    range(index).isEmpty ? .some(nil) : number(index).map(Optional.some)
  }
}

/// The shortest decimal that reads back as `value`; whole numbers without a point.
package func csvText(_ value: Double) -> String {
  if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
  return String(describing: value)
}

/// An empty field where there is no value.
package func csvText(_ value: Double?) -> String { value.map { csvText($0) } ?? "" }
