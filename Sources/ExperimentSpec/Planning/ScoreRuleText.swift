// SPDX-License-Identifier: MIT
import ParameterSchema

extension Plan.Score {
  /// The rule as canonical JSON: equal rules have equal texts.
  package var canonicalText: String {
    canonicalJSON([
      "metric": .string(metric.rawValue), "window": .number(Double(window)),
      "reduction": .string(reduction.rawValue), "goal": .string(goal.rawValue),
      "threshold": threshold.map { .number($0) } ?? .null,
      "range": range.map { .array($0.map { .number($0) }) } ?? .null,
    ])
  }
}
