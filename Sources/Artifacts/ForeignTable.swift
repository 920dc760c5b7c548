// SPDX-License-Identifier: MIT

/// What tables of people and of other programs have in common: nothing in them is repaired or guessed.
package enum ForeignTable {
  /// What is wrong, with its place; line 0 for the file as a whole, column 0 for the line.
  package struct Fault: Equatable, Sendable {
    package let line: Int
    package var column = 0
    package let sentence: String

    package init(line: Int, column: Int = 0, sentence: String) {
      (self.line, self.column, self.sentence) = (line, column, sentence)
    }
  }

  /// A number as programs write them; nil for all else, such as `0x10` and `1,5`.
  package static func number(_ text: String) -> Double? {
    text.contains { $0 == "x" || $0 == "X" } ? nil : Double(text)
  }

  /// Whether a text is a finite number that is too large or too small for 64 bits.
  ///
  /// - Parameter number: what was read of the text.
  package static func isBeyond(_ text: String, _ number: Double) -> Bool {
    let isWritten = text.lowercased().contains("inf")
    let hasDigits = text.prefix { $0 != "e" && $0 != "E" }.contains { $0.isNumber && $0 != "0" }
    return number.isInfinite && !isWritten || number == 0 && hasDigits
  }

  // MARK: What is no text

  /// The first place of each line that is no text. Bytes that are not UTF-8 are never repaired: what
  /// a repair makes of two names may be one.
  package static func encodingFaults(in bytes: [UInt8]) -> [Fault] {
    func mend(_ encoding: String) -> String {
      "convert it with: iconv -f \(encoding) -t UTF-8 FILE > mended.csv"
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return [Fault(line: 1, sentence: "found UTF-16; allowed: UTF-8; \(mend("UTF-16"))")]
    }
    if bytes.contains(0x0D) && !bytes.contains(0x0A) {
      return [
        Fault(
          line: 1,
          sentence:
            "its lines end with a carriage return alone; allowed: a line feed; convert it with:"
            + " tr '\\r' '\\n' < FILE > mended.csv")
      ]
    }
    if String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0) { return [] }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      guard let found = firstFault(in: line) else { return nil }
      return Fault(
        line: index + 1, column: found.column,
        sentence: found.byte == 0
          ? "found a byte of value 0; allowed: text in UTF-8; if it is UTF-16: \(mend("UTF-16"))"
          : "found byte 0x\(String(found.byte, radix: 16, uppercase: true)), which is not UTF-8;"
            + " allowed: UTF-8; if it is Latin-1: \(mend("WINDOWS-1252"))")
    }
  }

  /// Columns count characters as an editor would, from 1.
  private static func firstFault(in line: ArraySlice<UInt8>) -> (column: Int, byte: UInt8)? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = line.makeIterator()
    var (column, place) = (1, line.startIndex)
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        guard line[place] != 0 else { return (column, 0) }
        column += 1
        place += scalar.count
      case .error: return (column, line[place])
      case .emptyInput: return nil
      }
    }
  }

  // MARK: What is not divided by commas

  /// What to do with columns that are divided by something else than commas, as spreadsheets write
  /// where the comma is a decimal sign. They are not read: 1,234 may be a thousand or a little more
  /// than one.
  ///
  /// - Parameters:
  ///   - rows: the fields of each row below the header, as commas divide them.
  ///   - isHeader: whether some names are those of a table that is wanted.
  package static func foreignSeparator(
    _ header: [String], rows: some Sequence<[String]>, isHeader: ([String]) -> Bool
  ) -> String? {
    func parts(_ fields: [String], _ separator: String) -> [String] {
      fields.joined(separator: ",").split(separator: separator, omittingEmptySubsequences: false)
        .map { String($0).trimmed.replacing("\"", with: "") }
    }
    let known = [
      (";", "\";\"", ";"), ("\t", "tabs", "\\t"), ("|", "\"|\"", "|"), (" ", "spaces", " "),
    ]
    guard !isHeader(header),
      let (separator, name, escaped) = known.first(where: { isHeader(parts(header, $0.0)) })
    else { return nil }
    let hasCommas = rows.contains { row in
      parts(row, separator).contains { field in
        field.count { $0 == "," } == 1 && number(field.replacing(",", with: ".")) != nil
      }
    }
    let (more, point, mend) =
      hasCommas
      ? (
        " and numbers have a decimal comma", " and a decimal point",
        "sed 's/,/./g; s/\(escaped)/,/g' FILE > mended.csv"
      ) : ("", "", "tr '\(escaped)' ',' < FILE > mended.csv")
    return
      "the columns are divided by \(name)\(more); allowed: commas\(point); convert it with: \(mend), "
      + "where no name has \(separator == " " ? "a space or comma" : "a comma")"
  }
}

extension String {
  /// Without white space at the ends, such as spaces, tabs and the no-break spaces of spreadsheets.
  package var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
