// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

// The values that a sweep lists or draws at its paths.
extension ExperimentReader {
  /// What a list of values stands in.
  enum ListUse { case grid, zip, choice }

  mutating func readZip(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let lists = readLists(value, path: path, use: .zip), let first = lists.first else {
      return nil
    }
    let before = findings.count
    for list in lists.dropFirst() where list.values.count != first.values.count {
      let position = first.place.position
      report(
        "zip-length", list.place, path: path,
        problem: "\"\(list.slot.path)\" has \(Numbers.count(list.values.count, "value")), "
          + "\"\(first.slot.path)\" has \(Numbers.whole(first.values.count)) "
          + "(\(position.line):\(position.column))",
        help: "zip needs equal lengths, product combines freely")
    }
    return findings.count == before ? .zip(lists) : nil
  }

  mutating func readLists(
    _ value: PositionedValue, path: String, use: ListUse
  ) -> [SweepNode.ValueList]? {
    guard let members = object(value, path: path) else { return nil }
    if members.isEmpty {
      reportEmpty(value, path, "\(use == .zip ? "a zip" : "a grid") needs at least one path")
    }
    var lists: [SweepNode.ValueList] = []
    for member in members {
      let slot = slot(member, path: path)
      guard let values = readValues(member, path: path, slot: slot, use: use), let slot else {
        continue
      }
      lists.append(.init(slot: slot, place: place(member.keyRange), values: values))
    }
    return lists.count == members.count && !lists.isEmpty ? lists : nil
  }

  /// The values listed for a path; nil when something was reported.
  private mutating func readValues(
    _ member: PositionedValue.Member, path: String, slot: CatalogueIndex.Slot?, use: ListUse
  ) -> [Assignment]? {
    let inner = "\(path)[\"\(member.key)\"]"
    let help: String? =
      switch use {
      case .grid: "a grid lists all values of a path; a single one belongs to base"
      case .zip: "a zip lists the values of each path in step; a single one belongs to base"
      case .choice: nil
      }
    guard
      let elements = array(member.value, path: inner, allowed: "a list of values", help: help)
    else { return nil }
    if elements.isEmpty { reportEmpty(member.value, inner, "it lists no value") }
    guard let slot, !elements.isEmpty else { return nil }
    let before = findings.count
    let twice = { "\(shownValue($0)) appears twice in this list" }
    let values = readElements(elements, path: inner, twice: use == .zip ? nil : twice) {
      $0.checkedValue($1, slot.choices, path: $2)
    }
    if use != .zip, elements.count > 1, !isSweepable(slot, member, path: inner) { return nil }
    guard findings.count == before, values.count == elements.count else { return nil }
    return values.map { Assignment(slot: slot, value: $0.value, place: $0.place, origin: .sweep) }
  }

  /// Whether different values at a path make different trials; reports a path of which that is not
  /// so.
  private mutating func isSweepable(
    _ slot: CatalogueIndex.Slot, _ member: PositionedValue.Member, path: String
  ) -> Bool {
    if index.entersIdentity(slot) { return true }
    report(
      "not-sweepable", place(member.keyRange), path: path,
      problem: "it does not enter a trial's identity, so its values would name the same trials",
      help: "set it in base")
    return false
  }

  // MARK: Draws

  /// Reads `random`: how many draws, and what is drawn at each path.
  mutating func readRandom(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    let values = read(value, FileKeys.random, path: path)
    let set = value.members?.first { $0.key == "set" }
    let drawn = set.flatMap { readDrawnPaths($0.value, path: "\(path).set") }
    guard let values, let drawn, case .number(let trials)? = values["trials"],
      case .number(let seed)? = values["seed"]
    else { return nil }
    return .random(SweepNode.RandomDraws(trials: Int(trials), seed: Int(seed), drawn: drawn))
  }

  private mutating func readDrawnPaths(
    _ value: PositionedValue, path: String
  ) -> [DrawnPath]? {
    guard let members = object(value, path: path) else { return nil }
    if members.isEmpty { reportEmpty(value, path, "it names nothing to draw") }
    var drawn: [DrawnPath] = []
    for member in members {
      guard let slot = slot(member, path: path),
        let source = readDrawSource(member, slot, path: path)
      else { continue }
      drawn.append(.init(slot: slot, place: place(member.keyRange), source: source))
    }
    return drawn.count == members.count && !drawn.isEmpty ? drawn : nil
  }

