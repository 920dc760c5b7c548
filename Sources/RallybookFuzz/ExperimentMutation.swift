// SPDX-License-Identifier: MIT

import Commands
import ParameterSchema
import Randomness

/// Changes in an experiment file that mostly leave it one: settings that the catalogue knows, parts
/// of sweeps, scores, searches, texts.
enum ExperimentMutation {
  /// What may be set, by its path.
  private static let slots: [(path: String, kind: Parameter.Kind)] = Catalogue.standard.sections
    .flatMap { section in
      let ids = section.components.map(\.id).filter { !$0.isEmpty && !$0.contains("gymnasium") }
      let chosen: [(String, Parameter.Kind)] =
        section.selector.map { [("\(section.name).\($0)", .choice(ids))] } ?? []
      return chosen
        + section.components.flatMap(\.parameters).map { ("\(section.name).\($0.name)", $0.kind) }
    }

  static func apply(to root: inout ConfigValue, _ draws: inout Draws) {
    guard case .object(let members) = root else {
      root = ["score": ["goal": "maximize"]]
      return
    }
    let isOften = draws.happens(1, in: 2)
    switch draws.index(16) {
    case 0...3:
      let slot = draws.one(of: slots)
      root[path: "base.\(slot.path)"] = value(slot.kind, &draws)
      if draws.happens(1, in: 10) {
        root[path: "base.preset"] = .string(draws.one(of: Catalogue.standard.presets.map(\.id)))
      }
    case 4...7: root[path: "sweep"] = sweep(members["sweep"], &draws)
    case 8:
      root[path: "seeds"] =
        isOften
        ? draws.number(1...12)
        : .array((0...draws.index(4)).map { .number(Double($0 * draws.whole(1...3))) })
    case 9: root[path: "score"] = score(&draws)
    case 10:
      root[path: "search"] = draws.one(of: [
        nil, ["kind": "halving", "rungs": [draws.number(1...50)], "eta": 2],
        ["kind": "tpe", "startup": draws.number(1...10)], ["kind": "racing"],
      ])
    case 11: root[path: "hypotheses"] = hypotheses(members["sweep"], &draws)
    case 12:
      root[path: draws.one(of: ["title", "question", "notes"])] = draws.one(of: Mutation.texts)
    case 13: root[path: "rootSeed"] = draws.number(0...1_000)
    case 14 where !members.isEmpty: root[path: draws.one(of: members.keys.sorted())] = nil
    default:
      Mutation.change(&root, &draws)
      return
    }
    if root[path: "score"] == nil { root[path: "score"] = ["goal": "maximize"] }
  }

  private static func sweep(_ stored: ConfigValue?, _ draws: inout Draws) -> ConfigValue {
    let slot = draws.one(of: slots)
    let count = draws.whole(1...4)
    let values = (0..<count).map { _ in value(slot.kind, &draws) }
    var part: ConfigValue
    switch draws.index(5) {
    case 0: part = ["zip": .object([slot.path: .array(values)])]
    case 1:
      let cases = values.enumerated().map { i, value -> ConfigValue in
        let label = draws.happens(1, in: 3) ? draws.one(of: Mutation.texts) : .string("case \(i)")
        return ["label": label, "set": .object([slot.path: value])]
      }
      part = ["cases": .array(cases)]
    case 2:
      part = [
        "random": [
          "trials": draws.number(1...20), "seed": draws.number(0...8),
          "set": .object([slot.path: drawn(slot.kind, &draws)]),
        ]
      ]
    default: part = ["grid": .object([slot.path: .array(values)])]
    }
    if draws.happens(1, in: 6) {
      let other = draws.one(of: slots)
      let condition: ConfigValue = .object([other.path: value(other.kind, &draws)])
      part[path: draws.one(of: ["when", "exclude"])] = draws.one(of: [condition, [condition]])
    }
    guard let stored, draws.happens(2, in: 3) else { return part }
    return .object([draws.happens(2, in: 3) ? "product" : "concat": [stored, part]])
  }

