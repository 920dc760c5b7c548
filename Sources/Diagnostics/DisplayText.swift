// SPDX-License-Identifier: MIT

/// Text made safe and measurable for a terminal.
package enum DisplayText {
  /// `text` with tabs as two spaces and with control and direction-changing characters escaped,
  /// so that a hostile file can neither move the cursor nor reorder what is shown.
  package static func escaped(_ text: String) -> String {
    text.unicodeScalars.contains(where: isUnsafe)
      ? text.map { cell($0).shown }.joined() : text
  }

  /// The same for a text of several lines: those between its line feeds stay apart.
  package static func escapedLines(_ text: String) -> String {
    text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F })
      ? text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { escaped(String($0)) }.joined(separator: "\n") : text
  }

  /// A JSON text that means the same, with such characters of its strings written as JSON has it.
  package static func escapedJSON(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard isUnsafe(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  /// Columns of a terminal that `text` takes.
  package static func width(of text: String) -> Int { text.reduce(0) { $0 + cell($1).width } }

  /// What is shown for one character, and how many columns of a terminal it takes.
  static func cell(_ character: Character) -> (shown: String, width: Int) {
    if character == "\t" { return ("  ", 2) }
    if character.unicodeScalars.contains(where: isUnsafe) {
      let shown = character.unicodeScalars
        .map { isUnsafe($0) ? "\\u{" + String($0.value, radix: 16) + "}" : String($0) }.joined()
      return (shown, shown.count)
    }
    guard let first = character.unicodeScalars.first else { return ("", 0) }
    return (String(character), isWide(first) ? 2 : first.properties.isZeroWidth ? 0 : 1)
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x20 || scalar.value == 0x7F { return true }
    if scalar.value < 0x80 { return false }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    // The joiner within emoji stays.
    case .format: return scalar.value != 0x200D
    default: return false
    }
  }

  /// East Asian wide characters and emoji (UAX #11, by blocks).
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isZeroWidth: Bool {
    generalCategory == .nonspacingMark || generalCategory == .enclosingMark
  }
}
