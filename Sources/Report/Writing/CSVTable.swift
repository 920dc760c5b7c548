// SPDX-License-Identifier: MIT

import Glibc

/// A table of drawn numbers for other programs, as RFC 4180 has it, with line feeds.
struct CSVTable: Sendable {
  private(set) var text: String
  private let columnCount: Int

  init(_ header: [String]) {
    columnCount = header.count
    text = header.map(Self.quoted).joined(separator: ",") + "\n"
  }

  mutating func addRow(_ fields: [String]) {
    precondition(
      fields.count == columnCount, "a row of \(fields.count) fields in \(columnCount) columns")
    text += fields.map(Self.quoted).joined(separator: ",") + "\n"
  }

  /// A number to six significant digits, more than can be seen in a figure; empty for NaN, `inf`
  /// for what was never reached.
  static func text(_ value: Double) -> String {
    if value.isNaN { return "" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    guard value != 0 else { return "0" }
    let digits = 5 - Int(log10(abs(value)).rounded(.down))
    // A power of ten below 1 is not exact, so that one above divides or multiplies.
    let power = pow(10, Double(abs(digits)))
    let rounded =
      digits > 0 ? (value * power).rounded() / power : (value / power).rounded() * power
    return plain(rounded.isFinite ? rounded : value)
  }

  static func text(_ value: Double?) -> String { value.map { text($0) } ?? "" }

  /// All digits that a number needs to read back as itself.
  static func exact(_ value: Double?) -> String {
    guard let value, !value.isNaN else { return "" }
    return value.isInfinite ? (value < 0 ? "-inf" : "inf") : plain(value)
  }

  private static func plain(_ value: Double) -> String {
    if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
    return String(describing: value)
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
    let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
    guard field.unicodeScalars.contains(where: special.contains) else { return field }
    var result = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
