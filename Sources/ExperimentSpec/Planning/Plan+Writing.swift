// SPDX-License-Identifier: MIT
import ParameterSchema

extension Plan {
  /// The bytes of `plan.json`: keys sorted, a line for each axis, hypothesis, variant and trial, a
  /// line break at the end. The same plan gives the same bytes.
  package func encoded() -> [UInt8] {
    let lists: [(key: String, elements: [ConfigValue])] = [
      ("axes", axes.map(\.record)), ("hypotheses", hypotheses.map(\.record)),
      ("trials", trials.map(\.record)), ("variants", variants.map(\.record)),
    ]
    let singles: [(key: String, value: ConfigValue)] = [
      ("arithmetic", .string(arithmetic)), ("experimentFile", .string(experimentFile)),
      ("experimentHash", .string(experimentHash)), ("formatVersion", formatVersion.record),
      ("name", .string(name)), ("notes", .string(notes)),
      ("overrides", .array(overrides.map { .string($0) })), ("question", .string(question)),
      ("rootSeed", rootSeed.record), ("score", score.record),
      ("seeds", .array(seeds.map(\.record))), ("title", .string(title)),
    ]
    var members = singles.map { (key: $0.key, text: canonicalJSON($0.value)) }
    if let about { members.append(("about", canonicalJSON(about.record))) }
    if let search { members.append(("search", canonicalJSON(search))) }
    for (key, elements) in lists {
      let lines = elements.map { "    " + canonicalJSON($0) }
      members.append((key, lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"))
    }
    members.sort { $0.key < $1.key }
    let text = members.map { "  \"\($0.key)\": \($0.text)" }.joined(separator: ",\n")
    return Array("{\n\(text)\n}\n".utf8)
  }
}

extension Int {
  fileprivate var record: ConfigValue { .number(Double(self)) }
}

extension Plan.About {
  fileprivate var record: ConfigValue {
    [
      "author": .string(author), "tags": .array(tags.map { .string($0) }),
      "description": .string(description),
    ]
  }
}

extension Plan.Score {
  fileprivate var record: ConfigValue {
    var members: [String: ConfigValue] = [
      "metric": .string(metric.rawValue), "window": window.record,
      "reduction": .string(reduction.rawValue), "goal": .string(goal.rawValue),
    ]
    members["threshold"] = threshold.map { .number($0) }
    members["range"] = range.map { .array($0.map { .number($0) }) }
    return .object(members)
  }
}

extension Plan.Hypothesis {
  fileprivate var record: ConfigValue {
    [
      "claim": .string(claim), "better": .object(better), "than": .object(than),
      "measure": .string(measure.rawValue), "atLeast": .number(atLeast),
      "pairs": .array(pairs.map { .array($0.map(\.record)) }),
    ]
  }
}

extension Plan.Axis {
  fileprivate var record: ConfigValue {
    var members: [String: ConfigValue] = [
      "path": .string(path), "label": .string(label),
      "values": .array(values.map { .string($0) }),
    ]
    members["draw"] = draw.map { .string($0.rawValue) }
    return .object(members)
  }
}

extension Plan.Variant {
  fileprivate var record: ConfigValue {
    var members: [String: ConfigValue] = [
      "index": index.record, "label": .string(label),
      "levels": .array(levels.map { $0.map(\.record) ?? .null }),
      "differing": .array(differing.map { ["path": .string($0.path), "value": $0.value] }),
      "configuration": configuration, "dropped": .array(dropped.map { .string($0) }),
    ]
    members["preset"] = preset.map { .string($0) }
    return .object(members)
  }
}

extension Plan.PlannedTrial {
  fileprivate var record: ConfigValue {
    var members: [String: ConfigValue] = [
      "number": number.record, "id": .string(id), "variant": variant.record, "seed": seed.record,
    ]
    members["extends"] = extends.map { .string($0) }
    members["round"] = round.map(\.record)
    return .object(members)
  }
}
