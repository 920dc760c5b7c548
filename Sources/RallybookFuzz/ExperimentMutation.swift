// SPDX-License-Identifier: MIT

import Commands
import ParameterSchema

/// Changes in an experiment file that mostly leave it one: settings that the catalogue knows, parts
/// of sweeps, scores, searches, texts.
struct ExperimentMutation {
  /// What may be set, by its path.
  private static let slots: [(path: String, kind: Parameter.Kind)] = Catalogue.standard.sections
    .flatMap { section in
      let ids = section.components.map(\.id).filter { !$0.isEmpty && !$0.contains("gymnasium") }
      let chosen: [(String, Parameter.Kind)] =
        section.selector.map { [("\(section.name).\($0)", .choice(ids))] } ?? []
      return chosen
        + section.components.flatMap(\.parameters).map { ("\(section.name).\($0.name)", $0.kind) }
    }

  func apply(to root: inout ConfigValue, _ draws: inout Draws) {
    guard case .object(var members) = root else {
      root = ["score": ["goal": "maximize"]]
      return
    }
    switch draws.index(16) {
    case 0...3: set(in: &members, &draws)
    case 4...7: members["sweep"] = sweep(members["sweep"], &draws)
    case 8:
      members["seeds"] =
        draws.happens(1, in: 2)
        ? .number(Double(draws.whole(1...12)))
        : .array((0...draws.index(4)).map { .number(Double($0 * draws.whole(1...3))) })
    case 9: members["score"] = score(&draws)
    case 10: members["search"] = draws.happens(1, in: 3) ? nil : search(&draws)
    case 11: members["hypotheses"] = hypotheses(members["sweep"], &draws)
    case 12:
      let key = draws.one(of: ["title", "question", "notes"]) ?? "title"
      members[key] = draws.one(of: JSONMutation.texts)
    case 13: members["rootSeed"] = .number(Double(draws.whole(0...1_000)))
    case 14:
      if let key = draws.one(of: members.keys.sorted()) { members[key] = nil }
    default:
      JSONMutation.mutate(&root, &draws)
      return
    }
    if members["score"] == nil { members["score"] = ["goal": "maximize"] }
    root = .object(members)
  }

  private func set(in members: inout [String: ConfigValue], _ draws: inout Draws) {
    guard let slot = draws.one(of: Self.slots) else { return }
    var base: [String: ConfigValue] = [:]
    if case .object(let stored)? = members["base"] { base = stored }
    let parts = slot.path.split(separator: ".").map(String.init)
    var section: [String: ConfigValue] = [:]
    if case .object(let stored)? = base[parts[0]] { section = stored }
    section[parts[1]] = value(slot.kind, &draws)
    base[parts[0]] = .object(section)
    if draws.happens(1, in: 10) {
      base["preset"] = draws.one(of: Catalogue.standard.presets.map { .string($0.id) })
    }
    members["base"] = .object(base)
  }

  private func sweep(_ stored: ConfigValue?, _ draws: inout Draws) -> ConfigValue? {
    guard let slot = draws.one(of: Self.slots) else { return stored }
    func values(_ count: Int, _ draws: inout Draws) -> ConfigValue {
      .array((0..<count).map { _ in value(slot.kind, &draws) })
    }
    let count = draws.whole(1...4)
    var part: ConfigValue
    switch draws.index(5) {
    case 0: part = ["zip": .object([slot.path: values(count, &draws)])]
    case 1:
      part = [
        "cases": .array(
          (0..<count).map { i in
            let label = draws.happens(1, in: 3) ? draws.one(of: JSONMutation.texts) : nil
            return [
              "label": label ?? .string("case \(i)"),
              "set": .object([slot.path: value(slot.kind, &draws)]),
            ]
          })
      ]
    case 2:
      part = [
        "random": [
          "trials": .number(Double(draws.whole(1...20))), "seed": .number(Double(draws.index(9))),
          "set": .object([slot.path: drawn(slot.kind, &draws)]),
        ]
      ]
    default: part = ["grid": .object([slot.path: values(count, &draws)])]
    }
    if draws.happens(1, in: 6), case .object(var members) = part,
      let other = draws.one(of: Self.slots)
    {
      let condition: ConfigValue = .object([other.path: value(other.kind, &draws)])
      members[draws.happens(1, in: 2) ? "when" : "exclude"] =
        draws.happens(1, in: 2) ? condition : .array([condition])
      part = .object(members)
    }
    guard let stored, draws.happens(2, in: 3) else { return part }
    return .object([draws.happens(2, in: 3) ? "product" : "concat": .array([stored, part])])
  }

