// SPDX-License-Identifier: MIT
import Diagnostics

// Numbers, `true`, `false`, `null`, and what people write in their place.
extension JSONReader {
  /// Reads `null`, `true` or `false`; reports any other word.
  mutating func word() -> PositionedValue {
    let start = index
    let word = scanWord()
    let range = start..<index
    func known(_ content: PositionedValue.Content) -> PositionedValue {
      PositionedValue(content: content, range: range)
    }
    switch word {
    case "null": return known(.null)
    case "true": return known(.bool(true))
    case "false": return known(.bool(false))
    case "NaN", "Infinity", "nan", "inf", "Inf", "infinity":
      reportNotANumber(word, range)
    case "True", "TRUE", "yes", "on":
      report("bare-word", range, found: word, help: "write true")
    case "False", "FALSE", "no", "off":
      report("bare-word", range, found: word, help: "write false, or null for off")
    case "None", "none", "nil", "undefined", "NULL", "Null":
      report("bare-word", range, found: word, help: "write null, or \"\(word)\" for the string")
    default:
      report(
        "bare-word", range, found: word, help: "a string is written in double quotes: \"\(word)\"")
    }
    return unreadable(range)
  }

  /// Takes letters, digits, `_`, `$` and `-`.
  mutating func scanWord() -> String {
    let start = index
    while index < end, isWordByte(source.bytes[index]) || source.bytes[index] == UInt8(ascii: "-") {
      index += 1
    }
    return String(decoding: source.bytes[start..<index], as: UTF8.self)
  }

  /// Reads a number; reports what the grammar does not allow, with the right way to write it.
  mutating func number() -> PositionedValue {
    let start = index
    while index < end, isNumberByte(source.bytes[index]) { index += 1 }
    let range = start..<index
    let text = String(decoding: source.bytes[range], as: UTF8.self)
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

  private func isNumberByte(_ byte: UInt8) -> Bool {
    isWordByte(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: ".")
  }

  /// The grammar of RFC 8259, section 6.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var i = range.lowerBound
    func byte() -> UInt8 { i < range.upperBound ? source.bytes[i] : 0 }
    func digits() -> Bool {
      let start = i
      while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte()) { i += 1 }
      return i > start
    }
    if byte() == UInt8(ascii: "-") { i += 1 }
    if byte() == UInt8(ascii: "0") { i += 1 } else if !digits() { return false }
    if byte() == UInt8(ascii: ".") {
      i += 1
      guard digits() else { return false }
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      i += 1
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { i += 1 }
      guard digits() else { return false }
    }
    return i == range.upperBound
  }

  private mutating func reportNotANumber(_ text: String, _ range: Range<Int>) {
    report(
      "not-a-number", range, found: text,
      help: "JSON has neither NaN nor Infinity; write null where a parameter can be off")
  }

  private mutating func reportBadNumber(_ text: String, _ range: Range<Int>) {
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = text.drop(while: { $0 == "-" || $0 == "+" })
    if ["NaN", "Infinity", "nan", "inf", "Inf", "infinity"].contains(body) {
      return reportNotANumber(text, range)
    }
    if body.hasPrefix("0x") || body.hasPrefix("0X"), let value = Int(body.dropFirst(2), radix: 16) {
      report(
        "bad-number", range, found: text, help: "write \(sign)\(value); JSON numbers are decimal")
      return
    }
    let plain = body.filter { $0 != "_" }
    if let value = Double(plain), value.isFinite,
      plain.allSatisfy({ "0123456789.eE+-".contains($0) })
    {
      let trimmed = plain.drop(while: { $0 == "0" })
      var mended =
        trimmed.first.map { "0123456789".contains($0) } ?? false ? trimmed : "0" + trimmed
      if mended.hasSuffix(".") { mended.removeLast() }
      mended = Substring(mended.replacing(".e", with: "e").replacing(".E", with: "E"))
      let isLeadingZero = body.hasPrefix("0") && !body.contains("_") && !body.hasPrefix("0.")
      report(
        isLeadingZero ? "leading-zero" : "bad-number", range, found: text,
        help: "write \(sign)\(mended)")
      return
    }
    report(
      "bad-number", range, found: text,
      help: "a number looks like 8000, -21, 0.99 or 1e-3; a string is written in double quotes")
  }
}
