// SPDX-License-Identifier: MIT

import Commands
import ExperimentSpec
import ParameterSchema

/// Changes in an experiment file that mostly leave it one: values that the schema allows, of which
/// `rallybook schema` prints what editors check a file with.
enum ExperimentMutation {
  private static let schema = ConfigValue(json: jsonSchema(for: .standard)) ?? [:]

  static func apply(to root: inout ConfigValue, _ draws: inout Draws) {
    if draws.happens(1, in: 16) {
      Mutation.change(&root, &draws)
    } else {
      change(&root, schema, &draws)
    }
    if root[path: "score"] == nil { root[path: "score"] = ["goal": "maximize"] }
  }

  /// Changes something that a schema describes, somewhere below.
  private static func change(
    _ value: inout ConfigValue, _ schema: ConfigValue, _ draws: inout Draws
  ) {
    let schema = resolved(schema, &draws)
    switch value {
    case .object(var members):
      guard case .object(let properties)? = schema[path: "properties"], !properties.isEmpty,
        !draws.happens(1, in: 20)
      else { break }
      // Half of the time what is trained and what is varied, of which there is most.
      let most = ["base", "sweep"].filter { properties[$0] != nil }
      let isMost = !most.isEmpty && draws.happens(1, in: 2)
      let key = draws.one(of: isMost ? most : properties.keys.sorted())
      if members[key] == nil {
        members[key] = made(properties[key] ?? [:], &draws)
      } else if draws.happens(1, in: 16) {
        members[key] = nil
      } else {
        change(&members[key, default: .null], properties[key] ?? [:], &draws)
      }
      value = .object(members)
      return
    case .array(var elements):
      guard let items = schema[path: "items"], !elements.isEmpty, !draws.happens(1, in: 8) else {
        break
      }
      change(&elements[draws.index(elements.count)], items, &draws)
      value = .array(elements)
      return
    default: break
    }
    value = made(schema, &draws)
  }

  /// A schema without a reference, with one of its alternatives.
  private static func resolved(_ schema: ConfigValue, _ draws: inout Draws) -> ConfigValue {
    guard case .object(let members) = schema else { return [:] }
    if case .string(let reference)? = members["$ref"],
      case .object(let named)? = Self.schema[path: "$defs"],
      let found = named[String(reference.dropFirst("#/$defs/".count))]
    {
      return resolved(found, &draws)
    }
    for key in ["anyOf", "oneOf"] {
      if case .array(let all)? = members[key] { return resolved(draws.one(of: all), &draws) }
    }
    return schema
  }

  /// A value that a schema allows, at the ends of its range as often as inside.
  private static func made(
    _ schema: ConfigValue, _ draws: inout Draws, depth: Int = 0
  ) -> ConfigValue {
    let schema = resolved(schema, &draws)
    if let value = schema[path: "const"] { return value }
    if case .array(let words)? = schema[path: "enum"] { return draws.one(of: words) }
    func count(_ key: String, otherwise: Int) -> Int {
      guard case .number(let count)? = schema[path: key] else { return otherwise }
      return Int(count)
    }
    switch schema[path: "type"] {
    case "null": return .null
    case "boolean": return .bool(draws.happens(1, in: 2))
    case "integer":
      let low = count("minimum", otherwise: -5)
      let high = max(low, count("maximum", otherwise: 1 << 53))
      let near = draws.whole(low...min(high, low + 20))
      return .number(Double(draws.one(of: [low, high, near, near, draws.whole(low...high)])))
    case "number":
      func bound(_ keys: [String], _ otherwise: Double) -> Double {
        for key in keys { if case .number(let bound)? = schema[path: key] { return bound } }
        return otherwise
      }
      let low = bound(["minimum", "exclusiveMinimum"], -1e300)
      let high = bound(["maximum", "exclusiveMaximum"], 1e300)
      let between = Double.random(in: 0...1, using: &draws)
      let inside = [0.5, 0.99, 1e-3, 1, between, 1e9, low, high].filter {
        (low...high).contains($0)
      }
      return .number(draws.one(of: inside))
    case "string": return draws.one(of: Mutation.texts + ["gymnasium:A-v0", "4G", "fuzz"])
    case "array":
      let least = count("minItems", otherwise: 0)
      let most = min(count("maxItems", otherwise: 4), least + 3)
      let elements = schema[path: "items"] ?? [:]
      return .array(
        (0..<draws.whole(least...max(least, most))).map { _ in
          made(elements, &draws, depth: depth + 1)
        })
    case "object":
      guard case .object(let properties)? = schema[path: "properties"] else { return [:] }
      var keys: Set<String> = []
      if case .array(let required)? = schema[path: "required"] {
        for case .string(let key) in required { keys.insert(key) }
      }
      // Of what may be nested without end.
      if !properties.isEmpty, keys.isEmpty || draws.happens(1, in: 2), depth < 8 {
        keys.insert(draws.one(of: properties.keys.sorted()))
      }
      return .object(
        Dictionary(
          uniqueKeysWithValues: keys.sorted().map {
            ($0, made(properties[$0] ?? [:], &draws, depth: depth + 1))
          }))
    default: return Mutation.scalar(&draws)
    }
  }
}
