// SPDX-License-Identifier: MIT
import ParameterSchema

/// The schema of the values that may stand at one path: those of any component that has the key.
func schema(of slot: CatalogueIndex.Slot) -> SchemaText {
  var kinds: [SchemaText] = []
  var printed: [String] = []
  var sentences: [String] = []
  for (component, parameter) in slot.choices {
    let kind = schema(of: parameter.kind)
    let text = kind.printed()
    if !printed.contains(text) {
      printed.append(text)
      kinds.append(kind)
    }
    let owner = slot.isSelector || component.isEmpty ? "" : "\(component): "
    let sentence = owner + parameterSentence(parameter, isSelector: slot.isSelector)
    if !sentences.contains(sentence) { sentences.append(sentence) }
  }
  let base: SchemaText = kinds.count == 1 ? kinds[0] : .object([("anyOf", .list(kinds))])
  var members: [(key: String, value: SchemaText)] = [
    ("description", .text(sentences.joined(separator: "\n")))
  ]
  let defaults = Set(slot.choices.map(\.parameter.defaultValue))
  if let value = defaults.first, defaults.count == 1, slot.path != CatalogueIndex.presetPath {
    members.append(("default", .value(value)))
  }
  return base.adding(members)
}

private func parameterSentence(_ parameter: Parameter, isSelector: Bool) -> String {
  if isSelector { return parameter.doc }
  let allowed = allowedSentence(parameter.kind, name: parameter.name, unit: parameter.unit)
  let normal = canonicalJSON(parameter.defaultValue)
  return "\(parameter.doc) Allowed: \(allowed). Default: \(normal)."
}

/// The schema of the values of one kind.
func schema(of kind: Parameter.Kind) -> SchemaText {
  switch kind {
  case .boolean: return .object([("type", .text("boolean"))])
  case .integer(let range): return integerSchema(range)
  case .number(let range):
    var members: [(key: String, value: SchemaText)] = [("type", .text("number"))]
    if let lower = range.lower {
      members.append((range.lowerIsOpen ? "exclusiveMinimum" : "minimum", .value(.number(lower))))
    }
    if let upper = range.upper {
      members.append((range.upperIsOpen ? "exclusiveMaximum" : "maximum", .value(.number(upper))))
    }
    return .object(members)
  case .choice(let words): return .object([("enum", .strings(words))])
  case .text(let rule):
    return .object([("type", .text("string")), ("pattern", .text(rule.pattern))])
  case .nullable(let inner):
    return .object([("anyOf", .list([.object([("type", .text("null"))]), schema(of: inner)]))])
  case .integerOrInterval(let range):
    let end = integerSchema(range)
    let interval = closedObject([("min", end), ("max", end)], required: ["min", "max"])
    return .object([("anyOf", .list([end, interval]))])
  case .object: return .object([("type", .text("object"))])
  case .record(let fields):
    return closedObject(
      fields.map { ($0.name, integerSchema($0.range)) }, required: fields.map(\.name))
  case .list(let element, let count):
    return .object([
      ("type", .text("array")), ("items", schema(of: element)),
      ("minItems", .number(count.lowerBound)), ("maxItems", .number(count.upperBound)),
    ])
  }
}

/// A bound at the end of `Int` is no bound.
func integerSchema(_ range: ClosedRange<Int>) -> SchemaText {
  var members: [(key: String, value: SchemaText)] = [("type", .text("integer"))]
  if range.lowerBound != .min { members.append(("minimum", .number(range.lowerBound))) }
  if range.upperBound != .max { members.append(("maximum", .number(range.upperBound))) }
  return .object(members)
}

/// An object that has these keys and no others.
func closedObject(
  _ properties: [(key: String, value: SchemaText)], required: [String] = []
) -> SchemaText {
  var members: [(key: String, value: SchemaText)] = [
    ("type", .text("object")), ("properties", .object(properties)),
    ("additionalProperties", .value(false)),
  ]
  if !required.isEmpty { members.append(("required", .strings(required))) }
  return .object(members)
}
