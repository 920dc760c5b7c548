// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  private static let randomExample =
    "{ \"trials\": 20, \"set\": { \"optimizer.learningRate\": { \"min\": 0.0001, \"max\": 0.01, "
    + "\"scale\": \"log\" } } }"

  /// Reads `random`: how many draws, and what is drawn at each path.
  mutating func readRandom(_ value: PositionedValue, path: String) -> SweepNode.Kind? {
    guard let members = object(value, path: path) else { return nil }
    var trials: Int?
    var seed: Int? = 0
    var drawn: [SweepNode.DrawnPath]?
    for member in members {
      switch member.key {
      case "trials":
        trials = integer(member, in: 1...SweepChecks.trialLimit, path: path + ".")
      case "seed": seed = integer(member, in: 0...Self.largestInteger, path: path + ".")
      case "set": drawn = readDrawnPaths(member.value, path: "\(path).set")
      default: reportUnknownRandomKey(member, path: "\(path).\(member.key)")
      }
    }
    let missing = ["trials", "set"].filter { key in !members.contains { $0.key == key } }
    for key in missing {
      report(
        "missing-key", place(value), path: path, problem: "\"\(key)\" is missing",
        help: "such as \(Self.randomExample)")
    }
    guard let trials, let seed, let drawn else { return nil }
    return .random(SweepNode.RandomDraws(trials: trials, seed: seed, drawn: drawn))
  }

  private mutating func reportUnknownRandomKey(_ member: PositionedValue.Member, path: String) {
    if index.slot(member.key) != nil {
      report(
        "unknown-key", place(member.keyRange), path: path, found: "\"\(member.key)\"",
        help: "what is drawn belongs under \"set\": { \"\(member.key)\": … }")
    } else {
      reportUnknownKey(member, path: path, allowed: ["trials", "seed", "set"])
    }
  }

  private mutating func readDrawnPaths(
    _ value: PositionedValue, path: String
  ) -> [SweepNode.DrawnPath]? {
    guard let members = object(value, path: path) else { return nil }
    if members.isEmpty { reportEmpty(value, path, "it names nothing to draw") }
    var drawn: [SweepNode.DrawnPath] = []
    for member in members {
      guard let slot = slot(member, path: path),
        let source = readDrawSource(member, slot, path: path)
      else { continue }
      drawn.append(
        SweepNode.DrawnPath(slot: slot, place: place(member.keyRange), source: source))
    }
    return drawn.count == members.count && !drawn.isEmpty ? drawn : nil
  }

  private mutating func readDrawSource(
    _ member: PositionedValue.Member, _ slot: CatalogueIndex.Slot, path: String
  ) -> DrawSource? {
    let inner = "\(path)[\"\(member.key)\"]"
    let kinds = slot.choices.compactMap { DrawnKind($0.parameter.kind) }
    switch member.value.content {
    case .array:
      return readValues(member, path: path, slot: slot, use: .choice)
        .map { .choice($0.map(\.value)) }
    case .object(let members) where !kinds.isEmpty:
      guard let range = readRange(member.value, members, kinds, slot, path: inner) else {
        return nil
      }
      if range.min < range.max, !isSweepable(slot, member, path: inner) { return nil }
      return .range(range)
    case .unreadable: return nil
    default:
      report(
        "wrong-kind", place(member.value), path: inner,
        found: foundSentence(member.value, in: source.bytes),
        allowed: kinds.isEmpty
          ? "a list of values to draw from"
          : "a list of values to draw from, or a range { \"min\": a, \"max\": b }")
      return nil
    }
  }

  private mutating func readRange(
    _ value: PositionedValue, _ members: [PositionedValue.Member], _ kinds: [DrawnKind],
    _ slot: CatalogueIndex.Slot, path: String
  ) -> DrawRange? {
    let before = findings.count
    var ends: [String: PositionedValue] = [:]
    var scale: DrawScale? = .linear
    for member in members {
      switch member.key {
      case "min", "max": ends[member.key] = member.value
      case "scale": scale = choice(member, in: path + ".")
      default:
        reportUnknownKey(
          member, path: "\(path).\(member.key)", allowed: ["min", "max", "scale"])
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
      reportEnds([(".min", low), (".max", high)], kinds, slot, path: path)
      return nil
    }
    if min > max {
      report(
        "out-of-range", place(value), path: path, found: foundSentence(value, in: source.bytes),
        help: "\"min\" may not be above \"max\"")
    }
    if scale == .log, min <= 0 {
      report(
        "out-of-range", place(low), path: path + ".min",
        found: foundSentence(low, in: source.bytes),
        allowed: "a number above 0 where the scale is \"log\"")
    }
    guard findings.count == before, let scale else { return nil }
    return DrawRange(
      min: min, max: max, isLogarithmic: scale == .log, isInteger: kind.isInteger,
      isList: kind.isList)
  }

  private mutating func reportEnds(
    _ ends: [(subpath: String, value: PositionedValue)], _ kinds: [DrawnKind],
    _ slot: CatalogueIndex.Slot, path: String
  ) {
    let choices = slot.choices.compactMap { choice -> (component: String, parameter: Parameter)? in
      guard let kind = DrawnKind(choice.parameter.kind)?.kind else { return nil }
      let parameter = choice.parameter
      return (
        choice.component,
        Parameter(
          parameter.name, kind, default: nil, unit: parameter.unit, doc: parameter.doc)
      )
    }
    let before = findings.count
    for end in ends { _ = checkedValue(end.value, choices, path: path + end.subpath) }
    let isUnreadable = ends.contains {
      if case .unreadable = $0.value.content { true } else { false }
    }
    guard findings.count == before, !isUnreadable else { return }
    // Each end suits a component, but no component suits both.
    report(
      "out-of-range", place(ends[0].value), path: path,
      problem: "no component of \"\(slot.path)\" allows both ends")
  }
}
