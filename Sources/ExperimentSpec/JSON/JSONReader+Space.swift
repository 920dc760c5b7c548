// SPDX-License-Identifier: MIT
import Diagnostics

// What stands between values, and how characters are told.
extension JSONReader {
  /// Whether the bytes can be read as text; reports what is not UTF-8.
  mutating func checkEncoding() -> Bool {
    let bytes = source.bytes
    if index == 0, end >= 2 {
      let isUTF16 = [[0xFE, 0xFF], [0xFF, 0xFE]].contains(Array(bytes.prefix(2)))
      if isUTF16 || bytes[0] == 0 || bytes[1] == 0 {
        breakOff(
          "not-utf-8", 0..<0, problem: "the bytes look like UTF-16 or UTF-32",
          help: "save the file as UTF-8")
        return false
      }
    }
    if index == 0, end >= 3, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      report(
        "byte-order-mark", 0..<0, problem: "the file starts with a byte order mark (EF BB BF)",
        help: "save it as UTF-8 without one")
      index = 3
    }
    guard String(validating: bytes[index..<end], as: UTF8.self) == nil else { return true }
    var parser = UTF8.ForwardParser()
    var rest = bytes[index..<end].makeIterator()
    var place = index
    /// Just behind the last error: what follows it directly is part of it.
    var reported = -1
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let scalar): place += scalar.count
      case .error(let length):
        if place != reported {
          let byte = String(bytes[place], radix: 16, uppercase: true)
          report(
            "not-utf-8", place..<place + 1,
            problem: "byte 0x\(byte) at offset \(place) is not UTF-8",
            help: "save the file as UTF-8")
        }
        place += length
        reported = place
      case .emptyInput: return true
      }
    }
  }

  /// Skips white space and comments; reports what only looks like either.
  mutating func skipSpace() {
    while let here {
      switch here {
      case " ", "\t", "\n", "\r": index += 1
      case "/", "#":
        guard skipComment(isHash: here == "#") else { return }
      case _ where here.value >= 0x80 || here == "\u{0B}" || here == "\u{0C}":
        let stop = characterEnd(index)
        guard let scalar = written(index..<stop).unicodeScalars.first,
          scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
        else { return }
        report(
          "unexpected-character", index..<stop,
          problem: "found \(describedCharacter(at: index)) between values",
          help: "JSON knows space, tab and line break only")
        index = stop
      default: return
      }
    }
  }

  /// Goes behind a comment; reports one that may not stand here or does not end.
  private mutating func skipComment(isHash: Bool) -> Bool {
    let start = index
    let opening = written(index..<min(index + 2, end))
    if isHash || opening == "//" {
      while let here, here != "\n", here != "\r" { index += 1 }
    } else if opening == "/*" {
      index += 2
      while index < end, written(index..<min(index + 2, end)) != "*/" { index += 1 }
      guard index < end else {
        breakOff(
          "truncated", start..<start + 2, problem: "the comment that starts here is not closed",
          help: "end it with */")
        return false
      }
      index += 2
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

  /// Just behind the last byte that is not white space.
  var lastVisible: Int {
    let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return (source.bytes[..<end].lastIndex { !isSpace($0) } ?? -1) + 1
  }

  /// The end of the UTF-8 sequence that starts at `offset`.
  func characterEnd(_ offset: Int) -> Int {
    var stop = min(offset + 1, end)
    while stop < end, source.bytes[stop] & 0xC0 == 0x80 { stop += 1 }
    return stop
  }

  /// A character as a person would name it.
  func describedCharacter(at offset: Int) -> String {
    guard offset < end else { return "the end of the text" }
    let text = written(offset..<characterEnd(offset))
    guard let scalar = text.unicodeScalars.first else { return "an empty text" }
    if scalar == "\"" { return "a string" }
    let isPlain = scalar.value > 0x20 && scalar.value < 0x7F
    let isVisible = scalar.value > 0xA0 && !scalar.properties.isWhitespace
    if isPlain || (isVisible && scalar.properties.generalCategory != .format) {
      return "\"\(text)\""
    }
    return "U+" + hexadecimal(scalar.value)
  }

  /// At least four digits.
  func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
