// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema

/// Reads a condition by recursive descent: `or` binds weakest, then `and`, then `not`. With a
/// vocabulary it also collects what cannot be meant: see `QueryParser+Checks`.
struct QueryParser {
  typealias Condition = QueryExpression.Condition

  /// What stands on one side of an operator.
  struct Operand: Sendable {
    enum Content: Sendable {
      /// A dotted name of what is known of a trial.
      case name(String)
      case literal(ConfigValue)
    }

    let content: Content
    /// Bytes of the expression.
    let range: Range<Int>

    var name: String? { if case .name(let name) = content { name } else { nil } }

    /// What it stands for; null where a name has no value.
    func value(_ value: QueryExpression.Lookup) -> ConfigValue {
      switch content {
      case .literal(let literal): literal
      case .name(let name): value(name) ?? .null
      }
    }
  }

  /// Parentheses, lists and `not` within each other; far beyond what a person writes.
  private static let depthLimit = 64

  let source: SourceText
  let vocabulary: QueryVocabulary?
  private(set) var names: [String] = []
  var findings: [Finding] = []
  private let tokens: [Token]
  private var place = 0
  private var depth = 0

  init(_ source: SourceText, checking vocabulary: QueryVocabulary? = nil) throws(QueryError) {
    self.source = source
    self.vocabulary = vocabulary
    tokens = try QueryLexer.tokens(of: source)
  }

  /// The whole expression.
  mutating func parse() throws(QueryError) -> Condition {
    if current.kind == .end {
      throw refusal(
        allowed: "a condition", help: "such as score > 0 and algorithm.kind = \"reinforce\"")
    }
    let condition = try alternatives()
    switch current.kind {
    case .end: return condition
    case .mark(")"): throw refusal(help: "no parenthesis is open here")
    case .name, .value, .mark: throw refusal(allowed: "and, or, or the end")
    }
  }

  private var current: Token { tokens[place] }

  private mutating func take(_ mark: String) -> Token? {
    guard current.kind == .mark(mark) else { return nil }
    defer { place += 1 }
    return current
  }

  private mutating func alternatives() throws(QueryError) -> Condition {
    var parts = [try conjunction()]
    while take("or") != nil { parts.append(try conjunction()) }
    let all = parts
    if all.count == 1 { return all[0] }
    return { value in
      for part in all where part(value) { return true }
      return false
    }
  }

  private mutating func conjunction() throws(QueryError) -> Condition {
    var parts = [try negation()]
    while take("and") != nil { parts.append(try negation()) }
    let all = parts
    if all.count == 1 { return all[0] }
    return { value in
      for part in all where !part(value) { return false }
      return true
    }
  }

  private mutating func negation() throws(QueryError) -> Condition {
    guard let not = take("not") else { return try primary() }
    try descend(at: not)
    defer { depth -= 1 }
    let condition = try negation()
    return { !condition($0) }
  }

  private mutating func primary() throws(QueryError) -> Condition {
    guard let open = take("(") else { return try comparison() }
    try descend(at: open)
    defer { depth -= 1 }
    let condition = try alternatives()
    guard take(")") != nil else {
      throw refusal(at: open.range, help: "this parenthesis is not closed")
    }
    return condition
  }

  private mutating func comparison() throws(QueryError) -> Condition {
    let left = try operand()
    if case .mark(let sign) = current.kind, let comparison = Comparison(rawValue: sign) {
      place += 1
      let right = try operand()
      if case .mark(let sign) = current.kind, Comparison(rawValue: sign) != nil {
        throw refusal(
          allowed: "one operator in a comparison", help: "write a < b and b < c for a < b < c")
      }
      check(left, comparison, right)
      return { comparison.holds(left.value($0), right.value($0)) }
    }
    let isNegated = current.kind == .mark("not") && tokens[place + 1].kind == .mark("in")
    if isNegated { place += 1 }
    if take("in") != nil {
      let list = try operand()
      check(left, in: list)
      return { Self.contains(list.value($0), left.value($0)) != isNegated }
    }
    if take("contains") != nil {
      let part = try operand()
      check(left, contains: part)
      return { Self.contains(left.value($0), part.value($0)) }
    }
    switch left.content {
    case .name, .literal(.bool):
      check(flag: left)
      return { left.value($0) == .bool(true) }
    case .literal: throw refusal(allowed: "= != < <= > >= in contains after a value")
    }
  }

  /// A list has an element, a text has a part; nothing else contains anything.
  private static func contains(_ whole: ConfigValue, _ part: ConfigValue) -> Bool {
    switch (whole, part) {
    case (.array(let elements), _): elements.contains(part)
    case (.string(let text), .string(let part)): part.isEmpty || text.contains(part)
    default: false
    }
  }

  private mutating func operand() throws(QueryError) -> Operand {
    if current.kind == .mark("[") { return try list() }
    let content: Operand.Content
    switch current.kind {
    case .name(let name):
      content = .name(name)
      if !names.contains(name) { names.append(name) }
    case .value(let value): content = .literal(value)
    case .mark, .end:
      throw refusal(allowed: "a name, a number, a text in quotes, true, false, null or a list")
    }
    defer { place += 1 }
    return Operand(content: content, range: current.range)
  }

  private mutating func list() throws(QueryError) -> Operand {
    let open = current
    place += 1
    try descend(at: open)
    defer { depth -= 1 }
    var elements: [ConfigValue] = []
    var close = take("]")
    while close == nil {
      let element = try operand()
      switch element.content {
      case .literal(let value): elements.append(value)
      case .name(let name):
        throw refusal(
          at: element.range, found: name, allowed: "values in a list",
          help: "a text needs quotes: \"\(name)\"")
      }
      close = take("]")
      guard close != nil || take(",") != nil else { throw refusal(allowed: ", or ] in a list") }
    }
    let end = close?.range.upperBound ?? open.range.upperBound
    return Operand(
      content: .literal(.array(elements)), range: open.range.lowerBound..<end)
  }

  private mutating func descend(at token: Token) throws(QueryError) {
    depth += 1
    if depth > Self.depthLimit {
      throw source.refusal(
        token.range, found: "more than \(Self.depthLimit) levels of nesting", allowed: "less")
    }
  }

  private func refusal(
    at range: Range<Int>? = nil, found: String? = nil, allowed: String? = nil, help: String? = nil
  ) -> QueryError {
    let found = found ?? current.shown
    return source.refusal(
      range ?? current.range, found: found.isEmpty ? "" : "\"\(found)\"", allowed: allowed,
      help: help)
  }
}
