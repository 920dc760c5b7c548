// SPDX-License-Identifier: MIT

/// The smallest parts of an expression.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    case name(String)
    case number(Double)
    case text(String)
    case keyword(Keyword)
    case comparison(Comparison)
    case open, close, openList, closeList, comma
    case end
  }

  let kind: Kind
  /// Bytes of the expression; empty at its end.
  let range: Range<Int>
}

/// Words with a meaning of their own; upper case is as good.
enum Keyword: String, Sendable, CaseIterable {
  case and, or, not, `in`, contains, `true`, `false`, null
}

/// Cuts an expression into tokens.
struct QueryLexer {
  private let bytes: [UInt8]
  private var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// All tokens, the end as the last.
  static func tokens(of bytes: [UInt8]) throws(QuerySyntaxError) -> [Token] {
    var lexer = QueryLexer(bytes: bytes)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func next() throws(QuerySyntaxError) -> Token {
    while let byte = current, isSpace(byte) { place += 1 }
    let start = place
    guard let byte = current else { return Token(kind: .end, range: start..<start) }
    switch byte {
    case UInt8(ascii: "("): return single(.open)
    case UInt8(ascii: ")"): return single(.close)
    case UInt8(ascii: "["): return single(.openList)
    case UInt8(ascii: "]"): return single(.closeList)
    case UInt8(ascii: ","): return single(.comma)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try text(quote: byte)
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "&"), UInt8(ascii: "|"):
      return try sign()
    default: break
    }
    if isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: ".")
    {
      return try number()
    }
    if isLetter(byte) { return word() }
    place += 1
    while let byte = current, byte & 0xC0 == 0x80 { place += 1 }
    throw .init(.unreadable, range: start..<place, found: string(start..<place))
  }

  private mutating func single(_ kind: Token.Kind) -> Token {
    place += 1
    return Token(kind: kind, range: place - 1..<place)
  }

  private mutating func word() -> Token {
    let start = place
    while let byte = current, isLetter(byte) || isDigit(byte) || isInner(byte) { place += 1 }
    let word = string(start..<place)
    let keyword = Keyword(rawValue: word.lowercased())
    return Token(kind: keyword.map { .keyword($0) } ?? .name(word), range: start..<place)
  }

  /// Points and hyphens belong to a word when a letter or digit follows.
  private func isInner(_ byte: UInt8) -> Bool {
    guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") else { return false }
    return place + 1 < bytes.count && (isLetter(bytes[place + 1]) || isDigit(bytes[place + 1]))
  }

  private mutating func number() throws(QuerySyntaxError) -> Token {
    let start = place
    while let byte = current {
      let follows = place > start ? bytes[place - 1] | 0x20 : 0
      let isSign = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      guard
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".")
          || (isSign && (place == start || follows == UInt8(ascii: "e")))
      else { break }
      place += 1
    }
    let text = string(start..<place)
    guard isJSONNumber(bytes[start..<place]), let value = Double(text), value.isFinite else {
      throw .init(.badNumber, range: start..<place, found: text)
    }
    return Token(kind: .number(value), range: start..<place)
  }

  private mutating func sign() throws(QuerySyntaxError) -> Token {
    let start = place
    let signs = Array("=!<>&|".utf8)
    while let byte = current, signs.contains(byte), place - start < 2 { place += 1 }
    let text = string(start..<place)
    if let comparison = Comparison(rawValue: text == "==" ? "=" : text) {
      return Token(kind: .comparison(comparison), range: start..<place)
    }
    throw .init(.unknownOperator, range: start..<place, found: text)
  }

  private mutating func text(quote: UInt8) throws(QuerySyntaxError) -> Token {
    let start = place
    var content: [UInt8] = []
    place += 1
    while let byte = current {
      place += 1
      if byte == quote {
        return Token(kind: .text(String(decoding: content, as: UTF8.self)), range: start..<place)
      }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else {
        content.append(byte)
      }
    }
    throw .init(.openText, range: start..<place, found: string(start..<place))
  }

  private mutating func escape(into content: inout [UInt8]) throws(QuerySyntaxError) {
    let start = place - 1
    guard let byte = current else { return }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): content.append(byte)
    default:
      while let byte = current, byte & 0xC0 == 0x80 { place += 1 }
      throw .init(.badEscape, range: start..<place, found: string(start..<place))
    }
  }

  private func string(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
}

/// RFC 8259, section 6.
private func isJSONNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
  var rest = bytes
  func digits() -> Int { rest.prefix(while: isDigit).count }
  if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
  let whole = digits()
  guard whole > 0, whole == 1 || rest.first != UInt8(ascii: "0") else { return false }
  rest = rest.dropFirst(whole)
  if rest.first == UInt8(ascii: ".") {
    rest = rest.dropFirst()
    let fraction = digits()
    guard fraction > 0 else { return false }
    rest = rest.dropFirst(fraction)
  }
  if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
      rest = rest.dropFirst()
    }
    let exponent = digits()
    guard exponent > 0 else { return false }
    rest = rest.dropFirst(exponent)
  }
  return rest.isEmpty
}