  private static func drawn(_ kind: Parameter.Kind, _ draws: inout Draws) -> ConfigValue {
    switch kind {
    case .number:
      return [
        "min": draws.number(in: 0.0001...0.1), "max": draws.number(in: 0.2...0.9),
        "scale": draws.one(of: ["log", "linear"]),
      ]
    case .integer(let range):
      let low = max(range.lowerBound, 1)
      return [
        "min": .number(Double(low)), "max": .number(Double(min(range.upperBound, low + 50))),
      ]
    default: return [value(kind, &draws), value(kind, &draws)]
    }
  }

  /// A value of a kind, at the ends of its range as often as inside.
  private static func value(_ kind: Parameter.Kind, _ draws: inout Draws) -> ConfigValue {
    func whole(_ range: ClosedRange<Int>, _ draws: inout Draws) -> ConfigValue {
      let near = range.lowerBound...min(range.upperBound, range.lowerBound + 20)
      let ends = [range.lowerBound, range.upperBound, draws.whole(near), draws.whole(range)]
      return .number(Double(draws.one(of: ends)))
    }
    switch kind {
    case .boolean: return .bool(draws.happens(1, in: 2))
    case .integer(let range): return whole(range, &draws)
    case .number(let range):
      let (low, high) = (range.lower ?? -1e300, range.upper ?? 1e300)
      let between = Double.random(in: 0...1, using: &draws)
      let inside = [0.5, 0.99, 1e-3, 1, between, 1e9, low, high].filter(range.contains)
      return inside.isEmpty ? .number(low) : .number(draws.one(of: inside))
    case .choice(let words): return words.isEmpty ? .null : .string(draws.one(of: words))
    case .text(let rule): return .string(rule.prefix + draws.one(of: ["A-v0", "m:B-v1"]))
    case .nullable(let inner): return draws.happens(1, in: 3) ? .null : value(inner, &draws)
    case .integerOrInterval(let range):
      let low = draws.whole(range.lowerBound...min(range.upperBound, range.lowerBound + 9))
      return draws.happens(1, in: 2)
        ? .number(Double(low))
        : ["min": .number(Double(low)), "max": whole(low...range.upperBound, &draws)]
    case .list(let inner, let count):
      let length = draws.whole(count.lowerBound...min(count.upperBound, count.lowerBound + 3))
      return .array((0..<length).map { _ in value(inner, &draws) })
    case .object: return ["a": Mutation.scalar(&draws), "b": Mutation.scalar(&draws)]
    case .record(let fields):
      return .object(
        Dictionary(
          fields.map { ($0.name, whole($0.range, &draws)) }, uniquingKeysWith: { $1 }))
    }
  }

  private static func score(_ draws: inout Draws) -> ConfigValue {
    var score: ConfigValue = [
      "goal": draws.one(of: ["maximize", "maximize", "maximize", "minimize"]),
      "metric": draws.one(of: ["return", "evaluationReturn", "episodesToThreshold"]),
    ]
    if draws.happens(1, in: 2) { score[path: "window"] = draws.number(1...200) }
    if draws.happens(1, in: 2) {
      score[path: "reduction"] = draws.one(of: ["mean", "iqm", "last", "best"])
    }
    if score[path: "metric"] == "episodesToThreshold" || draws.happens(1, in: 5) {
      score[path: "threshold"] = draws.one(of: Mutation.numbers)
    }
    if draws.happens(1, in: 4) {
      let ends: [ConfigValue] = [-1.7e308, -1e300, -21, 0, 1e-300, 21, 1.7e308]
      let low = draws.index(ends.count - 1)
      score[path: "range"] = [ends[low], ends[draws.whole(low + 1...ends.count - 1)]]
    }
    return score
  }

  /// A claim over two values of an axis of the sweep.
  private static func hypotheses(_ sweep: ConfigValue?, _ draws: inout Draws) -> ConfigValue? {
    guard case .object(let axes)? = sweep?[path: "grid"], !axes.isEmpty else { return nil }
    let path = draws.one(of: axes.keys.sorted())
    guard case .array(let values)? = axes[path], values.count > 1 else { return nil }
    return [
      [
        "claim": draws.one(of: Mutation.texts), "better": .object([path: values[0]]),
        "than": .object([path: values[values.count - 1]]),
        "measure": draws.one(of: ["difference", "probabilityOfImprovement", "spreadRatio"]),
        "atLeast": draws.number(in: 0...1),
      ]
    ]
  }
}
