// SPDX-License-Identifier: MIT
import ParameterSchema

extension Parameter {
  /// What is allowed, in words.
  var allowedSentence: String {
    allowed ?? ExperimentSpec.allowedSentence(kind, name: name, unit: unit)
  }
}

/// What a kind allows, in words: `null or a number, 0 < discount ≤ 1`.
func allowedSentence(_ kind: Parameter.Kind, name: String, unit unitName: String?) -> String {
  let unit = unitName.map { " (\($0))" } ?? ""
  switch kind {
  case .boolean: return "true or false"
  case .integer: return "a whole number\(unit)" + bounds(kind, name)
  case .number: return "a number\(unit)" + bounds(kind, name)
  case .choice(let words): return list(words.map { "\"\($0)\"" })
  case .text(let rule): return rule.words
  case .nullable(.choice(let words)): return list(["null"] + words.map { "\"\($0)\"" })
  case .nullable(let kind):
    return "null or " + allowedSentence(kind, name: name, unit: unitName)
  case .integerOrInterval(let range):
    return "a whole number\(unit) or {\"min\": a, \"max\": b}" + bounds(.init(range), name)
  case .record(let fields):
    let areWhole = fields.allSatisfy { if case .integer = $0.kind { true } else { false } }
    return "an object of \(areWhole ? "whole " : "")numbers\(unit): "
      + fields.map { "\"\($0.name)\"" + bounds($0.kind, $0.name) }.joined(separator: "; ")
  case .object: return "an object"
  case .any: return "any JSON"
  case .call: return "a name or {\"name\": NAME, \"kwargs\": { … }}"
  case .hashedFile(let rule): return rule.words
  case .list(let element, let count):
    let number =
      count.lowerBound == count.upperBound
      ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
    return "a list of \(number), each " + allowedSentence(element, name: name, unit: nil) + unit
  case .file(.elements): return "a list [ … ]"
  case .file(.oneOf(let kinds)):
    return kinds.map { allowedSentence($0, name: name, unit: unitName) }.joined(separator: ", or ")
  case .file(.section), .file(.defined): return "an object { … }"
  }
}

/// `a, b or c`.
func list(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}

/// What was found, in words: `the string "0.99"`; numbers and short lists and objects as written.
func foundSentence(_ value: PositionedValue, in source: [UInt8]) -> String {
  let written = String(decoding: source[value.range], as: UTF8.self)
  let isShort = written.count <= 40 && !written.contains(where: \.isNewline)
  switch value.content {
  case .null: return "null"
  case .bool(let flag): return "\(flag)"
  case .number(let number):
    return isShort ? written : canonicalNumber(number)
  case .string(let text):
    if text.isEmpty { return "an empty string" }
    return text.count <= 40 ? "the string \"\(text)\"" : "the string \"\(text.prefix(37))…\""
  case .array(let elements):
    if elements.isEmpty { return "an empty list" }
    return isShort ? written : "a list of \(elements.count)"
  case .object(let members):
    if members.isEmpty { return "an empty object" }
    return isShort ? written : "an object"
  case .unreadable: return "something unreadable"
  }
}

private func bounds(_ kind: Parameter.Kind, _ name: String) -> String {
  switch kind {
  case .integer(let range): bounds(.init(range), name)
  case .number(let range): bounds(range, name)
  default: ""
  }
}

private func bounds(_ range: NumberRange, _ name: String) -> String {
  let low = range.lower.map { "\(canonicalNumber($0)) \(range.lowerIsOpen ? "<" : "≤") " }
  let high = range.upper.map { " \(range.upperIsOpen ? "<" : "≤") \(canonicalNumber($0))" }
  switch (range.lower, low, high) {
  case (_, nil, nil): return ""
  case (let bound?, _, nil):
    return ", \(name) \(range.lowerIsOpen ? ">" : "≥") \(canonicalNumber(bound))"
  default: return ", \(low ?? "")\(name)\(high ?? "")"
  }
}
