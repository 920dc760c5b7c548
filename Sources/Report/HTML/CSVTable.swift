// SPDX-License-Identifier: MIT

import Glibc

/// What a field of a CSV table is made from: text and whole numbers as they are, a `Double` to six
/// significant digits, more than can be seen in a figure.
protocol CSVField {
  var csv: String { get }
}

extension String: CSVField { var csv: String { self } }
extension Int: CSVField { var csv: String { "\(self)" } }
extension Bool: CSVField { var csv: String { "\(self)" } }

extension Double: CSVField {
  /// Empty for NaN, `inf` for what was never reached.
  var csv: String {
    guard isFinite, self != 0 else { return exact(self) }
    let digits = 5 - Int(log10(abs(self)).rounded(.down))
    // A power of ten below 1 is not exact, so that one above divides or multiplies.
    let power = pow(10, Double(abs(digits)))
    let rounded = digits > 0 ? (self * power).rounded() / power : (self / power).rounded() * power
    return exact(rounded.isFinite ? rounded : self)
  }
}

/// All digits that a number needs to read back as itself; empty for NaN.
func exact(_ value: Double?) -> String {
  guard let value, !value.isNaN else { return "" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
  return String(describing: value)
}

/// A table of numbers for other programs, as RFC 4180 has it, with line feeds.
struct CSVTable: Sendable {
  private(set) var text: String
  private let columnCount: Int

  init(_ header: [String]) {
    columnCount = header.count
    text = header.map(Self.quoted).joined(separator: ",") + "\n"
  }

  mutating func add(_ fields: [(any CSVField)?]) {
    precondition(
      fields.count == columnCount, "a row of \(fields.count) fields in \(columnCount) columns")
    text += fields.map { Self.quoted($0?.csv ?? "") }.joined(separator: ",") + "\n"
  }

  /// In quotation marks where needed. A label that a spreadsheet would take for a formula gets an
  /// apostrophe first, as spreadsheets themselves write such text.
  private static func quoted(_ field: String) -> String {
    var field = field
    if let first = field.unicodeScalars.first, "=+@\t".unicodeScalars.contains(first) {
      field = "'" + field
    } else if field.hasPrefix("-"), Double(field) == nil {
      field = "'" + field
    }
    let special = ",\"\n\r".utf8
    guard field.utf8.contains(where: special.contains) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
