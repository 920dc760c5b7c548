// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema
import Statistics

extension ScoreStudy {
  /// All numbers as one JSON object with sorted keys; what is not finite is null.
  func json(file: String) -> String {
    var object: [String: ConfigValue] = [
      "file": .string(file), "variants": .array(variants.map(\.json)),
      "pairs": .array(pairs.map(\.json)), "notes": .array(notes.map { .string($0) }),
      "confidence": .number(0.95),
    ]
    object["range"] =
      options.range.map { .array([.number($0.minimum), .number($0.maximum)]) } ?? .null
    object["gamma"] = options.gamma.map { .number($0) } ?? .null
    return canonicalJSON(.object(object))
  }
}

private func number(_ value: Double?) -> ConfigValue {
  guard let value, value.isFinite else { return .null }
  return .number(value)
}

extension ScoreStudy.VariantStatistics {
  fileprivate var json: ConfigValue {
    var object: [String: ConfigValue] = [
      "variant": .string(name), "tasks": .number(Double(matrix.tasks.count)),
      "scores": .number(Double(matrix.totalCoverage.used)),
      "planned": .number(Double(matrix.totalCoverage.planned)),
    ]
    for (name, estimate) in estimates { object[name] = estimate.json }
    if !profile.isEmpty {
      object["profile"] = .array(
        profile.map { point in
          .object([
            "threshold": .number(point.threshold), "share": number(point.share),
            "lower": number(point.interval?.lower), "upper": number(point.interval?.upper),
          ])
        })
    }
    return .object(object)
  }
}

extension ScoreStudy.Pair {
  fileprivate var json: ConfigValue {
    var object: [String: ConfigValue] = [
      "variant": .string(first), "over": .string(second), "paired": .bool(isPaired),
      "probabilityOfImprovement": improvement.json,
      "difference": difference?.json ?? .null,
    ]
    if let pairs {
      object["pairs"] = .number(Double(pairs.used))
      object["plannedPairs"] = .number(Double(pairs.planned))
    }
    if let seedsWon {
      object["seedsWon"] = .object([
        "won": .number(Double(seedsWon.won)), "tied": .number(Double(seedsWon.tied)),
        "of": .number(Double(seedsWon.count)), "share": number(seedsWon.share),
        "lower": number(seedsWon.lower), "upper": number(seedsWon.upper),
      ])
    }
    if let test {
      object["signFlip"] = .object([
        "p": number(test.pValue), "adjustedP": number(adjustedP),
        "count": .number(Double(test.count)), "exact": .bool(test.isExact),
      ])
    }
    return .object(object)
  }
}

extension ScoreStudy.Estimate {
  fileprivate var json: ConfigValue {
    var object: [String: ConfigValue] = ["estimate": number(value)]
    if let interval {
      object["lower"] = number(interval.lower)
      object["upper"] = number(interval.upper)
      object["bootstrapMean"] = number(resampledMean)
      object["bootstrapDeviation"] = number(resampledDeviation)
      object["resamples"] = .number(Double(interval.resamples))
      object["exact"] = .bool(interval.isExact)
    }
    return .object(object)
  }
}
