// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

/// The algebra once more, as slowly and plainly as it can be said: what a sweep sets in each
/// variant.
private struct PlainSweep {
  /// What holds at a path where a point does not set it.
  let base: ([String: ConfigValue], String) -> ConfigValue?

  /// nil where the node does not apply after `before`.
  func points(
    _ node: ConfigValue, after before: [String: ConfigValue] = [:]
  ) -> [[String: ConfigValue]]? {
    guard case .object(let members) = node else { return nil }
    if let when = members["when"] {
      let alternatives = if case .array(let list) = when { list } else { [when] }
      if !alternatives.contains(where: { holds($0, before) }) { return nil }
    }
    guard let points = bare(members, before) else { return nil }
    let exclusions =
      if case .array(let list)? = members["exclude"] { list } else { [] as [ConfigValue] }
    return points.filter { point in
      !exclusions.contains { holds($0, before.merging(point, uniquingKeysWith: { $1 })) }
    }
  }

  private func bare(
    _ members: [String: ConfigValue], _ before: [String: ConfigValue]
  ) -> [[String: ConfigValue]]? {
    if case .object(let lists)? = members["grid"] {
      return lists.sorted { $0.key < $1.key }.reduce([[:]]) { points, list in
        points.flatMap { point in
          elements(list.value).map { point.merging([list.key: $0], uniquingKeysWith: { $1 }) }
        }
      }
    }
    if case .object(let lists)? = members["zip"] {
      let length = lists.values.map { elements($0).count }.max() ?? 0
      return (0..<length).map { step in lists.mapValues { elements($0)[step] } }
    }
    if let cases = members["cases"] {
      return elements(cases).map { one in
        if case .object(let set)? = one[path: "set"] { set } else { [:] }
      }
    }
    if let parts = members["concat"] {
      let all = elements(parts).compactMap { points($0, after: before) }
      return all.isEmpty ? nil : all.flatMap { $0 }
    }
    guard let parts = members["product"] else { return nil }
    var made: [[String: ConfigValue]] = [[:]]
    var applies = false
    for part in elements(parts) {
      made = made.flatMap { point in
        let seen = before.merging(point, uniquingKeysWith: { $1 })
        guard let others = points(part, after: seen) else { return [point] }
        applies = true
        return others.map { point.merging($0, uniquingKeysWith: { $1 }) }
      }
    }
    return applies ? made : nil
  }

  private func holds(_ condition: ConfigValue, _ point: [String: ConfigValue]) -> Bool {
    guard case .object(let settings) = condition else { return false }
    return settings.allSatisfy { (point[$0.key] ?? base(point, $0.key)) == $0.value }
  }

  private func elements(_ value: ConfigValue) -> [ConfigValue] {
    if case .array(let elements) = value { elements } else { [] }
  }
}

@Suite("Laws of sweeps")
struct SweepLawTests {
  private func loaded(_ sweep: ConfigValue) -> LoadedExperiment {
    load("{ \"sweep\": \(canonicalJSON(sweep)), \"score\": { \"goal\": \"maximize\" } }")
  }

  /// The configuration, and the preset, of the single variant that sets these values.
  private func single(_ set: [String: ConfigValue]) -> Plan.Variant? {
    loaded(["cases": [["set": .object(set)]]]).plan?.variants.first
  }

