// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  static let sweepKinds = ["grid", "cases", "product", "concat"]

  /// nil when it is too wrong to be expanded; then something was reported.
  mutating func readSweep(_ value: PositionedValue, path: String) -> SweepNode? {
    guard let members = object(value, path: path) else { return nil }
    var kinds: [SweepNode.Kind?] = []
    var exclusions: [SweepNode.Exclusion] = []
    var kindPlaces: [PositionedValue.Member] = []
    for member in members {
      let inner = "\(path).\(member.key)"
      switch member.key {
      case "grid": kinds.append(readGrid(member.value, path: inner))
      case "cases": kinds.append(readCases(member.value, path: inner))
      case "product": kinds.append(readNodes(member.value, path: inner).map { .product($0) })
      case "concat": kinds.append(readNodes(member.value, path: inner).map { .concat($0) })
      case "exclude": exclusions = readExclusions(member.value, path: inner)
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
    if kindPlaces.isEmpty, members.allSatisfy({ $0.key == "exclude" }) {
      report(
        "empty-sweep", place(value), path: path, problem: "it names nothing to vary",
        allowed: list(Self.sweepKinds.map { "\"\($0)\"" }),
        help: "leave \"sweep\" out for a single variant")
    }
    guard let kind = kinds.first ?? nil else { return nil }
    return SweepNode(kind: kind, exclusions: exclusions, place: place(value))
  }

  private mutating func reportUnknownSweepKey(_ member: PositionedValue.Member, path: String) {
    if index.slot(member.key) != nil {
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
        help: "values to combine stand in \"grid\": { \"\(member.key)\": [ … ] }")
    } else {
      reportUnknownKey(member, path: path, allowed: Self.sweepKinds + ["exclude"])
    }
  }

  private mutating func readGrid(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let members = object(value, path: path) else { return nil }
    if members.isEmpty { reportEmpty(value, path, "a grid needs at least one path") }
    var axes: [SweepNode.GridAxis] = []
    for member in members {
      if let axis = readGridAxis(member, path: path) { axes.append(axis) }
    }
    return axes.count == members.count && !axes.isEmpty ? .grid(axes) : nil
  }

  private mutating func readGridAxis(
    _ member: PositionedValue.Member, path: String
  ) -> SweepNode.GridAxis? {
    let inner = "\(path)[\"\(member.key)\"]"
    let slot = slot(member, path: path)
    guard case .array(let elements) = member.value.content else {
      if case .unreadable = member.value.content { return nil }
      report(
        "wrong-kind", place(member.value), path: inner,
        found: foundSentence(member.value, in: source.bytes), allowed: "a list of values",
        help: "a grid lists all values of a path; a single one belongs to base")
      return nil
    }
    if elements.isEmpty { reportEmpty(member.value, inner, "it lists no value") }
    guard let slot, !elements.isEmpty else { return nil }
    var values: [Assignment] = []
    var isGood = true
    for (i, element) in elements.enumerated() {
      guard let value = checkedValue(element, slot.choices, path: "\(inner)[\(i)]") else {
        isGood = false
        continue
      }
      if let first = values.first(where: { $0.value == value }) {
        let position = first.place.position
        report(
          "duplicate-value", place(element), path: "\(inner)[\(i)]",
          problem: "\(shownValue(value)) stands twice in this list",
          help: "the first is at \(position.line):\(position.column); keep one of them")
        isGood = false
      }
      values.append(Assignment(slot: slot, value: value, place: place(element), origin: .sweep))
    }
    if elements.count > 1, !index.entersIdentity(slot) {
      report(
        "not-sweepable", place(member.keyRange), path: inner,
        problem: "it does not enter a trial's identity, so its values would name the same trials",
        help: "set it in base")
      return nil
    }
    guard isGood else { return nil }
    return SweepNode.GridAxis(slot: slot, place: place(member.keyRange), values: values)
  }

  private mutating func readCases(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let elements = array(value, path: path) else { return nil }
    if elements.isEmpty { reportEmpty(value, path, "it lists no case") }
    var cases: [SweepNode.SweepCase] = []
    let before = findings.count
    for (i, element) in elements.enumerated() {
      guard let one = readCase(element, path: "\(path)[\(i)]") else { continue }
      if let first = cases.first(where: { $0.label == one.label }) {
        let position = first.place.position
        report(
          "duplicate-label", one.place, path: "\(path)[\(i)]",
          problem: "two cases are called \"\(one.label)\"",
          help: "the first is at \(position.line):\(position.column); give each its own label")
      }
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
    return SweepNode.SweepCase(
      label: label ?? derivedLabel(assignments), assignments: assignments, place: labelPlace)
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

  private mutating func readExclusions(
    _ value: PositionedValue, path: String
  ) -> [SweepNode.Exclusion] {
    guard let elements = array(value, path: path) else { return [] }
    var exclusions: [SweepNode.Exclusion] = []
    for (i, element) in elements.enumerated() {
      let inner = "\(path)[\(i)]"
      let conditions = readAssignments(element, path: inner)
      if let members = element.members, members.isEmpty {
        reportEmpty(element, inner, "without a condition it would leave out everything")
      }
      guard conditions.count == element.members?.count, !conditions.isEmpty else { continue }
      exclusions.append(
        SweepNode.Exclusion(
          conditions: conditions.map { ($0.path, $0.value) }, place: place(element),
          shownPath: inner))
    }
    return exclusions
  }

  private mutating func reportEmpty(_ value: PositionedValue, _ path: String, _ problem: String) {
    report("empty-sweep", place(value), path: path, problem: problem)
  }
}
