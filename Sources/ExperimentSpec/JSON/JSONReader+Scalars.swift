// SPDX-License-Identifier: MIT
import Diagnostics

// Strings, numbers, `true`, `false`, `null`, and what people write in their place.
extension JSONReader {
  /// Reads a string whose opening quote, `"` or `'`, is at the reader's place; nil where it has no
  /// end.
  mutating func string() -> String? {
    let start = index
    let quote = source.bytes[index]
    let backslash = UInt8(ascii: "\\")
    index += 1
    var text: [UInt8] = []
    while index < end {
      let plain = index
      while index < end, source.bytes[index] >= 0x20, source.bytes[index] != quote,
        source.bytes[index] != backslash
      {
        index += 1
      }
      if index < end, source.bytes[index] == quote, text.isEmpty, quote == UInt8(ascii: "\"") {
        defer { index += 1 }
        return String(decoding: source.bytes[plain..<index], as: UTF8.self)
      }
      text += source.bytes[plain..<index]
      switch here {
      case "\\"?: escape(into: &text)
      case "\n"?, "\r"?, nil:
        breakOff(
          "unterminated-string", start..<index,
          problem: "the string that starts here is not closed",
          help: "end it with \"; a line break within it is written \\n")
        return nil
      case let control? where control.value < 0x20:
        let code = hexadecimal(control.value)
        report(
          "control-character", index..<index + 1, problem: "found U+\(code) within a string",
          help: control == "\t" ? #"write \t"# : #"write \u"# + code)
        text.append(source.bytes[index])
        index += 1
      default:
        index += 1
        if quote == UInt8(ascii: "'") {
          report(
            "single-quotes", start..<index, problem: "found a string in single quotes",
            help: "JSON strings are written in double quotes")
        }
        return String(decoding: text, as: UTF8.self)
      }
    }
    breakOff(
      "unterminated-string", start..<index, problem: "the string that starts here is not closed",
      help: "end it with \"; a line break within it is written \\n")
    return nil
  }

  private static let escapes: [Unicode.Scalar: UInt8] = [
    "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 0x08, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
    "'": 0x27,
  ]

  private mutating func escape(into text: inout [UInt8]) {
    let start = index
    index += 1
    guard let next = here, next != "\n", next != "\r" else { return }
    index += 1
    if next == "u" { return unicodeEscape(start, into: &text) }
    if let byte = Self.escapes[next] {
      text.append(byte)
      if next != "'" { return }
    } else {
      index = characterEnd(start + 1)
      text += source.bytes[start..<index]
    }
    report(
      "bad-escape", start..<index, found: written(start..<index),
      allowed: #"\" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#,
      help: #"a backslash itself is written \\"#)
  }

  private mutating func unicodeEscape(_ start: Int, into text: inout [UInt8]) {
    guard let unit = hexadecimalDigits() else {
      report(
        "bad-escape", start..<index, found: written(start..<index),
        allowed: #"\u with four hexadecimal digits"#)
      return
    }
    var value = UInt32(unit)
    let second = index
    if (0xD800..<0xDC00).contains(unit), index + 1 < end, written(index..<index + 2) == "\\u" {
      index += 2
      if let low = hexadecimalDigits(), (0xDC00..<0xE000).contains(low) {
        value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
      } else {
        index = second
      }
    }
    if Unicode.Scalar(value) == nil {
      report(
        "lone-surrogate", start..<start + 6, found: written(start..<start + 6),
        help: #"it is half of a pair such as \ud83d\ude00; write the character itself"#)
    }
    text += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
  }

  /// Four hexadecimal digits; nil, and past the good ones, where there are fewer.
  private mutating func hexadecimalDigits() -> UInt16? {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let here, here.isASCII, let digit = Character(here).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }

  func written(_ range: Range<Int>) -> String {
    String(decoding: source.bytes[range], as: UTF8.self)
  }

  // MARK: Words

  /// Reads `null`, `true` or `false`; reports any other word.
  mutating func word() -> PositionedValue {
    let start = index
    let word = scannedWord()
    let range = start..<index
    let help: String
    switch word {
    case "null": return PositionedValue(content: .null, range: range)
    case "true": return PositionedValue(content: .bool(true), range: range)
    case "false": return PositionedValue(content: .bool(false), range: range)
    case _ where Self.notNumbers.contains(word):
      reportNotANumber(word, range)
      return unreadable(range)
    case "True", "TRUE", "yes", "on": help = "write true"
    case "False", "FALSE", "no", "off": help = "write false, or null for off"
    case "None", "none", "nil", "undefined", "NULL", "Null":
      help = "write null, or \"\(word)\" for the string"
    default: help = "a string is written in double quotes: \"\(word)\""
    }
    report("bare-word", range, found: word, help: help)
    return unreadable(range)
  }

  /// Takes letters, digits, `_`, `$` and `-`.
  mutating func scannedWord() -> String {
    let start = index
    while let here, Self.isWord(here) || here == "-" { index += 1 }
    return written(start..<index)
  }

  /// Whether a character can be part of a bare word, a key without quotes or a number.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "$": true
    default: false
    }
  }

  // MARK: Numbers

  private static let notNumbers: Set = ["NaN", "Infinity", "nan", "inf", "Inf", "infinity"]

  /// Reads a number; reports what the grammar does not allow, with the right way to write it.
  mutating func number() -> PositionedValue {
    let start = index
    while let here, Self.isWord(here) || "-+.".unicodeScalars.contains(here) { index += 1 }
    let range = start..<index
    let text = written(range)
    guard isNumber(range) else {
      reportBadNumber(text, range)
      return unreadable(range)
    }
    guard let number = Double(text), number.isFinite else {
      report(
        "number-too-large", range, found: text,
        allowed: "numbers up to about 1.8e308, which is what a double holds")
      return unreadable(range)
    }
    return PositionedValue(content: .number(number), range: range)
  }

  /// The grammar of RFC 8259, section 6.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var rest = source.bytes[range]
    func take(_ characters: Unicode.Scalar...) -> Bool {
      guard let first = rest.first, characters.contains(Unicode.Scalar(first)) else { return false }
      rest.removeFirst()
      return true
    }
    func digits() -> Bool {
      let tail = rest.drop { (0x30...0x39).contains($0) }
      defer { rest = tail }
      return tail.count < rest.count
    }
    _ = take("-")
    guard take("0") || digits() else { return false }
    if take("."), !digits() { return false }
    if take("e", "E") {
      _ = take("+", "-")
      if !digits() { return false }
    }
    return rest.isEmpty
  }

  private mutating func reportNotANumber(_ text: String, _ range: Range<Int>) {
    report(
      "not-a-number", range, found: text,
      help: "JSON has neither NaN nor Infinity; write null where a parameter can be off")
  }

  private mutating func reportBadNumber(_ text: String, _ range: Range<Int>) {
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = text.drop(while: { $0 == "-" || $0 == "+" })
    if Self.notNumbers.contains(String(body)) { return reportNotANumber(text, range) }
    var code = "bad-number"
    var help = "a number looks like 8000, -21, 0.99 or 1e-3; a string is written in double quotes"
    let plain = body.filter { $0 != "_" }
    if body.lowercased().hasPrefix("0x"), let value = Int(body.dropFirst(2), radix: 16) {
      help = "write \(sign)\(value); JSON numbers are decimal"
    } else if let value = Double(plain), value.isFinite,
      plain.allSatisfy({ "0123456789.eE+-".contains($0) })
    {
      let trimmed = plain.drop(while: { $0 == "0" })
      var mended = trimmed.first?.isNumber ?? false ? trimmed : "0" + trimmed
      if mended.hasSuffix(".") { mended.removeLast() }
      mended = Substring(mended.replacing(".e", with: "e").replacing(".E", with: "E"))
      if body.hasPrefix("0"), !body.contains("_"), !body.hasPrefix("0.") { code = "leading-zero" }
      help = "write \(sign)\(mended)"
    }
    report(code, range, found: text, help: help)
  }
}
