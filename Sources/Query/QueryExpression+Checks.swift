// SPDX-License-Identifier: MIT

import Diagnostics
import ParameterSchema

extension QueryExpression {
  /// Holds every name and comparison against what can be said of a trial.
  ///
  /// - Throws: all that is wrong at once, in order of the text: unknown names with the nearest
  ///   known one, words that no trial can have, and comparisons that can never hold.
  package func check(_ vocabulary: QueryVocabulary) throws(QueryError) {
    var checks = QueryChecks(source: source, vocabulary: vocabulary)
    checks.check(root)
    guard checks.findings.isEmpty else {
      throw QueryError(
        findings: checks.findings.sortedByPlace(files: [source.name]), source: source)
    }
  }
}

/// Goes through a condition and collects what cannot be meant.
private struct QueryChecks {
  typealias Kind = QueryVocabulary.Kind

  let source: SourceText
  let vocabulary: QueryVocabulary
  var findings: [Finding] = []

  mutating func check(_ condition: Condition) {
    switch condition {
    case .comparison(let left, let comparison, let right):
      let kinds = (kind(of: left, beside: right), kind(of: right, beside: left))
      guard let leftKind = kinds.0, let rightKind = kinds.1 else { return }
      pair(left, leftKind, right, rightKind, isOrder: comparison.isOrder)
      pair(right, rightKind, left, leftKind, isOrder: comparison.isOrder)
    case .membership(let element, let list, _):
      guard let kind = kind(of: element, beside: list) else { return }
      guard case .literal(let value) = list.content else {
        expectList(list)
        return
      }
      guard case .array(let elements) = value else {
        report(
          "wrong-kind", list.range, found: Literal.text(value), allowed: "a list",
          help: "write in [\(Literal.text(value))]")
        return
      }
      for element in elements {
        hold(Operand(content: .literal(element), range: list.range), against: kind, isOrder: false)
      }
    case .containment(let whole, let part):
      guard let kind = kind(of: whole, beside: part), self.kind(of: part, beside: whole) != nil
      else { return }
      if kind == .number || kind == .flag {
        report(
          "wrong-kind", whole.range, path: name(whole), found: Wording.kind(kind),
          allowed: "a text or a list before contains")
      }
    case .flag(let operand):
      guard let kind = kind(of: operand, beside: nil) else { return }
      if kind != .flag && kind != .any {
        report(
          "wrong-kind", operand.range, path: name(operand), found: Wording.kind(kind),
          allowed: "true or false where nothing is compared",
          help: "compare it, such as \(Wording.sample(name(operand), kind))")
      }
    case .not(let condition): check(condition)
    case .all(let conditions), .any(let conditions):
      for condition in conditions { check(condition) }
    }
  }

  private func name(_ operand: Operand) -> String {
    if case .name(let name) = operand.content { name } else { "" }
  }

  /// The kind of what stands there; nil after an unknown name was reported.
  private mutating func kind(of operand: Operand, beside other: Operand?) -> Kind? {
    switch operand.content {
    case .literal(let value):
      // Quoted words are held against the other side, not against themselves.
      if case .string = value { return .text }
      return Kind(of: value)
    case .name(let name):
      if let kind = vocabulary.kinds[name] { return kind }
      let known = vocabulary.kinds.keys.sorted()
      let isWord = other.map { self.isWord(name, beside: $0) } ?? false
      let nearest =
        NearestMatch.find(name, in: known)
        ?? known.first { $0.split(separator: ".").last.map(String.init) == name }
      report(
        "unknown-name", operand.range, found: "\"\(name)\"",
        allowed: isWord || nearest != nil ? nil : Wording.names(vocabulary.factNames),
        nearest: isWord ? nil : nearest,
        help: isWord ? "a text needs quotes: \"\(name)\"" : nil)
      return nil
    }
  }

  /// Whether a bare word stands where a text was probably meant.
  private func isWord(_ word: String, beside other: Operand) -> Bool {
    guard case .name(let name) = other.content, let kind = vocabulary.kinds[name] else {
      return false
    }
    switch kind {
    case .text, .words: return true
    case .number, .flag, .list, .any: return false
    }
  }

  private mutating func expectList(_ operand: Operand) {
    guard let kind = kind(of: operand, beside: nil), kind != .list, kind != .any else { return }
    report(
      "wrong-kind", operand.range, path: name(operand), found: Wording.kind(kind),
      allowed: "a list after in")
  }

  /// Reports where a name on one side can never compare with the literal on the other.
  private mutating func pair(
    _ left: Operand, _ leftKind: Kind, _ right: Operand, _ rightKind: Kind, isOrder: Bool
  ) {
    guard case .name = left.content else { return }
    if case .literal = right.content {
      hold(right, against: leftKind, isOrder: isOrder)
    } else if isOrder && (leftKind == .flag || leftKind == .list) {
      report(
        "wrong-kind", left.range, path: name(left), found: Wording.kind(leftKind),
        allowed: "numbers or texts around an order")
    }
  }

  private mutating func hold(_ operand: Operand, against kind: Kind, isOrder: Bool) {
    guard case .literal(let value) = operand.content else { return }
    if value == .null {
      if isOrder {
        report(
          "wrong-kind", operand.range, found: "null", allowed: "a number or a text",
          help: "null is neither less nor greater than anything; compare it with = or !=")
      }
      return
    }
    if isOrder && (kind == .flag || kind == .list) {
      report(
        "wrong-kind", operand.range, found: Literal.text(value),
        allowed: "= or != with \(Wording.kind(kind))")
      return
    }
    switch (kind, value) {
    case (.any, _), (.number, .number), (.text, .string), (.flag, .bool), (.list, .array): return
    case (.words(let words), .string(let word)):
      guard !words.contains(word), !isOrder else { return }
      report(
        "unknown-word", operand.range, found: "\"\(word)\"", allowed: Wording.words(words),
        nearest: NearestMatch.find(word, in: words))
    default:
      report(
        "wrong-kind", operand.range, found: Literal.text(value), allowed: Wording.kind(kind))
    }
  }

  private mutating func report(
    _ code: String, _ range: Range<Int>, path: String = "", found: String,
    allowed: String? = nil, nearest: String? = nil, help: String? = nil
  ) {
    findings.append(
      Finding(
        code: code, file: source.name, range: source.range(of: range), path: path, found: found,
        allowed: allowed, nearest: nearest, help: help))
  }
}
