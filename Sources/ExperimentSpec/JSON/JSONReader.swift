// SPDX-License-Identifier: MIT
package import Diagnostics

/// What came of reading a JSON text.
package struct JSONDocument: Sendable {
  /// nil when nothing could be read at all.
  package let value: PositionedValue?
  package let findings: [Finding]
  /// Whether `value` has everything that was written, so that what it lacks is really missing;
  /// false after errors behind which the reader could only guess.
  package let isWhole: Bool
}

/// Reads RFC 8259 JSON with the place of everything, and goes on behind errors where it can tell
/// what was meant, so that a person sees them all at once. Files that people write may have
/// comments.
package struct JSONReader {
  /// Objects and arrays may be nested this deep, which also bounds the reader's recursion.
  package static let depthLimit = 64
  /// In bytes.
  package static let sizeLimit = 16 << 20
  /// After so many errors the rest is not worth reading.
  private static let findingLimit = 100

  let source: SourceText
  let end: Int
  /// Whether `// …` and `/* … */` may stand between values, as in VS Code's settings.
  let allowsComments: Bool
  var index: Int
  private(set) var findings: [Finding] = []
  var isWhole = true
  /// Set when going on makes no sense: the text is at its end, or too deep.
  private(set) var gaveUp = false
  /// Whether the last string had no end, so that what seems to follow it is not held against it.
  var stringIsOpen = false
  private var depth = 0
  private var path: [String] = []

  /// - Parameter range: the bytes of `source` to read; all when nil.
  package init(_ source: SourceText, range: Range<Int>? = nil, allowsComments: Bool = false) {
    self.source = source
    self.allowsComments = allowsComments
    index = range?.lowerBound ?? 0
    end = range?.upperBound ?? source.bytes.count
  }

  /// Reads the whole text as one value.
  package static func read(
    _ source: SourceText, range: Range<Int>? = nil, allowsComments: Bool = false
  ) -> JSONDocument {
    var reader = JSONReader(source, range: range, allowsComments: allowsComments)
    return reader.document()
  }

  private mutating func document() -> JSONDocument {
    guard checkEncoding() else {
      return JSONDocument(value: nil, findings: findings, isWhole: false)
    }
    skipSpace()
    guard index < end else {
      report(
        "empty-file", 0..<0, problem: "there is no JSON here",
        help: "an experiment is one object: { \"score\": { \"goal\": \"maximize\" } }")
      return JSONDocument(value: nil, findings: findings, isWhole: false)
    }
    let value = self.value()
    skipSpace()
    if isWhole, index < end {
      isWhole = false
      report(
        "trailing-text", index..<nextCharacterEnd(index),
        problem: "found \(describeCharacter(at: index)) after the end of the value",
        help: "a file holds one JSON value; remove what follows it")
    }
    return JSONDocument(value: value, findings: findings, isWhole: isWhole)
  }

  // MARK: Values

  private mutating func value() -> PositionedValue {
    let start = index
    guard index < end else { return truncated() }
    switch source.bytes[index] {
    case UInt8(ascii: "{"): return nested { $0.object() }
    case UInt8(ascii: "["): return nested { $0.array() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let text = string()
      return stringIsOpen
        ? unreadable(start..<index)
        : PositionedValue(content: .string(text), range: start..<index)
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return number()
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
      report(
        "missing-value", start..<start + 1,
        problem: "found \(describeCharacter(at: start)) where a value belongs")
      isWhole = false
      return unreadable(start..<start)
    case let byte where isWordByte(byte): return word()
    default:
      report(
        "unexpected-character", start..<nextCharacterEnd(start),
        problem: "found \(describeCharacter(at: start)) where a value belongs")
      isWhole = false
      skipToSeparator()
      return unreadable(start..<index)
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) -> PositionedValue
  ) -> PositionedValue {
    guard depth < Self.depthLimit else {
      report(
        "too-deep", index..<index + 1,
        problem: "objects and lists are nested more than \(Self.depthLimit) deep here")
      return giveUp()
    }
    depth += 1
    defer { depth -= 1 }
    return read(&self)
  }

  private mutating func array() -> PositionedValue {
    let start = index
    var elements: [PositionedValue] = []
    var comma: Int?
    index += 1
    while !gaveUp {
      skipSpace()
      guard index < end else {
        return truncated(open: start, closer: "]", content: .array(elements))
      }
      switch source.bytes[index] {
      case UInt8(ascii: "]"):
        if let comma { reportTrailingComma(comma, closer: "]") }
        index += 1
        return PositionedValue(content: .array(elements), range: start..<index)
      case UInt8(ascii: "}"):
        return mismatch(open: start, closer: "]", content: .array(elements))
      case UInt8(ascii: ","):
        reportExtraComma()
        comma = nil
        continue
      default: break
      }
      path.append("[\(elements.count)]")
      elements.append(value())
      path.removeLast()
      comma = separator(after: elements.last?.range.upperBound ?? index, closer: "]")
    }
    return PositionedValue(content: .array(elements), range: start..<index)
  }

  private mutating func object() -> PositionedValue {
    let start = index
    var members: [PositionedValue.Member] = []
    var places: [String: Int] = [:]
    var comma: Int?
    index += 1
    while !gaveUp {
      skipSpace()
      guard index < end else {
        return truncated(open: start, closer: "}", content: .object(members))
      }
      switch source.bytes[index] {
      case UInt8(ascii: "}"):
        if let comma { reportTrailingComma(comma, closer: "}") }
        index += 1
        return PositionedValue(content: .object(members), range: start..<index)
      case UInt8(ascii: "]"):
        return mismatch(open: start, closer: "}", content: .object(members))
      case UInt8(ascii: ","):
        reportExtraComma()
        comma = nil
        continue
      default: break
      }
      if let member = member() {
        if let first = places.updateValue(member.keyRange.lowerBound, forKey: member.key) {
          places[member.key] = first
          reportDuplicate(member, first: first)
        } else {
          members.append(member)
        }
        comma = separator(after: member.value.range.upperBound, closer: "}")
      } else {
        comma = nil
      }
    }
    return PositionedValue(content: .object(members), range: start..<index)
  }

  /// nil when there was no key and something was skipped instead.
  private mutating func member() -> PositionedValue.Member? {
    let start = index
    guard let key = key() else { return nil }
    let keyRange = start..<index
    path.append(key)
    defer { path.removeLast() }
    skipSpace()
    if index < end, source.bytes[index] == UInt8(ascii: ":") {
      index += 1
    } else if index < end, source.bytes[index] == UInt8(ascii: "=") {
      report("missing-colon", index..<index + 1, found: "\"=\"", help: "write \":\" after a key")
      index += 1
    } else if index < end {
      report("missing-colon", keyRange, problem: "no \":\" and value follow this key")
      isWhole = false
      let next = source.bytes[index]
      if next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || next == UInt8(ascii: "]") {
        return .init(key: key, keyRange: keyRange, value: unreadable(index..<index))
      }
    }
    skipSpace()
    return .init(key: key, keyRange: keyRange, value: value())
  }

  private mutating func key() -> String? {
    let start = index
    let byte = source.bytes[index]
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return string() }
    if isWordByte(byte) {
      let word = scanWord()
      report(
        "unquoted-key", start..<index, path: joined(path + [word]), found: word,
        help: "keys are written in double quotes: \"\(word)\"")
      return word
    }
    isWhole = false
    report(
      "missing-key", start..<nextCharacterEnd(start),
      problem: "found \(describeCharacter(at: start)) where a key in double quotes belongs")
    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
      _ = value()
    } else {
      index = nextCharacterEnd(start)
      skipToSeparator()
    }
    return nil
  }

  // MARK: Errors

  /// Adds a finding at the current path; gives up reading after too many.
  mutating func report(
    _ code: String, _ range: Range<Int>, path: String? = nil, problem: String? = nil,
    found: String? = nil, allowed: String? = nil, help: String? = nil, notes: [String] = []
  ) {
    guard findings.count < Self.findingLimit else {
      gaveUp = true
      isWhole = false
      return
    }
    findings.append(
      Finding(
        code: code, at: Place(source: source, range: range), path: path ?? joined(self.path),
        problem: problem, found: found, allowed: allowed, help: help, notes: notes))
    if findings.count == Self.findingLimit {
      findings[findings.count - 1].notes.append("further errors are not shown")
    }
  }

  /// Ends the reading.
  mutating func giveUp() -> PositionedValue {
    gaveUp = true
    isWhole = false
    index = end
    return unreadable(end..<end)
  }

  /// A value that was reported and is taken for right from here on.
  func unreadable(_ range: Range<Int>) -> PositionedValue {
    PositionedValue(content: .unreadable, range: range)
  }

  private func joined(_ path: [String]) -> String {
    var text = ""
    for part in path {
      if !text.isEmpty, !part.hasPrefix("[") { text += "." }
      text += part
    }
    return text.count <= 100 ? text : text.prefix(97) + "…"
  }

  private mutating func reportDuplicate(_ member: PositionedValue.Member, first: Int) {
    let place = source.position(at: first)
    report(
      "duplicate-key", member.keyRange, path: joined(path + [member.key]),
      problem: "\"\(member.key)\" appears twice in this object",
      help: "the first is at \(place.line):\(place.column); keep one of them")
  }
}
