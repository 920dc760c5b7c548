// SPDX-License-Identifier: MIT
package import Diagnostics

/// What came of reading a JSON text.
package struct JSONDocument: Sendable {
  /// nil when nothing could be read at all.
  package let value: PositionedValue?
  package let findings: [Finding]
  /// Whether `value` has everything that was written, so that what it lacks is really missing;
  /// false where the text broke off.
  package let isWhole: Bool

  /// Whether the text says of itself that it is a JSON Schema, as `init` writes one beside an
  /// experiment.
  var isSchema: Bool {
    guard let member = value?.members?.first(where: { $0.key == "$schema" }),
      case .string(let text) = member.value.content
    else { return false }
    return ["https://json-schema.org/", "http://json-schema.org/"].contains {
      text.utf8.starts(with: $0.utf8)
    }
  }
}

/// Reads RFC 8259 JSON with the place of everything. It goes on behind slips that leave no doubt of
/// what was meant, so that a person sees them all at once, and stops where the structure breaks:
/// what was read before still counts. Files that people write may have comments.
package struct JSONReader {
  /// Objects and arrays may be nested this deep, which also bounds the reader's recursion.
  package static let depthLimit = 64
  /// In bytes.
  static let sizeLimit = 16 << 20
  /// After so many errors the rest is not worth reading.
  private static let findingLimit = 100

  let source: SourceText
  let end: Int
  /// Whether `// …` and `/* … */` may stand between values, as in VS Code's settings.
  let allowsComments: Bool
  var index: Int
  private var findings: [Finding] = []
  private var isBroken = false
  private var depth = 0
  private var path: [String] = []

  /// Reads the whole text as one value.
  ///
  /// - Parameter range: the bytes of `source` to read; all when nil.
  package static func read(
    _ source: SourceText, range: Range<Int>? = nil, allowsComments: Bool = false
  ) -> JSONDocument {
    var reader = JSONReader(
      source: source, end: range?.upperBound ?? source.bytes.count, allowsComments: allowsComments,
      index: range?.lowerBound ?? 0)
    let value = reader.document()
    return JSONDocument(value: value, findings: reader.findings, isWhole: !reader.isBroken)
  }

  private init(source: SourceText, end: Int, allowsComments: Bool, index: Int) {
    (self.source, self.end, self.allowsComments, self.index) = (source, end, allowsComments, index)
  }

  private mutating func document() -> PositionedValue? {
    guard checkEncoding() else { return nil }
    skipSpace()
    guard index < end else {
      breakOff(
        "empty-file", 0..<0, problem: "there is no JSON here",
        help: "an experiment is one object: { \"score\": { \"goal\": \"maximize\" } }")
      return nil
    }
    let value = self.value()
    skipSpace()
    if !isBroken, index < end {
      breakOff(
        "trailing-text", index..<characterEnd(index),
        problem: "found \(describedCharacter(at: index)) after the end of the value",
        help: "a file holds one JSON value; remove what follows it")
    }
    return value
  }

  // MARK: Values

  /// The byte at the reader's place as an ASCII character; nil at the end.
  var here: Unicode.Scalar? { index < end ? Unicode.Scalar(source.bytes[index]) : nil }

  private mutating func value() -> PositionedValue {
    let start = index
    switch here {
    case nil:
      let place = lastVisible
      breakOff("truncated", place..<place, problem: "the text ends where a value belongs")
    case "{"?: return nested { $0.object() }
    case "["?: return nested { $0.array() }
    case "\""?, "'"?:
      if let text = string() {
        return PositionedValue(content: .string(text), range: start..<index)
      }
    case "-"?, "+"?, "."?, ("0"..."9")?: return number()
    case ","?, "}"?, "]"?:
      report(
        "missing-value", start..<start + 1,
        problem: "found \(describedCharacter(at: start)) where a value belongs")
    case let scalar? where Self.isWord(scalar): return word()
    default:
      breakOff(
        "unexpected-character", start..<characterEnd(start),
        problem: "found \(describedCharacter(at: start)) where a value belongs")
    }
    return unreadable(start..<start)
  }

  private mutating func nested(_ read: (inout JSONReader) -> PositionedValue) -> PositionedValue {
    guard depth < Self.depthLimit else {
      breakOff(
        "too-deep", index..<index + 1,
        problem: "objects and lists are nested more than \(Self.depthLimit) deep here")
      return unreadable(end..<end)
    }
    depth += 1
    defer { depth -= 1 }
    return read(&self)
  }

  private mutating func array() -> PositionedValue {
    let start = index
    var elements: [PositionedValue] = []
    readElements(until: "]") { reader in
      reader.path.append("[\(elements.count)]")
      elements.append(reader.value())
      reader.path.removeLast()
      return elements.last?.range.upperBound
    }
    return PositionedValue(content: .array(elements), range: start..<index)
  }

  private mutating func object() -> PositionedValue {
    let start = index
    var members: [PositionedValue.Member] = []
    var places: [String: Int] = [:]
    readElements(until: "}") { reader in
      guard let member = reader.member() else { return nil }
      if let first = places[member.key] {
        let place = reader.source.position(at: first)
        reader.report(
          "duplicate-key", member.keyRange, path: reader.path + [member.key],
          problem: "\"\(member.key)\" appears twice in this object",
          help: "the first is at \(place.line):\(place.column); keep one of them")
      } else {
        places[member.key] = member.keyRange.lowerBound
        members.append(member)
      }
      return member.value.range.upperBound
    }
    return PositionedValue(content: .object(members), range: start..<index)
  }

  /// Reads what stands in brackets, the opening one at the reader's place.
  ///
  /// - Parameter read: reads an element and says where it ends; nil where there was none.
  private mutating func readElements(
    until closer: Unicode.Scalar, _ read: (inout JSONReader) -> Int?
  ) {
    let open = source.position(at: index)
    let opened =
      "the \(closer == "}" ? "object" : "list") that opens at \(open.line):\(open.column)"
    var comma: Int?
    index += 1
    while !isBroken {
      skipSpace()
      switch here {
      case nil:
        let place = lastVisible
        breakOff(
          "truncated", place..<place, problem: "the text ends inside \(opened)",
          help: "\"\(closer)\" is missing")
      case closer?:
        if let comma {
          report(
            "trailing-comma", comma..<comma + 1, problem: "found \",\" before \"\(closer)\"",
            help: "JSON allows no comma after the last element; remove it")
        }
        index += 1
        return
      case "}"?, "]"?:
        report(
          "mismatched-bracket", index..<index + 1,
          problem: "found \(describedCharacter(at: index))",
          help: "\(opened) ends with \"\(closer)\"")
        index += 1
        return
      case ","?:
        report(
          "missing-value", index..<index + 1, problem: "found \",\" with nothing before it",
          help: "remove it")
        index += 1
        comma = nil
      default: comma = read(&self).flatMap { separator(after: $0, closer) }
      }
    }
  }

  /// Takes the comma behind an element, if there is one, and gives its place. Reports one that is
  /// missing before another element.
  private mutating func separator(after valueEnd: Int, _ closer: Unicode.Scalar) -> Int? {
    skipSpace()
    guard !isBroken, let next = here, next != "}", next != "]" else { return nil }
    if next == "," || next == ";" {
      if next == ";" {
        report("missing-comma", index..<index + 1, found: "\";\"", help: "write \",\"")
      }
      index += 1
      return next == "," ? index - 1 : nil
    }
    report(
      "missing-comma", valueEnd..<valueEnd,
      problem: "\",\" or \"\(closer)\" is missing here, before \(describedCharacter(at: index))")
    if !["\"", "'", "{", "[", "-"].contains(next), !Self.isWord(next) { breakOff() }
    return nil
  }

  /// nil when there was no key.
  private mutating func member() -> PositionedValue.Member? {
    let start = index
    guard let key = key() else { return nil }
    let keyRange = start..<index
    path.append(key)
    defer { path.removeLast() }
    skipSpace()
    switch here {
    case ":"?: index += 1
    case "="?:
      report("missing-colon", index..<index + 1, found: "\"=\"", help: "write \":\" after a key")
      index += 1
    case nil: break
    case let next?:
      report("missing-colon", keyRange, problem: "no \":\" and value follow this key")
      if [",", "}", "]"].contains(next) {
        return .init(key: key, keyRange: keyRange, value: unreadable(index..<index))
      }
    }
    skipSpace()
    return .init(key: key, keyRange: keyRange, value: value())
  }

  private mutating func key() -> String? {
    let start = index
    guard let here else { return nil }
    if here == "\"" || here == "'" { return string() }
    if Self.isWord(here) {
      let word = scannedWord()
      report(
        "unquoted-key", start..<index, path: path + [word], found: word,
        help: "keys are written in double quotes: \"\(word)\"")
      return word
    }
    breakOff(
      "missing-key", start..<characterEnd(start),
      problem: "found \(describedCharacter(at: start)) where a key in double quotes belongs")
    return nil
  }

  /// A value that was reported and is taken for right from here on.
  func unreadable(_ range: Range<Int>) -> PositionedValue {
    PositionedValue(content: .unreadable, range: range)
  }

  // MARK: Errors

  /// Adds a finding at the current path, or at `path`; stops reading after too many.
  mutating func report(
    _ code: String, _ range: Range<Int>, path: [String]? = nil, problem: String? = nil,
    found: String? = nil, allowed: String? = nil, help: String? = nil
  ) {
    guard !isBroken else { return }
    var finding = Finding(
      code: code, at: Place(source: source, range: range), path: joined(path ?? self.path),
      problem: problem, found: found, allowed: allowed, help: help)
    if findings.count + 1 == Self.findingLimit {
      finding.notes.append("further errors are not shown")
      breakOff()
    }
    findings.append(finding)
  }

  /// Reports what makes going on senseless, and ends the reading.
  mutating func breakOff(
    _ code: String, _ range: Range<Int>, problem: String, help: String? = nil
  ) {
    report(code, range, problem: problem, help: help)
    breakOff()
  }

  private mutating func breakOff() {
    isBroken = true
    index = end
  }

  private func joined(_ path: [String]) -> String {
    var text = ""
    for part in path {
      if !text.isEmpty, !part.hasPrefix("[") { text += "." }
      text += part
    }
    return text.count <= 100 ? text : text.prefix(97) + "…"
  }
}
