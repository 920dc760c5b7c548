// SPDX-License-Identifier: MIT
import ParameterSchema

/// Sweeps at random: mostly good ones, of every kind, nested as people would nest them.
struct SweepGenerator {
  var random: TestRandom

  /// What may be swept, with values to choose from.
  static let values: [(path: String, values: [ConfigValue])] = [
    ("returns.discount", [nil, 0.9, 0.99, 1]),
    ("returns.normalize", ["none", "episode", "batch"]),
    ("policy.bias", [true, false]),
    ("policy.hidden", [[8], [200], [8, 4]]),
    ("training.episodes", [10, 20, 8000]),
    ("optimizer.learningRate", [0.1, 0.01, 0.001]),
    ("environment.frameSkip", [2, 4, ["min": 2, "max": 4]]),
    ("preset", ["tuned", "karpathy-2016"]),
  ]

  init(seed: UInt64) { random = TestRandom(seed: seed) }

  /// A sweep over some of the paths; `randomDraws` lets it have `random` parts.
  mutating func sweep(randomDraws: Bool) -> ConfigValue {
    var paths = Self.values.indices.map { $0 }
    for i in paths.indices { paths.swapAt(i, random.below(paths.count)) }
    var used: [Int] = []
    return node(depth: 2, paths: Array(paths.prefix(5)), earlier: &used, draws: randomDraws)
  }

  /// - Parameter earlier: paths that the parts before set; those of this node are added.
  private mutating func node(
    depth: Int, paths: [Int], earlier: inout [Int], draws: Bool
  ) -> ConfigValue {
    var members: [String: ConfigValue] = [:]
    if !earlier.isEmpty, random.below(3) == 0 {
      let one = condition(earlier)
      members["when"] = random.below(3) == 0 ? .array([one, condition(earlier)]) : one
    }
    let kind = random.below(depth > 0 && paths.count > 1 ? 7 : 4)
    let own = Array(paths.prefix(1 + random.below(2)))
    switch kind {
    case 0: members["grid"] = .object(lists(own, lengths: nil))
    case 1: members["zip"] = .object(lists(own, lengths: 1 + random.below(3)))
    case 2: members["cases"] = .array((0...random.below(3)).map { _ in ["set": settings(own)] })
    case 3:
      members[draws ? "random" : "grid"] =
        draws ? self.draws(own) : .object(lists(own, lengths: nil))
    case 4:
      var parts: [ConfigValue] = []
      for _ in 0...random.below(2) {
        var branch = earlier
        parts.append(node(depth: depth - 1, paths: paths, earlier: &branch, draws: draws))
      }
      members["concat"] = .array(parts)
      earlier += paths
    default:
      let half = paths.count / 2
      var inner = earlier
      let first = node(
        depth: depth - 1, paths: Array(paths[..<half]), earlier: &inner, draws: draws)
      let second = node(
        depth: depth - 1, paths: Array(paths[half...]), earlier: &inner, draws: draws)
      members["product"] = [first, second]
      earlier = inner
    }
    if kind < 4 { earlier += own }
    if random.below(4) == 0 { members["exclude"] = [condition(earlier)] }
    return .object(members)
  }

  private mutating func value(_ path: Int) -> ConfigValue {
    let values = Self.values[path].values
    return values[random.below(values.count)]
  }

  private mutating func condition(_ paths: [Int]) -> ConfigValue {
    settings([paths[random.below(paths.count)]])
  }

  private mutating func settings(_ paths: [Int]) -> ConfigValue {
    var members: [String: ConfigValue] = [:]
    for path in paths { members[Self.values[path].path] = value(path) }
    return .object(members)
  }

  private mutating func lists(_ paths: [Int], lengths: Int?) -> [String: ConfigValue] {
    var members: [String: ConfigValue] = [:]
    for path in paths {
      let (name, values) = Self.values[path]
      if let lengths {
        members[name] = .array((0..<lengths).map { _ in value(path) })
      } else {
        members[name] = .array(Array(values.prefix(1 + random.below(values.count))))
      }
    }
    return members
  }

  private mutating func draws(_ paths: [Int]) -> ConfigValue {
    var set: [String: ConfigValue] = [:]
    for path in paths {
      let (name, values) = Self.values[path]
      let range: ConfigValue? =
        switch name {
        case "returns.discount": ["min": 0.5, "max": 1]
        case "optimizer.learningRate": ["min": 0.001, "max": 0.1, "scale": "log"]
        case "training.episodes", "policy.hidden": ["min": 4, "max": 400, "scale": "log"]
        case "environment.frameSkip": ["min": 1, "max": 6, "scale": "linear"]
        default: nil
        }
      set[name] = random.below(2) == 0 ? range ?? .array(values) : .array(values)
    }
    return ["trials": .number(Double(1 + random.below(4))), "set": .object(set)]
  }
}
