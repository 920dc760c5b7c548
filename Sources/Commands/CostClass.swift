// SPDX-License-Identifier: MIT

import ParameterSchema

/// What makes an episode cheap or dear: game, observation, network and kind of update. Trials that
/// differ only in real numbers, such as a learning rate, cost the same.
struct CostClass: Hashable {
  private let parts: [ConfigValue]

  init(_ configuration: ConfigValue) {
    var parts: [ConfigValue] = [configuration[path: "returns.baseline"] ?? .null]
    for (section, realNames) in Self.costly {
      guard case .object(var values)? = configuration[path: section] else { continue }
      for name in realNames { values[name] = nil }
      parts.append(.object(values))
    }
    self.parts = parts
  }

  /// Sections that decide the cost, each with the names of its real numbers.
  private static let costly: [(section: String, realNames: Set<String>)] =
    ["environment", "observation", "policy", "algorithm"].compactMap { name in
      Catalogue.standard.section(named: name).map { section in
        let parameters = section.components.flatMap(\.parameters)
        return (name, Set(parameters.filter(\.kind.isReal).map(\.name)))
      }
    }
}

extension Parameter.Kind {
  fileprivate var isReal: Bool {
    switch self {
    case .number: true
    case .nullable(let inner): inner.isReal
    default: false
    }
  }
}

/// What some training took.
struct Cost: Hashable {
  var seconds = 0.0
  var episodes = 0
  var decisions = 0

  static func + (a: Cost, b: Cost) -> Cost {
    Cost(
      seconds: a.seconds + b.seconds, episodes: a.episodes + b.episodes,
      decisions: a.decisions + b.decisions)
  }

  var secondsPerEpisode: Double? { episodes > 0 ? seconds / Double(episodes) : nil }
  var secondsPerDecision: Double? { decisions > 0 ? seconds / Double(decisions) : nil }
  var decisionsPerEpisode: Double? { episodes > 0 ? Double(decisions) / Double(episodes) : nil }
}
