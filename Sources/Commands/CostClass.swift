// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema

/// What makes an episode cheap or dear: game, observation, network and kind of update. Trials that
/// differ only in real numbers, such as a learning rate, cost the same.
struct CostClass: Hashable {
  private let text: String

  init(_ configuration: ConfigValue, catalogue: Catalogue = .standard) {
    var parts: [String: ConfigValue] = [:]
    for section in catalogue.sections where Self.costly.contains(section.name) {
      guard case .object(var values)? = configuration[path: section.name] else { continue }
      for parameter in section.components.flatMap(\.parameters) where parameter.kind.isReal {
        values[parameter.name] = nil
      }
      parts[section.name] = .object(values)
    }
    parts["baseline"] = configuration[path: "returns.baseline"]
    text = canonicalJSON(.object(parts))
  }

  private static let costly = ["environment", "observation", "policy", "algorithm"]
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
