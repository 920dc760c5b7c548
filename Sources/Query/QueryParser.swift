// SPDX-License-Identifier: MIT

import ParameterSchema

/// Reads a condition by recursive descent: `or` binds weakest, then `and`, then `not`.
struct QueryParser {
  /// Parentheses, lists and `not` within each other; far beyond what a person writes.
  static let depthLimit = 64

  private let tokens: [Token]
  private var place = 0
  private var depth = 0

  init(bytes: [UInt8]) throws(QuerySyntaxError) {
    tokens = try QueryLexer.tokens(of: bytes)
  }

  /// The whole expression.
  mutating func parse() throws(QuerySyntaxError) -> Condition {
    if current.kind == .end { throw .init(.nothing, range: current.range) }
    let condition = try alternatives()
    switch current.kind {
    case .end: return condition
    case .close: throw .init(.strayClose, range: current.range, found: ")")
    default: throw .init(.missingConnective, range: current.range, found: shown(current))
    }
  }

  private var current: Token { tokens[place] }

  private mutating func take(_ kind: Token.Kind) -> Token? {
    guard current.kind == kind else { return nil }
    defer { place += 1 }
    return current
  }

  private mutating func alternatives() throws(QuerySyntaxError) -> Condition {
    var parts = [try conjunction()]
    while take(.keyword(.or)) != nil { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(QuerySyntaxError) -> Condition {
    var parts = [try negation()]
    while take(.keyword(.and)) != nil { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(QuerySyntaxError) -> Condition {
    guard let not = take(.keyword(.not)) else { return try primary() }
    try descend(at: not)
    defer { depth -= 1 }
    return .not(try negation())
  }

  private mutating func primary() throws(QuerySyntaxError) -> Condition {
    if let open = take(.open) {
      try descend(at: open)
      defer { depth -= 1 }
      let condition = try alternatives()
      guard take(.close) != nil else {
        throw .init(.openParenthesis, range: open.range, found: shown(current))
      }
      return condition
    }
    return try comparison()
  }

  private mutating func comparison() throws(QuerySyntaxError) -> Condition {
    let left = try operand()
    let sign = current
    switch sign.kind {
    case .comparison(let comparison):
      place += 1
      let right = try operand()
      if case .comparison = current.kind {
        throw .init(.chain, range: current.range, found: shown(current))
      }
      return .comparison(left, comparison, right)
    case .keyword(.in):
      place += 1
      return .membership(left, in: try operand(), isNegated: false)
    case .keyword(.not) where tokens[place + 1].kind == .keyword(.in):
      place += 2
      return .membership(left, in: try operand(), isNegated: true)
    case .keyword(.contains):
      place += 1
      return .containment(left, try operand())
    default:
      if case .name = left.content { return .flag(left) }
      if case .literal(.bool) = left.content { return .flag(left) }
      throw .init(.missingOperator, range: sign.range, found: shown(sign))
    }
  }

  private mutating func operand() throws(QuerySyntaxError) -> Operand {
    let token = current
    if token.kind == .openList { return try list() }
    let content: Operand.Content
    switch token.kind {
    case .name(let name): content = .name(name)
    case .number(let number): content = .literal(.number(number))
    case .text(let text): content = .literal(.string(text))
    case .keyword(.true): content = .literal(.bool(true))
    case .keyword(.false): content = .literal(.bool(false))
    case .keyword(.null): content = .literal(.null)
    default: throw .init(.missingValue, range: token.range, found: shown(token))
    }
    place += 1
    return Operand(content: content, range: token.range)
  }

  private mutating func list() throws(QuerySyntaxError) -> Operand {
    let open = current
    place += 1
    try descend(at: open)
    defer { depth -= 1 }
    var elements: [ConfigValue] = []
    if let close = take(.closeList) {
      return Operand(
        content: .literal(.array([])), range: open.range.lowerBound..<close.range.upperBound)
    }
    while true {
      let element = try operand()
      guard case .literal(let value) = element.content else {
        throw .init(.nameInList, range: element.range, found: shown(element))
      }
      elements.append(value)
      if let close = take(.closeList) {
        return Operand(
          content: .literal(.array(elements)),
          range: open.range.lowerBound..<close.range.upperBound)
      }
      guard take(.comma) != nil else {
        throw .init(.openList, range: current.range, found: shown(current))
      }
    }
  }

  private mutating func descend(at token: Token) throws(QuerySyntaxError) {
    depth += 1
    if depth > Self.depthLimit { throw .init(.tooDeep, range: token.range) }
  }

  private func shown(_ token: Token) -> String {
    switch token.kind {
    case .name(let name): name
    case .number(let number): Literal.text(.number(number))
    case .text(let text): Literal.text(.string(text))
    case .keyword(let keyword): keyword.rawValue
    case .comparison(let comparison): comparison.rawValue
    case .open: "("
    case .close: ")"
    case .openList: "["
    case .closeList: "]"
    case .comma: ","
    case .end: ""
    }
  }

  private func shown(_ operand: Operand) -> String {
    switch operand.content {
    case .name(let name): name
    case .literal(let value): Literal.text(value)
    }
  }
}
