// SPDX-License-Identifier: MIT

/// The rows of a CSV file by anyone (RFC 4180): fields in quotation marks where needed, lines ended
/// by LF or CRLF, a byte order mark passed over.
package struct CSVRows: Sendable {
  package struct Row: Equatable, Sendable {
    /// The line on which the row begins, from 1.
    package let line: Int
    package let fields: [String]
  }

  /// A quotation mark that is never closed: the line on which it stands.
  package let openQuote: Int?
  /// The first line with text between a closing quotation mark and the next comma.
  package let textBehindQuote: Int?
  /// Rows that are not empty lines.
  package let rows: [Row]

  package init(_ text: String) {
    var rows: [Row] = []
    var fields: [String] = []
    var field = ""
    var (line, start, quote) = (1, 1, 0)
    var behind: Int?
    var isQuoted = false
    var hasQuotes = false
    var isClosed = false
    func isBlank() -> Bool { fields.isEmpty && field.isEmpty && !hasQuotes }
    var scalars = Substring(text).unicodeScalars
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    while let scalar = scalars.popFirst() {
      switch (isQuoted, scalar) {
      case (true, "\""):
        if scalars.first == "\"" {
          field.unicodeScalars.append("\"")
          scalars.removeFirst()
        } else {
          (isQuoted, isClosed) = (false, true)
        }
      case (true, _):
        if scalar == "\n" { line += 1 }
        field.unicodeScalars.append(scalar)
      case (false, "\"") where field.isEmpty && !isClosed:
        isQuoted = true
        hasQuotes = true
        quote = line
      case (false, ","):
        fields.append(field)
        (field, isClosed) = ("", false)
      case (false, "\r") where scalars.first == "\n": continue
      case (false, "\n"):
        if !isBlank() { rows.append(Row(line: start, fields: fields + [field])) }
        (fields, field, hasQuotes, isClosed) = ([], "", false, false)
        line += 1
        start = line
      default:
        if isClosed { behind = behind ?? line }
        field.unicodeScalars.append(scalar)
      }
    }
    if !isBlank() { rows.append(Row(line: start, fields: fields + [field])) }
    self.rows = rows
    openQuote = isQuoted ? quote : nil
    textBehindQuote = behind
  }
}
