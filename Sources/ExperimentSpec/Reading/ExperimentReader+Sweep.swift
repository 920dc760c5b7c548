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
    var kinds: [(member: PositionedValue.Member, kind: SweepNode.Kind?)] = []
    var conditions: [SweepNode.Condition] = []
    var exclusions: [SweepNode.Condition] = []
    for member in members {
      let inner = "\(path).\(member.key)"
      switch member.key {
      case "when": conditions = readWhen(member.value, path: inner)
      case "exclude":
        exclusions = readConditions(
          member.value, path: inner, ifEmpty: "without a condition it would leave out everything")
      case _ where Self.sweepKinds.contains(member.key):
        kinds.append((member, readKind(member, path: inner)))
      default: reportUnknownSweepKey(member, path: inner)
      }
    }
    if kinds.count > 1 {
      let names = kinds.map { "\"\($0.member.key)\"" }
      let second = kinds[1].member
      report(
        "two-sweeps", place(second.keyRange), path: path,
        found: names.dropLast().joined(separator: ", ") + " and " + (names.last ?? ""),
        allowed: "one of them in an object",
        help: "combine them with \"product\": [{ \(names[0]): … }, { \"\(second.key)\": … }]")
      return nil
    }
    if kinds.isEmpty, members.allSatisfy({ Self.sweepLimits.contains($0.key) }) {
      report(
        "empty-sweep", place(value), path: path, problem: "it names nothing to vary",
        allowed: list(Self.sweepKinds.map { "\"\($0)\"" }),
        help: "leave \"sweep\" out for a single variant")
    }
    guard let kind = kinds.first?.kind else { return nil }
    return SweepNode(
      kind: kind, conditions: conditions, exclusions: exclusions, place: place(value))
  }

  private mutating func readKind(
    _ member: PositionedValue.Member, path: String
  ) -> SweepNode.Kind? {
    switch member.key {
    case "grid": readLists(member.value, path: path, use: .grid).map { .grid($0) }
    case "zip": readZip(member.value, path: path)
    case "cases": readCases(member.value, path: path)
    case "random": readRandom(member.value, path: path)
    case "product": readNodes(member.value, path: path).map { .product($0) }
    default: readNodes(member.value, path: path).map { .concat($0) }
    }
  }

  private mutating func reportUnknownSweepKey(_ member: PositionedValue.Member, path: String) {
    guard index.slot(member.key) != nil else {
      return reportUnknownKey(member, path: path, allowed: Self.sweepKinds + Self.sweepLimits)
    }
    report(
      "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
      help: "values to combine belong in \"grid\": { \"\(member.key)\": [ … ] }")
  }

  private mutating func readCases(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let elements = array(value, path: path) else { return nil }
    if elements.isEmpty { reportEmpty(value, path, "it lists no case") }
    var cases: [SweepNode.SweepCase] = []
    var places: [String: Place] = [:]
    let before = findings.count
    for (i, element) in elements.enumerated() {
      let inner = "\(path)[\(i)]"
      guard let values = read(element, FileKeys.sweepCase, path: inner),
        let set = assignments.removeValue(forKey: "\(inner).set")
      else { continue }
      let written = element.members?.first { $0.key == "label" }?.value ?? element
      var label: String?
      if case .string(let text)? = values["label"] {
        label = text
        if let first = places[text] {
          reportTwice(
            "duplicate-label", place(written), first: first, path: inner,
            problem: "two cases are called \"\(text)\"", help: "give each its own label")
        }
        places[text] = places[text] ?? place(written)
      }
      cases.append(.init(label: label, assignments: set, place: place(written)))
    }
    return findings.count == before && !cases.isEmpty ? .cases(cases) : nil
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

  // MARK: Conditions

  /// One condition, or a list of which one must hold.
  private mutating func readWhen(
    _ value: PositionedValue, path: String
  ) -> [SweepNode.Condition] {
    let empty = "without a condition it says nothing; leave it out"
    if value.members != nil {
      return readCondition(value, path: path, ifEmpty: empty).map { [$0] } ?? []
    }
    let allowed = "an object { … } or a list of such"
    guard let elements = array(value, path: path, allowed: allowed) else { return [] }
    if elements.isEmpty { reportEmpty(value, path, empty) }
    return readConditions(value, path: path, ifEmpty: empty)
  }

  private mutating func readConditions(
    _ value: PositionedValue, path: String, ifEmpty: String
  ) -> [SweepNode.Condition] {
    var conditions: [SweepNode.Condition] = []
    for (i, element) in (array(value, path: path) ?? []).enumerated() {
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