  private func drawn(_ kind: Parameter.Kind, _ draws: inout Draws) -> ConfigValue {
    switch kind {
    case .number:
      return [
        "min": .number(draws.real(0.0001...0.1)), "max": .number(draws.real(0.2...0.9)),
        "scale": draws.happens(1, in: 2) ? "log" : "linear",
      ]
    case .integer(let range):
      let low = max(range.lowerBound, 1)
      return [
        "min": .number(Double(low)), "max": .number(Double(min(range.upperBound, low + 50))),
      ]
    default: return .array([value(kind, &draws), value(kind, &draws)])
    }
  }

  /// A value of a kind, at the ends of its range as often as inside.
  private func value(_ kind: Parameter.Kind, _ draws: inout Draws) -> ConfigValue {
    func whole(_ range: ClosedRange<Int>, _ draws: inout Draws) -> ConfigValue {
      let near = range.lowerBound...min(range.upperBound, range.lowerBound + 20)
      let ends = [range.lowerBound, range.upperBound, draws.whole(near), draws.whole(range)]
      return .number(Double(draws.one(of: ends) ?? range.lowerBound))
    }
    switch kind {
    case .boolean: return .bool(draws.happens(1, in: 2))
    case .integer(let range): return whole(range, &draws)
    case .number(let range):
      let low = range.lower ?? -1e300
      let high = range.upper ?? 1e300
      let inside = [0.5, 0.99, 1e-3, 1, draws.real(0...1), 1e9, low, high].filter(range.contains)
      return .number(draws.one(of: inside) ?? low)
    case .choice(let words): return draws.one(of: words).map { .string($0) } ?? .null
    case .text(let rule): return .string(rule.prefix + (draws.one(of: ["A-v0", "m:B-v1"]) ?? ""))
    case .nullable(let inner): return draws.happens(1, in: 3) ? .null : value(inner, &draws)
    case .integerOrInterval(let range):
      let low = draws.whole(range.lowerBound...min(range.upperBound, range.lowerBound + 9))
      return draws.happens(1, in: 2)
        ? .number(Double(low))
        : ["min": .number(Double(low)), "max": whole(low...range.upperBound, &draws)]
    case .list(let inner, let count):
      let length = draws.whole(count.lowerBound...min(count.upperBound, count.lowerBound + 3))
      return .array((0..<length).map { _ in value(inner, &draws) })
    case .object:
      return .object(["a": JSONMutation.scalar(&draws), "b": JSONMutation.scalar(&draws)])
    case .record(let fields):
      return .object(
        Dictionary(
          fields.map { ($0.name, whole($0.range, &draws)) }, uniquingKeysWith: { $1 }))
    }
  }

  private func score(_ draws: inout Draws) -> ConfigValue {
    var score: [String: ConfigValue] = [
      "goal": draws.happens(4, in: 5) ? "maximize" : "minimize",
      "metric": draws.one(of: ["return", "evaluationReturn", "episodesToThreshold"]) ?? "return",
    ]
    if draws.happens(1, in: 2) { score["window"] = .number(Double(draws.whole(1...200))) }
    if draws.happens(1, in: 2) {
      score["reduction"] = draws.one(of: ["mean", "iqm", "last", "best"])
    }
    if score["metric"] == "episodesToThreshold" || draws.happens(1, in: 5) {
      score["threshold"] = draws.one(of: JSONMutation.numbers)
    }
    if draws.happens(1, in: 4) {
      let ends = [-1.7e308, -1e300, -21, 0, 1e-300, 21, 1.7e308]
      let low = draws.index(ends.count - 1)
      score["range"] = [.number(ends[low]), .number(ends[draws.whole(low + 1...ends.count - 1)])]
    }
    return .object(score)
  }

  private func search(_ draws: inout Draws) -> ConfigValue {
    switch draws.index(3) {
    case 0: ["kind": "halving", "rungs": [.number(Double(draws.whole(1...50)))], "eta": 2]
    case 1: ["kind": "tpe", "startup": .number(Double(draws.whole(1...10)))]
    default: ["kind": "racing"]
    }
  }

  /// A claim over two values of an axis of the sweep.
  private func hypotheses(_ sweep: ConfigValue?, _ draws: inout Draws) -> ConfigValue? {
    guard case .object(let axes)? = sweep?[path: "grid"],
      let path = draws.one(of: axes.keys.sorted()),
      case .array(let values)? = axes[path], values.count > 1
    else { return nil }
    return [
      [
        "claim": draws.one(of: JSONMutation.texts) ?? "better",
        "better": .object([path: values[0]]), "than": .object([path: values[values.count - 1]]),
        "measure": draws.one(of: ["difference", "probabilityOfImprovement", "spreadRatio"])
          ?? "difference", "atLeast": .number(draws.real(0...1)),
      ]
    ]
  }
}
