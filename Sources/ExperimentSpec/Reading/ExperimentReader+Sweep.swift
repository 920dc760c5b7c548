// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  static let sweepKinds = ["grid", "zip", "cases", "random", "product", "concat"]
  /// Keys that may stand beside one of the kinds.
  static let sweepLimits = ["when", "exclude"]

  /// nil when it is too wrong to be expanded; then something was reported.
  mutating func readSweep(_ value: PositionedValue, path: String) -> SweepNode? {
    guard let members = object(value, path: path) else { return nil }
    var kinds: [SweepNode.Kind?] = []
    var conditions: [SweepNode.Condition] = []
    var exclusions: [SweepNode.Condition] = []
    var kindPlaces: [PositionedValue.Member] = []
    for member in members {
      let inner = "\(path).\(member.key)"
      switch member.key {
      case "grid": kinds.append(readGrid(member.value, path: inner))
      case "zip": kinds.append(readZip(member.value, path: inner))
      case "cases": kinds.append(readCases(member.value, path: inner))
      case "random": kinds.append(readRandom(member.value, path: inner))
      case "product": kinds.append(readNodes(member.value, path: inner).map { .product($0) })
      case "concat": kinds.append(readNodes(member.value, path: inner).map { .concat($0) })
      case "when": conditions = readWhen(member.value, path: inner)
      case "exclude":
        exclusions = readConditions(
          member.value, path: inner, ifEmpty: "without a condition it would leave out everything")
      default: reportUnknownSweepKey(member, path: inner)
      }
      if Self.sweepKinds.contains(member.key) { kindPlaces.append(member) }
    }
    if kindPlaces.count > 1, let second = kindPlaces.dropFirst().first {
      let names = kindPlaces.map { "\"\($0.key)\"" }
      report(
        "two-sweeps", place(second.keyRange), path: path,
        found: names.dropLast().joined(separator: ", ") + " and " + (names.last ?? ""),
        allowed: "one of them in an object",
        help:
          "combine them with \"product\": [{ \"\(kindPlaces[0].key)\": … }, { \"\(second.key)\": … }]"
      )
      return nil
    }
    if kindPlaces.isEmpty, members.allSatisfy({ Self.sweepLimits.contains($0.key) }) {
      report(
        "empty-sweep", place(value), path: path, problem: "it names nothing to vary",
        allowed: list(Self.sweepKinds.map { "\"\($0)\"" }),
        help: "leave \"sweep\" out for a single variant")
    }
    guard let kind = kinds.first ?? nil else { return nil }
    return SweepNode(
      kind: kind, conditions: conditions, exclusions: exclusions, place: place(value))
  }

  private mutating func reportUnknownSweepKey(_ member: PositionedValue.Member, path: String) {
    if index.slot(member.key) != nil {
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
        help: "values to combine belong in \"grid\": { \"\(member.key)\": [ … ] }")
    } else {
      reportUnknownKey(member, path: path, allowed: Self.sweepKinds + Self.sweepLimits)
    }
  }

  private mutating func readCases(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let elements = array(value, path: path) else { return nil }
    if elements.isEmpty { reportEmpty(value, path, "it lists no case") }
    var cases: [SweepNode.SweepCase] = []
    var places: [String: Place] = [:]
    let before = findings.count
    for (i, element) in elements.enumerated() {
      guard let one = readCase(element, path: "\(path)[\(i)]") else { continue }
      if let label = one.label, let first = places[label] {
        let position = first.position
        report(
          "duplicate-label", one.place, path: "\(path)[\(i)]",
          problem: "two cases are called \"\(label)\"",
          help: "the first is at \(position.line):\(position.column); give each its own label")
      }
      if let label = one.label { places[label] = places[label] ?? one.place }
      cases.append(one)
    }
    return findings.count == before && !cases.isEmpty ? .cases(cases) : nil
  }

  private mutating func readCase(_ value: PositionedValue, path: String) -> SweepNode.SweepCase? {
    guard let members = object(value, path: path) else { return nil }
    var label: String?
    var labelPlace = place(value)
    var assignments: [Assignment]?
    for member in members {
      switch member.key {
      case "label":
        label = text(member, in: path + ".")
        labelPlace = place(member.value)
        if label == "" {
          report("out-of-range", labelPlace, path: "\(path).label", found: "an empty string")
        }
      case "set": assignments = readAssignments(member.value, path: "\(path).set")
      default:
        if index.slot(member.key) != nil {
          report(
            "unknown-key", place(member.keyRange), path: "\(path).\(member.key)",
            found: "\"\(member.key)\"",
            help: "a case puts its values under \"set\": { \"\(member.key)\": … }")
        } else {
          reportUnknownKey(member, path: "\(path).\(member.key)", allowed: ["label", "set"])
        }
      }
    }
    guard let assignments else {
      report(
        "missing-key", place(value), path: path, problem: "\"set\" is missing",
        help: "a case is { \"label\": \"…\", \"set\": { \"returns.discount\": null } }")
      return nil
    }
    return SweepNode.SweepCase(label: label, assignments: assignments, place: labelPlace)
  }

  private mutating func readNodes(_ value: PositionedValue, path: String) -> [SweepNode]? {
    guard let elements = array(value, path: path) else { return nil }
    if elements.isEmpty { reportEmpty(value, path, "it lists nothing to combine") }
    var nodes: [SweepNode] = []
    for (i, element) in elements.enumerated() {
      if let node = readSweep(element, path: "\(path)[\(i)]") { nodes.append(node) }
    }
    return nodes.count == elements.count && !nodes.isEmpty ? nodes : nil
  }

  /// One condition, or a list of which one must hold.
  private mutating func readWhen(
    _ value: PositionedValue, path: String
  ) -> [SweepNode.Condition] {
    let empty = "without a condition it says nothing; leave it out"
    if value.members != nil {
      return readCondition(value, path: path, ifEmpty: empty).map { [$0] } ?? []
    }
    guard case .array(let elements) = value.content else {
      reportKind(value, path: path, allowed: "an object { … } or a list of such")
      return []
    }
    if elements.isEmpty { reportEmpty(value, path, empty) }
    return readConditions(value, path: path, ifEmpty: empty)
  }

  private mutating func readConditions(
    _ value: PositionedValue, path: String, ifEmpty: String
  ) -> [SweepNode.Condition] {
    guard let elements = array(value, path: path) else { return [] }
    var conditions: [SweepNode.Condition] = []
    for (i, element) in elements.enumerated() {
      if let condition = readCondition(element, path: "\(path)[\(i)]", ifEmpty: ifEmpty) {
        conditions.append(condition)
      }
    }
    return conditions
  }

  private mutating func readCondition(
    _ value: PositionedValue, path: String, ifEmpty: String
  ) -> SweepNode.Condition? {
    let settings = readAssignments(value, path: path)
    if let members = value.members, members.isEmpty { reportEmpty(value, path, ifEmpty) }
    guard settings.count == value.members?.count, !settings.isEmpty else { return nil }
    return SweepNode.Condition(
      settings: settings.map { ($0.path, $0.value) }, place: place(value), shownPath: path)
  }

  /// Reports what lists nothing.
  mutating func reportEmpty(_ value: PositionedValue, _ path: String, _ problem: String) {
    report("empty-sweep", place(value), path: path, problem: problem)
  }
}
