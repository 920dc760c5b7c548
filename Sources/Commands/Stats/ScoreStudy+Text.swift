// SPDX-License-Identifier: MIT

import Diagnostics
import Statistics

extension ScoreStudy {
  /// The numbers for people: a table of variants, then the pairs, then what is left out.
  var text: String {
    var lines: [String] = []
    let names = estimateNames
    lines += table(
      [["variant", "n"] + names.map { "\(Self.titles[$0] ?? $0) [95 %]" }]
        + variants.map { variant in
          let coverage = variant.matrix.totalCoverage
          return [
            variant.name,
            coverage.isComplete
              ? "\(coverage.used)" : "\(coverage.used) of \(coverage.planned)",
          ]
            + names.map { name in
              variant.estimates.first { $0.name == name }.map { Self.text($0.estimate) }
                ?? Numbers.nothing
            }
        })
    if let thresholds = options.thresholds, !thresholds.isEmpty {
      lines += ["", "share of scores above"]
      lines += table(
        [["variant"] + thresholds.map(Self.number)]
          + variants.map { variant in
            [variant.name]
              + (variant.profile.isEmpty
                ? thresholds.map { _ in Numbers.nothing }
                : variant.profile.map { Self.number($0.share) })
          })
    }
    if !pairs.isEmpty { lines += [""] + table(pairRows) }
    if !notes.isEmpty { lines.append("") }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }

  private var estimateNames: [String] {
    ["mean", "median", "iqm", "optimalityGap"].filter { name in
      variants.contains { $0.value(name) != nil }
    }
  }

  /// What a statistic's column is called, where its name is not enough.
  private static let titles = ["median": "median over tasks"]

  private var pairRows: [[String]] {
    let head = ["variant over variant", "P(better) [95 %]", "difference [95 %]"]
    let paired = ["pairs", "seeds won [95 %]", "sign-flip p, Holm"]
    return [options.isPaired ? head + paired : head]
      + pairs.map { pair in
        let apart = [
          "\(pair.first) over \(pair.second)", Self.text(pair.improvement),
          pair.difference.map(Self.text) ?? Numbers.nothing,
        ]
        guard options.isPaired else { return apart }
        guard let pairs = pair.pairs, let won = pair.seedsWon else {
          return apart + ["none", Numbers.nothing, Numbers.nothing]
        }
        return apart + [
          pairs.isComplete ? "\(pairs.used)" : "\(pairs.used) of \(pairs.planned)",
          "\(Self.number(won.share)) [\(Self.number(won.lower)), \(Self.number(won.upper))]",
          pair.adjustedP.map { Numbers.probability($0) } ?? Numbers.nothing,
        ]
      }
  }

  private static func text(_ estimate: Estimate) -> String {
    let value = number(estimate.value)
    guard let interval = estimate.interval else { return value }
    return "\(value) [\(number(interval.lower)), \(number(interval.upper))]"
  }

  /// Four significant digits, or as many as a whole number has.
  private static func number(_ value: Double) -> String { Numbers.text(value, digits: 4) }

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