  private mutating func readDrawSource(
    _ member: PositionedValue.Member, _ slot: CatalogueIndex.Slot, path: String
  ) -> DrawnPath.Source? {
    let inner = "\(path)[\"\(member.key)\"]"
    let kinds = slot.choices.compactMap { DrawnKind($0.parameter.kind) }
    switch member.value.content {
    case .array:
      return readValues(member, path: path, slot: slot, use: .choice)
        .map { .choice($0.map(\.value)) }
    case .object(let members) where !kinds.isEmpty:
      guard let range = readRange(member.value, members, kinds, slot, path: inner),
        range.min == range.max || isSweepable(slot, member, path: inner)
      else { return nil }
      return .range(range)
    default:
      let orRange = kinds.isEmpty ? "" : ", or a range { \"min\": a, \"max\": b }"
      reportKind(member.value, path: inner, allowed: "a list of values to draw from" + orRange)
      return nil
    }
  }

  private mutating func readRange(
    _ value: PositionedValue, _ members: [PositionedValue.Member], _ kinds: [DrawnKind],
    _ slot: CatalogueIndex.Slot, path: String
  ) -> DrawRange? {
    let before = findings.count
    var ends: [String: PositionedValue] = [:]
    var scale: ConfigValue? = "linear"
    for member in members {
      let inner = "\(path).\(member.key)"
      switch member.key {
      case "min", "max": ends[member.key] = member.value
      case "scale": scale = read(member.value, DrawnKind.scale, path: inner)
      default: reportUnknownKey(member, path: inner, allowed: ["min", "max", "scale"])
      }
    }
    for key in ["min", "max"] where ends[key] == nil {
      report(
        "missing-key", place(value), path: path, problem: "\"\(key)\" is missing",
        help: "a range is { \"min\": a, \"max\": b, \"scale\": \"linear\" or \"log\" }")
    }
    guard let low = ends["min"], let high = ends["max"] else { return nil }
    let fitting = kinds.first { $0.number(low) != nil && $0.number(high) != nil }
    guard let kind = fitting, let min = kind.number(low), let max = kind.number(high) else {
      reportEnds([(".min", low), (".max", high)], slot, path: path)
      return nil
    }
    if min > max {
      report(
        "out-of-range", place(value), path: path, found: foundSentence(value, in: source.bytes),
        help: "\"min\" may not be above \"max\"")
    }
    if scale == "log", min <= 0 {
      report(
        "out-of-range", place(low), path: path + ".min",
        found: foundSentence(low, in: source.bytes),
        allowed: "a number above 0 where the scale is \"log\"")
    }
    guard findings.count == before, let scale else { return nil }
    return DrawRange(
      min: min, max: max, isLogarithmic: scale == "log", isInteger: kind.isInteger,
      isList: kind.isList)
  }

  private mutating func reportEnds(
    _ ends: [(subpath: String, value: PositionedValue)], _ slot: CatalogueIndex.Slot, path: String
  ) {
    let choices = slot.choices.compactMap { component, parameter in
      DrawnKind(parameter.kind).map { drawn in
        (
          component,
          Parameter(parameter.name, drawn.kind, unit: parameter.unit, doc: parameter.doc)
        )
      }
    }
    let before = findings.count
    for end in ends { _ = checkedValue(end.value, choices, path: path + end.subpath) }
    if findings.count > before || ends.contains(where: \.value.isUnreadable) { return }
    // Each end suits a component, but no component suits both.
    report(
      "out-of-range", place(ends[0].value), path: path,
      problem: "no component of \"\(slot.path)\" allows both ends")
  }
}

/// The numbers that can be drawn for a parameter.
struct DrawnKind {
  /// `.integer` or `.number`.
  let kind: Parameter.Kind
  let isInteger: Bool
  /// Whether the parameter is a list, and one number stands for a list of one.
  var isList = false

  /// `scale` of a range to draw from.
  static let scale = Parameter("scale", .choice(["linear", "log"]), default: "linear", doc: "")

  /// nil for what has no numbers between others.
  init?(_ kind: Parameter.Kind) {
    switch kind {
    case .integer: (self.kind, isInteger) = (kind, true)
    // An object is a range to draw from; intervals to choose from stand in a list.
    case .integerOrInterval(let range): (self.kind, isInteger) = (.integer(range), true)
    case .number: (self.kind, isInteger) = (kind, false)
    case .any: (self.kind, isInteger) = (.number(NumberRange()), false)
    case .nullable(let inner):
      guard let inner = DrawnKind(inner) else { return nil }
      self = inner
    case .list(let element, let count):
      guard count.contains(1), let inner = DrawnKind(element), !inner.isList else { return nil }
      self = inner
      isList = true
    default: return nil
    }
  }

  /// The value as an end of a range, if it may be one.
  func number(_ value: PositionedValue) -> Double? {
    guard !value.isUnreadable, case .number(let number)? = try? checked(value, kind) else {
      return nil
    }
    return number
  }
}
