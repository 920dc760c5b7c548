// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

// What `FileKeys` describes, and every other object that a description says.
extension ExperimentReader {
  /// A value as the parameter says, defaults filled in; nil where something is wrong with it, which
  /// is then reported.
  mutating func read(
    _ value: PositionedValue, _ parameter: Parameter, path: String
  ) -> ConfigValue? {
    guard case .file(let kind) = parameter.kind else {
      return checkedValue(value, [("", parameter)], path: path, explains: false)
    }
    switch kind {
    case .section(let section): return read(value, section, path: path).map { .object($0) }
    case .elements(let element, let count, let areDistinct):
      guard
        let elements = array(value, path: path, allowed: parameter.allowed ?? "a list [ … ]")
      else { return nil }
      guard count.contains(elements.count) else {
        report(
          "wrong-count", place(value), path: path, found: foundSentence(value, in: source.bytes),
          allowed: parameter.allowedSentence)
        return nil
      }
      let twice = { "\(element.name) \(canonicalJSON($0)) appears twice" }
      let values = readElements(elements, path: path, twice: areDistinct ? twice : nil) {
        $0.read($1, element, path: $2)
      }
      return .array(values.map(\.value))
    case .oneOf(let kinds):
      let kind = kinds.first { $0.suits(value) } ?? kinds[0]
      let one = Parameter(
        parameter.name, kind, doc: parameter.doc, allowed: parameter.allowedSentence)
      return read(value, one, path: path)
    case .defined(let definition):
      // The others are read by whoever builds of them what they stand for.
      guard definition == .settings || definition == .conditions else { return .null }
      let settings = readAssignments(value, path: path)
      if definition == .conditions, value.members?.isEmpty ?? false {
        report(
          "missing-key", place(value), path: path, problem: "it names no variant",
          help: "write { \"algorithm.kind\": \"…\" }")
      }
      assignments[path] = settings
      return .object(Dictionary(settings.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 }))
    }
  }

  /// The elements of a list that have a value, each with its place.
  ///
  /// - Parameter twice: what to say of a value that stands there twice; nil where it may.
  mutating func readElements(
    _ elements: [PositionedValue], path: String, twice: ((ConfigValue) -> String)?,
    _ read: (inout ExperimentReader, PositionedValue, String) -> ConfigValue?
  ) -> [(value: ConfigValue, place: Place)] {
    var values: [(value: ConfigValue, place: Place)] = []
    var places: [ConfigValue: Place] = [:]
    for (i, element) in elements.enumerated() {
      let inner = "\(path)[\(i)]"
      guard let value = read(&self, element, inner) else { continue }
      if let twice, let first = places[value] {
        reportTwice(
          "duplicate-value", place(element), first: first, path: inner, problem: twice(value))
      }
      places[value] = places[value] ?? place(element)
      values.append((value, place(element)))
    }
    return values
  }

  /// The members of an object that a section describes, defaults filled in; nil where something is
  /// wrong with it.
  mutating func read(
    _ value: PositionedValue, _ section: Section, path: String
  ) -> [String: ConfigValue]? {
    let before = findings.count
    guard let members = object(value, path: path),
      let component = component(of: section, value, members, path: path)
    else { return nil }
    if section.isOneKey, members.count != 1 {
      report(
        "wrong-count", place(value), path: path, found: Numbers.count(members.count, "key"),
        allowed: "one of " + list(component.parameters.map { "\"\($0.name)\"" }))
    }
    var values: [String: ConfigValue] = [:]
    for member in members {
      let inner = "\(path).\(member.key)"
      if member.key == section.selector {
        values[member.key] = .string(component.id)
      } else if let parameter = component.parameters.first(where: { $0.name == member.key }) {
        if !path.hasPrefix("sweep") { written[inner] = member }
        values[member.key] = read(member.value, parameter, path: inner)
      } else {
        reportUnknownKey(member, section, component, path: inner)
      }
    }
    for parameter in component.parameters
    where !members.contains(where: { $0.key == parameter.name }) {
      if parameter.defaultValue != .null { values[parameter.name] = parameter.defaultValue }
      reportMissing(parameter, in: value, values, component, path: path)
    }
    // What looks odd beside errors may be right without them.
    let isGood = !Array(findings[before...]).hasErrors
    for constraint in component.constraints where isGood || constraint.severity == .error {
      guard let member = written["\(path).\(constraint.path)"],
        let sentence = constraint.violation(.object(values))
      else { continue }
      report(
        constraint.code,
        constraint.code == "unused-key" ? place(member.keyRange) : place(member.value),
        severity: constraint.severity == .error ? .error : .warning,
        path: "\(path).\(constraint.path)", problem: sentence)
    }
    return isGood ? values : nil
  }

  private mutating func component(
    of section: Section, _ value: PositionedValue, _ members: [PositionedValue.Member], path: String
  ) -> Component? {
    guard let selector = section.selector else { return section.components.first }
    let words = section.components.map(\.id)
    guard let member = members.first(where: { $0.key == selector }) else {
      report(
        "missing-key", place(value), path: "\(path).\(selector)", problem: "it is missing",
        allowed: list(words.map { "\"\($0)\"" }))
      return nil
    }
    let parameter = Parameter(selector, .choice(words), doc: "")
    return read(member.value, parameter, path: "\(path).\(selector)")
      .flatMap { section.index(chosenBy: $0) }.map { section.components[$0] }
  }

  private mutating func reportUnknownKey(
    _ member: PositionedValue.Member, _ section: Section, _ component: Component, path: String
  ) {
    let owners = section.components.filter { $0.parameters.contains { $0.name == member.key } }
    var help: String?
    if !owners.isEmpty {
      help =
        "only \(list(owners.map { "\"\($0.id)\"" })) has it; "
        + "this \(section.name) is \"\(component.id)\""
    } else if index.slot(member.key) != nil {
      help = component.misplaced?.replacing("KEY", with: "\"\(member.key)\"")
    }
    guard help == nil else {
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"", help: help)
      return
    }
    let selector = section.selector.map { [$0] } ?? []
    reportUnknownKey(member, path: path, allowed: selector + component.parameters.map(\.name))
  }

  private mutating func reportMissing(
    _ parameter: Parameter, in value: PositionedValue, _ values: [String: ConfigValue],
    _ component: Component, path: String
  ) {
    let inner = "\(path).\(parameter.name)"
    switch parameter.need {
    case .optional: return
    case .required where component.example != nil:
      report(
        "missing-key", place(value), path: path, problem: "\"\(parameter.name)\" is missing",
        help: component.example)
    case .required(let help):
      report("missing-key", place(value), path: inner, problem: "it is missing", help: help)
    case .given(let key, let word, let reason):
      guard values[key] == .string(word), let cause = written["\(path).\(key)"] else { return }
      report(
        "missing-key", place(cause.value), path: inner, problem: "it is missing", help: reason)
    }
  }
}

extension Parameter.Kind {
  /// Whether a value has the JSON type of this kind, among those of a `oneOf`.
  fileprivate func suits(_ value: PositionedValue) -> Bool {
    switch (self, value.content) {
    case (.file(.elements), .array), (.file(.section), .object): true
    case (.file, _): false
    case (_, .array), (_, .object): false
    default: true
    }
  }
}
