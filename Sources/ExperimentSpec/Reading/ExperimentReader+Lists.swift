// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  /// What a list of values stands in.
  enum ListUse { case grid, zip, choice }

  mutating func readGrid(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    readLists(value, path: path, use: .grid).map { .grid($0) }
  }

  mutating func readZip(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let lists = readLists(value, path: path, use: .zip) else { return nil }
    guard let first = lists.first else { return nil }
    var isGood = true
    for list in lists.dropFirst() where list.values.count != first.values.count {
      let position = first.place.position
      report(
        "zip-length", list.place, path: path,
        problem: "\"\(list.slot.path)\" has \(counted(list.values.count)), "
          + "\"\(first.slot.path)\" has \(Numbers.whole(first.values.count)) "
          + "(\(position.line):\(position.column))",
        help: "zip needs equal lengths, product combines freely")
      isGood = false
    }
    return isGood ? .zip(lists) : nil
  }

  private func counted(_ count: Int) -> String {
    Numbers.count(count, "value")
  }

  private mutating func readLists(
    _ value: PositionedValue, path: String, use: ListUse
  ) -> [SweepNode.ValueList]? {
    guard let members = object(value, path: path) else { return nil }
    if members.isEmpty {
      let noun = use == .zip ? "a zip" : "a grid"
      reportEmpty(value, path, "\(noun) needs at least one path")
    }
    var lists: [SweepNode.ValueList] = []
    for member in members {
      guard let slot = slot(member, path: path) else {
        _ = readValues(member, path: path, slot: nil, use: use)
        continue
      }
      guard let values = readValues(member, path: path, slot: slot, use: use) else { continue }
      lists.append(
        SweepNode.ValueList(slot: slot, place: place(member.keyRange), values: values))
    }
    return lists.count == members.count && !lists.isEmpty ? lists : nil
  }

  /// The values listed for a path; nil when something was reported.
  mutating func readValues(
    _ member: PositionedValue.Member, path: String, slot: CatalogueIndex.Slot?, use: ListUse
  ) -> [Assignment]? {
    let inner = "\(path)[\"\(member.key)\"]"
    guard case .array(let elements) = member.value.content else {
      if case .unreadable = member.value.content { return nil }
      report(
        "wrong-kind", place(member.value), path: inner,
        found: foundSentence(member.value, in: source.bytes), allowed: "a list of values",
        help: Self.listHelp(use))
      return nil
    }
    if elements.isEmpty { reportEmpty(member.value, inner, "it lists no value") }
    guard let slot, !elements.isEmpty else { return nil }
    var values: [Assignment] = []
    var places: [ConfigValue: Place] = [:]
    var isGood = true
    for (i, element) in elements.enumerated() {
      guard let value = checkedValue(element, slot.choices, path: "\(inner)[\(i)]") else {
        isGood = false
        continue
      }
      if use != .zip, let first = places[value] {
        let position = first.position
        report(
          "duplicate-value", place(element), path: "\(inner)[\(i)]",
          problem: "\(shownValue(value)) appears twice in this list",
          help: "the first is at \(position.line):\(position.column); keep one of them")
        isGood = false
      }
      places[value] = places[value] ?? place(element)
      values.append(Assignment(slot: slot, value: value, place: place(element), origin: .sweep))
    }
    if use != .zip, elements.count > 1, !isSweepable(slot, member, path: inner) { return nil }
    return isGood ? values : nil
  }

  private static func listHelp(_ use: ListUse) -> String? {
    switch use {
    case .grid: "a grid lists all values of a path; a single one belongs to base"
    case .zip: "a zip lists the values of each path in step; a single one belongs to base"
    case .choice: nil
    }
  }

  /// Whether different values at a path make different trials; reports a path of which that is not
  /// so.
  mutating func isSweepable(
    _ slot: CatalogueIndex.Slot, _ member: PositionedValue.Member, path: String
  ) -> Bool {
    if index.entersIdentity(slot) { return true }
    report(
      "not-sweepable", place(member.keyRange), path: path,
      problem: "it does not enter a trial's identity, so its values would name the same trials",
      help: "set it in base")
    return false
  }
}
