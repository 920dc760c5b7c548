// SPDX-License-Identifier: MIT

import Diagnostics
import Statistics

extension ScoreStudy {
  /// The numbers for people: a table of variants, then the pairs, then what is left out.
  var text: String {
    var lines: [String] = []
    let names = estimateNames
    lines += table(
      [["variant", "n"] + names.map { "\($0) [95 %]" }]
        + variants.map { variant in
          let coverage = variant.matrix.totalCoverage
          return [
            variant.name,
            coverage.isComplete
              ? "\(coverage.used)" : "\(coverage.used) of \(coverage.planned)",
          ]
            + names.map { name in
              variant.estimates.first { $0.name == name }.map { Self.text($0.estimate) } ?? "–"
            }
        })
    if let thresholds = options.thresholds, !thresholds.isEmpty {
      lines += ["", "share of scores above"]
      lines += table(
        [["variant"] + thresholds.map(Self.number)]
          + variants.map { variant in
            [variant.name]
              + (variant.profile.isEmpty
                ? thresholds.map { _ in "–" } : variant.profile.map { Self.number($0.share) })
          })
    }
    if !pairs.isEmpty {
      lines += [""]
      lines += table(
        [["variant over variant", "P(better) [95 %]", "difference [95 %]", "sign-flip p, Holm"]]
          + pairs.map { pair in
            [
              "\(pair.first) over \(pair.second)", Self.text(pair.improvement),
              pair.difference.map(Self.text) ?? "–",
              pair.adjustedP.map(Self.number) ?? (pair.isPaired ? "–" : "not paired"),
            ]
          })
    }
    if !notes.isEmpty { lines.append("") }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }

  private var estimateNames: [String] {
    ["mean", "median", "iqm", "optimalityGap"].filter { name in
      variants.contains { $0.value(name) != nil }
    }
  }

  private static func text(_ estimate: Estimate) -> String {
    let value = number(estimate.value)
    guard let interval = estimate.interval else { return value }
    return "\(value) [\(number(interval.lower)), \(number(interval.upper))]"
  }

  /// Four significant digits or as many as a whole number has.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "-inf" : "inf" }
    if value == value.rounded(), abs(value) < 1e9 { return "\(Int(value))" }
    var power = 1.0
    var places = 0
    while abs(value) * power < 1_000, places < 6 {
      power *= 10
      places += 1
    }
    let rounded = (value * power).rounded() / power
    return rounded == rounded.rounded() && abs(rounded) < 1e9
      ? "\(Int(rounded))" : "\(rounded)"
  }

  /// Columns apart by two spaces, the first to the left, numbers to the right.
  private func table(_ rows: [[String]]) -> [String] {
    let shown = rows.map { row in row.map { DisplayText.escaped($0) } }
    let widths = (shown.first ?? []).indices.map { column in
      shown.map { DisplayText.width(of: $0[column]) }.max() ?? 0
    }
    return shown.map { row in
      row.indices.map { column in
        let space = String(
          repeating: " ", count: widths[column] - DisplayText.width(of: row[column]))
        return column == 0 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
    }
  }
}
