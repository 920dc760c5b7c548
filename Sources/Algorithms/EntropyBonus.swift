// SPDX-License-Identifier: MIT

package import ParameterSchema

/// The weight of the policy's entropy in what is maximized.
///
/// It goes from one value to another in a straight line over the training. A boost comes on top of
/// it at the start, falling to 0 over a number of decisions, however long the training is: what
/// keeps a policy from settling in its first minute is more than it needs for the rest.
package struct EntropyBonus: Hashable, Sendable {
  /// Per nat of entropy.
  private let start, end, boost: Double
  private let boostDecisions: Int

  /// That of a validated section `algorithm`.
  package init(_ settings: Settings) {
    start = settings.number("entropyBonus")
    end = settings.optionalNumber("entropyBonusEnd") ?? start
    boost = settings.number("entropyBoost")
    boostDecisions = settings.integer("entropyBoostDecisions")
  }

  package func weight(at context: UpdateContext) -> Double {
    let left = 1 - Double(context.decisions) / Double(boostDecisions)
    return start + (end - start) * min(1, max(0, context.progress)) + boost * max(0, left)
  }
}

extension EntropyBonus {
  /// The settings of an algorithm with an entropy bonus.
  static func parameters(_ start: Double) -> [Parameter] {
    [
      Parameter(
        "entropyBonus", .number(.closed(0, 10)), default: .number(start),
        unit: "per nat of entropy",
        doc: "Weight of the policy's entropy in what is maximized; keeps it from settling early.",
        silentValue: .number(start)),
      Parameter(
        "entropyBonusEnd", .nullable(.number(.closed(0, 10))), default: .null,
        unit: "per nat of entropy",
        doc: "The bonus at the end of the training, reached in a straight line; null keeps it.",
        silentValue: .null),
      Parameter(
        "entropyBoost", .number(.closed(0, 10)), default: 0, unit: "per nat of entropy",
        doc: "Added to the bonus at the start, falling to 0 over entropyBoostDecisions.",
        silentValue: 0),
      Parameter(
        "entropyBoostDecisions", .integer(1...100_000_000_000), default: 5_000_000,
        unit: "decisions", doc: "How long the boost lasts, however long the training is.",
        silentValue: 5_000_000),
    ]
  }

  /// What those settings leave unused.
  static let unused = UnusedKeys(
    ["algorithm.entropyBoostDecisions"], because: ["algorithm.entropyBoost"]
  ) { $0[path: "algorithm.entropyBoost"] == 0 }
}
