// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema

/// The smallest parts of an expression.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    case name(String)
    case value(ConfigValue)
    /// A word of the language in lower case, an operator, a bracket or a comma.
    case mark(String)
    case end
  }

  let kind: Kind
  /// Bytes of the expression; empty at its end.
  let range: Range<Int>

  /// As an error shows it; empty at the end.
  var shown: String {
    switch kind {
    case .name(let text), .mark(let text): text
    case .value(let value): canonicalJSON(value)
    case .end: ""
    }
  }
}

extension SourceText {
  /// Why an expression cannot be read.
  func refusal(
    _ range: Range<Int>, found: String, allowed: String? = nil, help: String? = nil
  ) -> QueryError {
    let finding = Finding(
      code: "bad-expression", file: name, range: self.range(of: range),
      found: found.isEmpty ? "the end" : found, allowed: allowed, help: help)
    return QueryError(findings: [finding], source: self)
  }
}

/// Cuts an expression into tokens.
struct QueryLexer {
  private let source: SourceText
  private let bytes: [UInt8]
  private var place = 0

  /// All tokens, the end as the last.
  static func tokens(of source: SourceText) throws(QueryError) -> [Token] {
    var lexer = QueryLexer(source: source, bytes: source.bytes)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func next() throws(QueryError) -> Token {
    skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    let start = place
    guard let byte = current else { return Token(kind: .end, range: start..<start) }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try text(quote: byte)
    case _ where "()[],".utf8.contains(byte):
      place += 1
      return Token(kind: .mark(read(from: start)), range: start..<place)
    case _ where "=!<>&|".utf8.contains(byte): return try sign()
    case _ where isDigit(byte) || "-+.".utf8.contains(byte): return try number()
    case _ where isLetter(byte): return word()
    default: break
    }
    place += 1
    skip(isContinuation)
    throw refusal(from: start, allowed: "names, values, operators and parentheses")
  }

  private mutating func word() -> Token {
    let start = place
    while let byte = current, isLetter(byte) || isDigit(byte) || isInner(byte) { place += 1 }
    let word = read(from: start)
    let kind: Token.Kind =
      switch word.lowercased() {
      case "true": .value(true)
      case "false": .value(false)
      case "null": .value(.null)
      case let mark where ["and", "or", "not", "in", "contains"].contains(mark): .mark(mark)
      default: .name(word)
      }
    return Token(kind: kind, range: start..<place)
  }

  /// Points and hyphens belong to a word when a letter or digit follows.
  private func isInner(_ byte: UInt8) -> Bool {
    guard ".-".utf8.contains(byte), place + 1 < bytes.count else { return false }
    return isLetter(bytes[place + 1]) || isDigit(bytes[place + 1])
  }

  private mutating func number() throws(QueryError) -> Token {
    let start = place
    while let byte = current {
      let follows = place > start ? bytes[place - 1] | 0x20 : UInt8(ascii: "e")
      let isSign = "-+".utf8.contains(byte) && follows == UInt8(ascii: "e")
      guard isSign || isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") else { break }
      place += 1
    }
    guard case .number(let number)? = ConfigValue(json: read(from: start)), number.isFinite else {
      throw refusal(from: start, allowed: "a number as in JSON, such as -0.5 or 1e-3")
    }
    return Token(kind: .value(.number(number)), range: start..<place)
  }

  private mutating func sign() throws(QueryError) -> Token {
    let start = place
    while let byte = current, "=!<>&|".utf8.contains(byte), place - start < 2 { place += 1 }
    let sign = read(from: start)
    if let comparison = Comparison(rawValue: sign == "==" ? "=" : sign) {
      return Token(kind: .mark(comparison.rawValue), range: start..<place)
    }
    let meant = [
      "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "<>": "!=", "=!": "!=",
      "=>": ">=", "=<": "<=",
    ]
    throw refusal(
      from: start, allowed: "= != < <= > >= in contains and or not",
      help: meant[sign].map { "write \($0)" })
  }

  private mutating func text(quote: UInt8) throws(QueryError) -> Token {
    let start = place
    var content: [UInt8] = []
    place += 1
    while let byte = current {
      place += 1
      if byte == quote {
        let text = String(decoding: content, as: UTF8.self)
        return Token(kind: .value(.string(text)), range: start..<place)
      }
      content.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
    }
    throw refusal(from: start, allowed: "a closing quote at the end of the text")
  }

  /// The byte that a backslash and what follows stand for.
  private mutating func escaped() throws(QueryError) -> UInt8 {
    let start = place - 1
    guard let byte = current else { return UInt8(ascii: "\\") }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return byte
    default:
      skip(isContinuation)
      throw refusal(from: start, allowed: "\\\" \\' \\\\ \\n \\t")
    }
  }

  private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
    while let byte = current, isSkipped(byte) { place += 1 }
  }

  private func read(from start: Int) -> String {
    String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private func refusal(from start: Int, allowed: String, help: String? = nil) -> QueryError {
    source.refusal(
      start..<place, found: "\"\(read(from: start))\"", allowed: allowed, help: help)
  }
}

private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
}
