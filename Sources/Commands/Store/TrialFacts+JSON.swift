// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import RunStore

extension TrialFacts {
  /// One line of `--json`: all facts by their names, what is unknown as null, and the
  /// configuration.
  ///
  /// JSON has no infinity: a threshold that was never reached is `score` null and `scoreIsCensored`
  /// true.
  var json: String {
    var members: [String: ConfigValue] = [:]
    for name in Self.kinds.keys {
      let value = value(of: name) ?? .null
      if case .number(let number) = value, !number.isFinite {
        members[name] = .null
      } else {
        members[name] = value
      }
    }
    members["scoreIsCensored"] = .bool(measures.score == .infinity)
    members["configuration"] = configuration
    return canonicalJSON(.object(members))
  }
}