  @Test(
    "Variants are those of the plain algebra, in its order", arguments: 0..<120 as Range<UInt64>)
  func plain(seed: UInt64) throws {
    var generator = SweepGenerator(seed: seed)
    let sweep = generator.sweep(randomDraws: false)
    let found = loaded(sweep)
    let plain = PlainSweep { set, path in
      let variant = single(set)
      return path == "preset"
        ? variant?.preset.map { .string($0) } : variant?.configuration[path: path]
    }
    let replay = "seed \(seed): \(canonicalJSON(sweep))\n\(found.renderedFindings())"
    guard let plan = found.plan else {
      let codes = Set(found.findings.filter(\.isError).map(\.code))
      #expect(codes.isSubset(of: ["empty-sweep", "set-later", "set-twice"]), "\(replay)")
      if codes == ["empty-sweep"] { #expect(plain.points(sweep) == [], "\(replay)") }
      return
    }
    var expected: [ConfigValue] = []
    for point in plain.points(sweep) ?? [[:]] {
      let configuration = try #require(single(point)?.configuration)
      if !expected.contains(configuration) { expected.append(configuration) }
    }
    #expect(plan.variants.map(\.configuration) == expected, "\(replay)")
    check(plan, replay)
  }

  @Test("Plans hold together, whatever is swept", arguments: 0..<120 as Range<UInt64>)
  func coherent(seed: UInt64) throws {
    var generator = SweepGenerator(seed: seed)
    let sweep = generator.sweep(randomDraws: true)
    let found = loaded(sweep)
    let replay = "seed \(seed): \(canonicalJSON(sweep))\n\(found.renderedFindings())"
    guard let plan = found.plan else { return }
    check(plan, replay)
    #expect(try Plan(decoding: plan.encoded()) == plan, "\(replay)")
    #expect(loaded(sweep).plan == plan, "\(replay)")
  }

  private func check(_ plan: Plan, _ replay: String) {
    #expect(Set(plan.variants.map(\.label)).count == plan.variants.count, "\(replay)")
    #expect(Set(plan.trials.map(\.id)).count == plan.trials.count, "\(replay)")
    #expect(plan.variants.map(\.index) == Array(plan.variants.indices), "\(replay)")
    let count = plan.variants.count
    #expect(
      plan.arithmetic.contains("= \(count) variant")
        || plan.arithmetic.hasPrefix("\(count) variant"),
      "\(plan.arithmetic) \(replay)")
    for setting in plan.variants.flatMap(\.differing) {
      let values = plan.variants.map { variant in
        setting.path == "preset"
          ? variant.preset.map { .string($0) } : variant.configuration[path: setting.path]
      }
      #expect(values.contains { $0 != values[0] }, "\(setting.path) \(replay)")
    }
    for (axis, i) in zip(plan.axes, plan.axes.indices) where axis.path.contains(".") {
      for variant in plan.variants {
        guard let level = variant.levels[i] else { continue }
        #expect(axis.values.indices.contains(level), "\(replay)")
      }
    }
  }

  @Test(
    "Reordering keys and parts reorders trials and renames none", arguments: 0..<40 as Range<UInt64>
  )
  func reordering(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    var parts = [
      #"{ "grid": { "returns.discount": [null, 0.9, 1], "policy.bias": [true, false] } }"#,
      #"{ "zip": { "training.episodes": [10, 20], "optimizer.learningRate": [0.1, 0.2] } }"#,
      #"""
      { "random": { "trials": 3, "set": { "optimizer.epsilon": { "min": 1e-6, "max": 1 },
        "policy.hidden": [[1], [2], [3]] } } }
      """#,
    ]
    let plain = try #require(plan(parts))
    for i in parts.indices { parts.swapAt(i, random.below(parts.count)) }
    parts = parts.map { part in
      random.below(2) == 0
        ? part
        : part.replacing("[null, 0.9, 1]", with: "[1, null, 0.9]")
          .replacing("[10, 20]", with: "[20, 10]").replacing("[0.1, 0.2]", with: "[0.2, 0.1]")
    }
    let shuffled = try #require(plan(parts))
    #expect(Set(shuffled.trials.map(\.id)) == Set(plain.trials.map(\.id)))
    #expect(plain.trials.count == 3 * 2 * 2 * 3)
  }

  private func plan(_ parts: [String]) -> Plan? {
    load(
      "{ \"sweep\": { \"product\": [\(parts.joined(separator: ","))] }, "
        + "\"score\": { \"goal\": \"maximize\" } }"
    ).plan
  }
}
