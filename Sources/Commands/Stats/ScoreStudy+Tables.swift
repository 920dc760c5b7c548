// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema
import Statistics

/// What a table shows of a row in one column, and what a program reads in its place.
private typealias Entry = (title: String, text: String, json: [String: ConfigValue])

extension ScoreStudy {
  /// The numbers for people: a table of variants, then the pairs, then what is left out.
  var text: String {
    var lines = table(variants.map { variant in entries(of: variant) })
    if let thresholds = options.thresholds, !thresholds.isEmpty {
      lines += ["", "share of scores above"]
      lines += table(
        variants.map { variant in
          [("variant", variant.name, [:])]
            + thresholds.indices.map { index in
              let share =
                variant.profile.isEmpty ? Numbers.nothing : number(variant.profile[index].share)
              return (number(thresholds[index]), share, [:])
            }
        })
    }
    if !pairs.isEmpty { lines += [""] + table(pairs.map(entries)) }
    lines += sequential?.text ?? []
    if !notes.isEmpty { lines += [""] + notes.map { "note: \($0)" } }
    return lines.joined(separator: "\n")
  }

  /// All numbers as one JSON object with sorted keys; what is not finite is null.
  func json(file: String) -> String {
    func objects(_ rows: [[Entry]]) -> [[String: ConfigValue]] {
      rows.map { $0.reduce(into: [:]) { $0.merge($1.json) { $1 } } }
    }
    let variantObjects = zip(variants, objects(variants.map(entries))).map { variant, object in
      object.merging(variant.profile.isEmpty ? [:] : ["profile": variant.profileJSON]) { $1 }
    }
    return canonicalJSON([
      "file": .string(file), "confidence": .number(0.95),
      "variants": .array(variantObjects.map { .object($0) }),
      "pairs": .array(objects(pairs.map(entries)).map { .object($0) }),
      "notes": .array(notes.map { .string($0) }),
      "range": options.range.map { [.number($0.minimum), .number($0.maximum)] } ?? .null,
      "gamma": finite(options.gamma), "sequential": sequential?.json ?? .null,
    ])
  }

  private func entries(of variant: VariantStatistics) -> [Entry] {
    let matrix = variant.matrix
    let titles = [
      ("mean", "mean"), ("median", "median over tasks"), ("iqm", "iqm"),
      ("optimalityGap", "optimalityGap"),
    ].filter { name, _ in variants.contains { $0.estimate(name) != nil } }
    return [
      (
        "variant", variant.name,
        ["variant": .string(variant.name), "tasks": .number(Double(matrix.tasks.count))]
      ),
      (
        "n", matrix.totalCoverage.shown,
        [
          "scores": .number(Double(matrix.totalCoverage.used)),
          "planned": .number(Double(matrix.totalCoverage.planned)),
        ]
      ),
    ]
      + titles.map { name, title in
        let estimate = variant.estimate(name)
        return (
          "\(title) [95 %]", estimate?.text ?? Numbers.nothing,
          estimate.map { [name: $0.json] } ?? [:]
        )
      }
  }

  private func entries(of pair: Pair) -> [Entry] {
    let apart: [Entry] = [
      (
        "variant over variant", "\(pair.first) over \(pair.second)",
        [
          "variant": .string(pair.first), "over": .string(pair.second),
          "paired": .bool(pair.isPaired),
        ]
      ),
      (
        "P(better) [95 %]", pair.improvement.text,
        ["probabilityOfImprovement": pair.improvement.json]
      ),
      (
        "difference [95 %]", pair.difference?.text ?? Numbers.nothing,
        ["difference": pair.difference?.json ?? .null]
      ),
    ]
    guard options.isPaired else { return apart }
    var (pairs, won, test): (Entry, Entry, Entry) = (
      ("pairs", "none", [:]), ("seeds won [95 %]", Numbers.nothing, [:]),
      ("sign-flip p, Holm", Numbers.nothing, [:])
    )
    if let used = pair.pairs {
      pairs.text = used.shown
      pairs.json = [
        "pairs": .number(Double(used.used)), "plannedPairs": .number(Double(used.planned)),
      ]
    }
    if let share = pair.seedsWon {
      won.text = "\(number(share.share)) [\(number(share.lower)), \(number(share.upper))]"
      won.json["seedsWon"] = [
        "won": .number(Double(share.won)), "tied": .number(Double(share.tied)),
        "of": .number(Double(share.count)), "share": finite(share.share),
        "lower": finite(share.lower), "upper": finite(share.upper),
      ]
    }
    if let found = pair.test {
      test.text = pair.adjustedP.map { Numbers.probability($0) } ?? Numbers.nothing
      test.json["signFlip"] = [
        "p": finite(found.pValue), "adjustedP": finite(pair.adjustedP),
        "count": .number(Double(found.count)), "exact": .bool(found.isExact),
      ]
    }
    return apart + [pairs, won, test]
  }

  /// Columns apart by two spaces, the first to the left, numbers to the right.
  private func table(_ rows: [[Entry]]) -> [String] {
    let columns = (rows.first ?? []).enumerated().map { index, entry in
      TextTable<[Entry]>.Column(entry.title, right: index > 0) { TableCell($0[index].text) }
    }
    return TextTable(columns, rows: rows).lines(width: nil, color: false)
  }
}

/// Four significant digits, or as many as a whole number has.
private func number(_ value: Double) -> String { Numbers.text(value, digits: 4) }

private func finite(_ value: Double?) -> ConfigValue {
  value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
}

extension Coverage {
  /// `3`, or `2 of 3`.
  fileprivate var shown: String { isComplete ? "\(used)" : "\(used) of \(planned)" }
}

extension ScoreStudy.VariantStatistics {
  fileprivate var profileJSON: ConfigValue {
    .array(
      profile.map { point in
        [
          "threshold": .number(point.threshold), "share": finite(point.share),
          "lower": finite(point.interval?.lower), "upper": finite(point.interval?.upper),
        ]
      })
  }
}

extension ScoreStudy.Estimate {
  fileprivate var text: String {
    guard let interval else { return number(value) }
    return "\(number(value)) [\(number(interval.lower)), \(number(interval.upper))]"
  }

  fileprivate var json: ConfigValue {
    guard let interval else { return ["estimate": finite(value)] }
    return [
      "estimate": finite(value), "lower": finite(interval.lower), "upper": finite(interval.upper),
      "bootstrapMean": finite(resampledMean), "bootstrapDeviation": finite(resampledDeviation),
      "resamples": .number(Double(interval.resamples)), "exact": .bool(interval.isExact),
    ]
  }
}
