// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema

/// Collects what cannot be meant, where there is a vocabulary to hold it against.
extension QueryParser {
  typealias Kind = QueryVocabulary.Kind

  mutating func check(_ left: Operand, _ comparison: Comparison, _ right: Operand) {
    let kinds = (kind(of: left, beside: right), kind(of: right, beside: left))
    guard let leftKind = kinds.0, let rightKind = kinds.1 else { return }
    pair(left, leftKind, right, isOrder: comparison.isOrder)
    pair(right, rightKind, left, isOrder: comparison.isOrder)
  }

  mutating func check(_ element: Operand, in list: Operand) {
    guard let kind = kind(of: element, beside: list) else { return }
    switch list.content {
    case .literal(.array(let elements)):
      for element in elements { hold(element, at: list.range, against: kind, isOrder: false) }
    case .literal(let value):
      let text = shown(value)
      wrongKind(list, found: text, allowed: "a list", help: "write in [\(text)]")
    case .name:
      guard let kind = self.kind(of: list), kind != .list, kind != .any else { return }
      wrongKind(list, found: kind.words, allowed: "a list after in")
    }
  }

  mutating func check(_ whole: Operand, contains part: Operand) {
    guard let kind = kind(of: whole, beside: part), self.kind(of: part, beside: whole) != nil
    else { return }
    if kind == .number || kind == .flag {
      wrongKind(whole, found: kind.words, allowed: "a text or a list before contains")
    }
    guard kind.isText, case .literal(let value) = part.content else { return }
    if case .string = value { return }
    wrongKind(part, found: shown(value), allowed: Kind.text.words)
  }

  mutating func check(flag: Operand) {
    guard let kind = kind(of: flag), kind != .flag, kind != .any else { return }
    wrongKind(
      flag, found: kind.words, allowed: "true or false where nothing is compared",
      help: "compare it, such as \(kind.sample(flag.name ?? ""))")
  }

  /// The kind of what stands there; nil after an unknown name was reported, and where nothing is
  /// checked.
  private mutating func kind(of operand: Operand, beside other: Operand? = nil) -> Kind? {
    guard let vocabulary else { return nil }
    switch operand.content {
    case .literal(let value):
      // Quoted words are held against the other side, not against themselves.
      if case .string = value { return .text }
      return Kind(of: value)
    case .name(let name):
      if let kind = vocabulary.kinds[name] { return kind }
      // A bare word beside a text was probably meant as one.
      let beside = other.flatMap(\.name).flatMap { vocabulary.kinds[$0] }
      let isWord = beside?.isText ?? false
      let known = vocabulary.kinds.keys.sorted()
      let nearest =
        NearestMatch.find(name, in: known)
        ?? known.first { $0.split(separator: ".").last.map(String.init) == name }
      let names = vocabulary.factNames.joined(separator: ", ")
      report(
        "unknown-name", operand.range, found: "\"\(name)\"",
        allowed: isWord || nearest != nil
          ? nil : "\(names), and configuration paths such as algorithm.kind",
        nearest: isWord ? nil : nearest,
        help: isWord ? "a text needs quotes: \"\(name)\"" : nil)
      return nil
    }
  }

  /// Reports where a name on one side can never compare with the literal on the other.
  private mutating func pair(_ left: Operand, _ kind: Kind, _ right: Operand, isOrder: Bool) {
    guard left.name != nil else { return }
    if case .literal(let value) = right.content {
      hold(value, at: right.range, against: kind, isOrder: isOrder)
    } else if isOrder && (kind == .flag || kind == .list) {
      wrongKind(left, found: kind.words, allowed: "numbers or texts around an order")
    }
  }

  private mutating func hold(
    _ value: ConfigValue, at range: Range<Int>, against kind: Kind, isOrder: Bool
  ) {
    let literal = Operand(content: .literal(value), range: range)
    switch (kind, value) {
    case (_, .null):
      guard isOrder else { return }
      wrongKind(
        literal, found: "null", allowed: "a number or a text",
        help: "null is neither less nor greater than anything; compare it with = or !=")
    case (.flag, _) where isOrder, (.list, _) where isOrder:
      wrongKind(literal, found: shown(value), allowed: "= or != with \(kind.words)")
    case (.any, _), (.number, .number), (.text, .string), (.flag, .bool), (.list, .array): return
    case (.words(let words), .string(let word)):
      guard !words.contains(word), !isOrder else { return }
      report(
        "unknown-word", range, found: "\"\(word)\"", allowed: kind.words,
        nearest: NearestMatch.find(word, in: words))
    case (.number, _), (.text, _), (.flag, _), (.list, _), (.words, _):
      wrongKind(literal, found: shown(value), allowed: kind.words)
    }
  }

  private mutating func wrongKind(
    _ operand: Operand, found: String, allowed: String, help: String? = nil
  ) {
    report(
      "wrong-kind", operand.range, path: operand.name ?? "", found: found, allowed: allowed,
      help: help)
  }

  private mutating func report(
    _ code: String, _ range: Range<Int>, path: String = "", found: String, allowed: String?,
    nearest: String? = nil, help: String? = nil
  ) {
    findings.append(
      Finding(
        code: code, file: source.name, range: source.range(of: range), path: path, found: found,
        allowed: allowed, nearest: nearest, help: help))
  }
}

/// A value as it is written in an expression.
private func shown(_ value: ConfigValue) -> String {
  guard case .array(let elements) = value else { return canonicalJSON(value) }
  return "[" + elements.map(shown).joined(separator: ", ") + "]"
}

extension QueryVocabulary.Kind {
  fileprivate var isText: Bool {
    switch self {
    case .text, .words: true
    case .number, .flag, .list, .any: false
    }
  }

  /// What its values are.
  fileprivate var words: String {
    switch self {
    case .number: "a number"
    case .text: "a text in quotes"
    case .words(let words): words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .flag: "true or false"
    case .list: "a list"
    case .any: "anything"
    }
  }

  /// A condition on a name of this kind.
  fileprivate func sample(_ name: String) -> String {
    switch self {
    case .number: "\(name) > 0"
    case .words(let words): "\(name) = \"\(words.first ?? "")\""
    case .text: "\(name) = \"…\""
    case .list: "\(name) = [200]"
    case .flag, .any: name
    }
  }
}
