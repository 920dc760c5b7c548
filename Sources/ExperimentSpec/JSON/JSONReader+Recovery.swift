// SPDX-License-Identifier: MIT
import Diagnostics

// How the reader goes on behind an error, and what it says about it.
extension JSONReader {
  /// Takes the comma behind an element, if there is one, and gives its place. Reports one that is
  /// missing before another element.
  mutating func separator(after valueEnd: Int, closer: String) -> Int? {
    guard !gaveUp else { return nil }
    skipSpace()
    guard index < end else { return nil }
    let byte = source.bytes[index]
    switch byte {
    case UInt8(ascii: ","):
      index += 1
      return index - 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): return nil
    case UInt8(ascii: ";"):
      report("missing-comma", index..<index + 1, found: "\";\"", help: "write \",\"")
      index += 1
      return nil
    default: break
    }
    if stringIsOpen {
      stringIsOpen = false
    } else {
      report(
        "missing-comma", valueEnd..<valueEnd,
        problem: "\",\" or \"\(closer)\" is missing here, before \(describeCharacter(at: index))")
    }
    if !startsElement(byte) {
      isWhole = false
      skipToSeparator()
      if index < end, source.bytes[index] == UInt8(ascii: ",") { index += 1 }
    }
    return nil
  }

  private func startsElement(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "["),
      UInt8(ascii: "-"):
      true
    default: isWordByte(byte)
    }
  }

  /// The text ends where a value belongs.
  mutating func truncated() -> PositionedValue {
    isWhole = false
    if !stringIsOpen {
      let place = lastVisible
      report("truncated", place..<place, problem: "the text ends where a value belongs")
    }
    return giveUp()
  }

  /// The text ends within an object or a list: what was read of it still counts.
  mutating func truncated(
    open: Int, closer: String, content: PositionedValue.Content
  ) -> PositionedValue {
    isWhole = false
    if !stringIsOpen {
      let place = lastVisible
      let start = source.position(at: open)
      let kind = closer == "}" ? "object" : "list"
      report(
        "truncated", place..<place,
        problem: "the text ends inside the \(kind) that opens at \(start.line):\(start.column)",
        help: "\"\(closer)\" is missing")
    }
    _ = giveUp()
    return PositionedValue(content: content, range: open..<end)
  }

  /// A bracket of the other kind closes an object or a list: it is taken for the right one.
  mutating func mismatch(
    open: Int, closer: String, content: PositionedValue.Content
  ) -> PositionedValue {
    let start = source.position(at: open)
    let kind = closer == "}" ? "object" : "list"
    isWhole = false
    report(
      "mismatched-bracket", index..<index + 1,
      problem: "found \(describeCharacter(at: index))",
      help: "the \(kind) that opens at \(start.line):\(start.column) ends with \"\(closer)\"")
    index += 1
    return PositionedValue(content: content, range: open..<index)
  }

  /// Reports a comma before a closing bracket.
  mutating func reportTrailingComma(_ comma: Int, closer: String) {
    report(
      "trailing-comma", comma..<comma + 1, problem: "found \",\" before \"\(closer)\"",
      help: "JSON allows no comma after the last element; remove it")
  }

  /// Reports and skips a comma with no element before it.
  mutating func reportExtraComma() {
    report(
      "missing-value", index..<index + 1, problem: "found \",\" with nothing before it",
      help: "remove it")
    index += 1
  }

  /// Goes to the next comma or closing bracket, or to the end of the line.
  mutating func skipToSeparator() {
    while index < end {
      switch source.bytes[index] {
      case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x0A, 0x0D: return
      default: index += 1
      }
    }
  }

  /// Skips white space and comments; reports what only looks like either.
  mutating func skipSpace() {
    while index < end {
      switch source.bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case UInt8(ascii: "/"), UInt8(ascii: "#"):
        guard skipComment() else { return }
      case 0x0B, 0x0C, 0xC2, 0xE2, 0xE3, 0xEF:
        guard let length = foreignSpaceLength else { return }
        report(
          "unexpected-character", index..<index + length,
          problem: "found \(describeCharacter(at: index)) between values",
          help: "JSON knows space, tab and line break only")
        index += length
      default: return
      }
    }
  }

  /// Goes behind a comment; reports one that may not stand here or does not end.
  private mutating func skipComment() -> Bool {
    let start = index
    let next = index + 1 < end ? source.bytes[index + 1] : 0
    let isHash = source.bytes[index] == UInt8(ascii: "#")
    if isHash || next == UInt8(ascii: "/") {
      while index < end, source.bytes[index] != 0x0A, source.bytes[index] != 0x0D { index += 1 }
    } else if next == UInt8(ascii: "*") {
      guard skipToCommentEnd() else {
        isWhole = false
        report(
          "truncated", start..<start + 2, problem: "the comment that starts here is not closed",
          help: "end it with */")
        return true
      }
    } else {
      return false
    }
    if allowsComments && !isHash { return true }
    report(
      "comment", start..<index, problem: "found a comment",
      help: allowsComments
        ? "comments are written // … or /* … */"
        : "JSON has none; \"question\" and \"notes\" hold text for people")
    return true
  }

  /// Goes behind the next `*/`, or to the end where there is none.
  private mutating func skipToCommentEnd() -> Bool {
    index += 2
    while index + 1 < end {
      if source.bytes[index] == UInt8(ascii: "*"), source.bytes[index + 1] == UInt8(ascii: "/") {
        index += 2
        return true
      }
      index += 1
    }
    index = end
    return false
  }

  /// Bytes of a Unicode space that JSON does not count as one, at the reader's place.
  private var foreignSpaceLength: Int? {
    let stop = nextCharacterEnd(index)
    let text = String(decoding: source.bytes[index..<stop], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, stop > index else { return nil }
    return scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B
      ? stop - index : nil
  }

  /// Just behind the last byte that is not white space.
  private var lastVisible: Int {
    var place = end
    while place > 0, [0x20, 0x09, 0x0A, 0x0D].contains(source.bytes[place - 1]) { place -= 1 }
    return place
  }

  /// The end of the UTF-8 sequence that starts at `offset`.
  func nextCharacterEnd(_ offset: Int) -> Int {
    var stop = min(offset + 1, end)
    while stop < end, source.bytes[stop] & 0xC0 == 0x80 { stop += 1 }
    return stop
  }

  /// A character as a person would name it.
  func describeCharacter(at offset: Int) -> String {
    guard offset < end else { return "the end of the text" }
    let text = String(decoding: source.bytes[offset..<nextCharacterEnd(offset)], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return "an empty text" }
    if scalar == "\"" { return "a string" }
    let isPlain = scalar.value > 0x20 && scalar.value < 0x7F
    let isVisible = scalar.value > 0xA0 && !scalar.properties.isWhitespace
    if isPlain || (isVisible && scalar.properties.generalCategory != .format) {
      return "\"\(text)\""
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Whether a byte can be part of a bare word, a key without quotes or a number.
  func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: false
    }
  }
}
