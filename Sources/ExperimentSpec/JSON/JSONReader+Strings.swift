// SPDX-License-Identifier: MIT
import Diagnostics

extension JSONReader {
  /// Reads a string whose opening quote, `"` or `'`, is at the reader's place.
  mutating func string() -> String {
    let start = index
    let quote = source.bytes[index]
    index += 1
    stringIsOpen = false
    if quote == UInt8(ascii: "\"") {
      var plainEnd = index
      while plainEnd < end, isPlain(source.bytes[plainEnd]) { plainEnd += 1 }
      if plainEnd < end, source.bytes[plainEnd] == quote {
        defer { index = plainEnd + 1 }
        return String(decoding: source.bytes[index..<plainEnd], as: UTF8.self)
      }
    }
    var text: [UInt8] = []
    while index < end, source.bytes[index] != quote {
      let byte = source.bytes[index]
      if byte == 0x0A || byte == 0x0D { break }
      if byte == UInt8(ascii: "\\") {
        escape(into: &text, quote: quote)
        continue
      }
      if byte < 0x20 { reportControl(byte) }
      text.append(byte)
      index += 1
    }
    if index < end, source.bytes[index] == quote {
      index += 1
      if quote == UInt8(ascii: "'") {
        report(
          "single-quotes", start..<index, problem: "found a string in single quotes",
          help: "JSON strings are written in double quotes")
      }
    } else {
      stringIsOpen = true
      isWhole = false
      report(
        "unterminated-string", start..<index, problem: "the string that starts here is not closed",
        help: "end it with \"; a line break within it is written \\n")
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func escape(into text: inout [UInt8], quote: UInt8) {
    let start = index
    guard index + 1 < end else {
      index = end
      return
    }
    let byte = source.bytes[index + 1]
    index += 2
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): unicodeEscape(start, into: &text)
    case 0x0A, 0x0D: index -= 1
    default:
      if byte == quote {
        text.append(byte)
      } else {
        index = nextCharacterEnd(start + 1)
        text += source.bytes[start..<index]
      }
      let shown = String(decoding: source.bytes[start..<index], as: UTF8.self)
      report(
        "bad-escape", start..<index, found: shown,
        allowed: #"\" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#,
        help: #"a backslash itself is written \\"#)
    }
  }

  private mutating func unicodeEscape(_ start: Int, into text: inout [UInt8]) {
    guard let unit = hexadecimal() else {
      report(
        "bad-escape", start..<index,
        found: String(decoding: source.bytes[start..<index], as: UTF8.self),
        allowed: #"\u with four hexadecimal digits"#)
      return
    }
    var value = UInt32(unit)
    if (0xD800..<0xDC00).contains(unit), index + 1 < end, source.bytes[index] == UInt8(ascii: "\\"),
      source.bytes[index + 1] == UInt8(ascii: "u")
    {
      let second = index
      index += 2
      if let low = hexadecimal(), (0xDC00..<0xE000).contains(low) {
        value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
      } else {
        index = second
      }
    }
    guard let scalar = Unicode.Scalar(value) else {
      report(
        "lone-surrogate", start..<start + 6,
        found: String(decoding: source.bytes[start..<start + 6], as: UTF8.self),
        help: #"it is half of a pair such as \ud83d\ude00; write the character itself"#)
      text += Array("\u{FFFD}".utf8)
      return
    }
    text += Array(String(Character(scalar)).utf8)
  }

  /// Four hexadecimal digits; nil, and past the good ones, where there are fewer.
  private mutating func hexadecimal() -> UInt16? {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard index < end, let digit = Character(Unicode.Scalar(source.bytes[index])).hexDigitValue,
        source.bytes[index] < 0x80
      else { return nil }
      value = value << 4 | UInt16(digit)
      index += 1
    }
    return value
  }

  private mutating func reportControl(_ byte: UInt8) {
    let digits = String(byte, radix: 16, uppercase: true)
    let code = (byte < 0x10 ? "000" : "00") + digits
    report(
      "control-character", index..<index + 1, problem: "found U+\(code) within a string",
      help: byte == 0x09 ? #"write \t"# : #"write \u"# + code)
  }
}
