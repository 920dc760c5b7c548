// SPDX-License-Identifier: MIT

import Diagnostics
import ParameterSchema
import Statistics

/// Each pair of variants at looks that were chosen beforehand: the row of pairs in the order of the
/// file's seeds, as it grew.
struct SequentialStudy {
  /// The looks that were asked for.
  struct Looks {
    let plan: LookPlan

    /// - Throws: a sentence with what was found and what is allowed.
    init(pairs: [Int], most: Int) throws(StatsError) {
      guard let last = pairs.last, pairs[0] > 0,
        zip(pairs, pairs.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        throw StatsError(
          "--looks: found \"\(pairs.map(String.init).joined(separator: ","))\"; allowed: rising numbers"
            + " of pairs, such as 8,10,13")
      }
      guard last <= most else {
        throw StatsError("--max-seeds \(most): allowed: at least \(last), the last look")
      }
      plan = LookPlan(pairs: pairs, most: most)
      guard plan.canDecide else {
        let first = LookPlan(from: 1, to: most, hypotheses: 1)?.pairs.first
        throw StatsError(
          "--looks: a first look at \(Numbers.count(pairs[0], "pair")) of \(most) can decide nothing,"
            + " whatever the scores"
            + (first.map { "; allowed: at least \($0)" } ?? "; more --max-seeds can"))
      }
    }
  }

  struct Row {
    let first: String
    let second: String
    let look: SequentialLook
    /// By Holm over all pairs at the same look.
    var adjustedP: Double
  }

  let looks: Looks
  private(set) var rows: [Row] = []
  private(set) var notes: [String] = []

  /// - Parameter order: the variants, best first.
  init(_ variants: [ScoreFile.Variant], order: [Int], range: ScoreRange?, _ looks: Looks) {
    self.looks = looks
    var test = SequentialTest(looks.plan)
    var paths: [(first: String, second: String, differences: [Double])] = []
    for (place, first) in order.enumerated() {
      for second in order[(place + 1)...] {
        let scores = PairedScores(variants[first], variants[second], range: range)
        let (a, b) = (variants[first].name, variants[second].name)
        paths.append((a, b, scores.seedDifferences))
        let seeds = scores.coverage.map(\.planned).max() ?? 0
        if scores.seedCount < seeds {
          notes.append(
            "\(a) over \(b): \(seeds - scores.seedCount) of \(Numbers.count(seeds, "seed")) without a"
              + " score on both sides are left out of the path")
        }
      }
    }
    for count in looks.plan.pairs {
      let found = paths.map { path in
        path.differences.count < count
          ? nil : test.look(at: Array(path.differences[..<count]), margins: [0])
      }
      let adjusted = holmAdjusted(found.map { $0?.pValues[0] ?? 1 })
      for (place, look) in found.enumerated() {
        guard let look else { continue }
        rows.append(
          Row(
            first: paths[place].first, second: paths[place].second, look: look,
            adjustedP: adjusted[place]))
      }
    }
    let most = paths.map(\.differences.count).max() ?? 0
    let missed = looks.plan.pairs.filter { $0 > most }
    if !missed.isEmpty {
      notes.append(
        "no pair of variants has \(missed.map(String.init).joined(separator: ", ")) pairs of seeds yet"
      )
    }
  }

  var text: [String] {
    let columns: [TextTable<Row>.Column] = [
      .init("pairs") { TableCell("\($0.look.pairs)") },
      .init("variant over variant") { TableCell("\($0.first) over \($0.second)") },
      .init("difference", right: true) { TableCell(Numbers.text($0.look.mean, digits: 4)) },
      .init("at every look [95 %]", right: true) { row in
        TableCell(
          row.look.interval.map {
            "[\(Numbers.text($0.lowerBound, digits: 4)), \(Numbers.text($0.upperBound, digits: 4))]"
          } ?? "empty: the seeds drift")
      },
      .init("sequential p", right: true) { TableCell(Numbers.probability($0.look.pValues[0])) },
      .init("Holm", right: true) { TableCell(Numbers.probability($0.adjustedP)) },
    ]
    return [
      "",
      "sequential: looks at \(looks.plan.pairs.map(String.init).joined(separator: ", ")) of at most"
        + " \(looks.plan.most) pairs; p and intervals hold at every look",
    ] + TextTable(columns, rows: rows).lines(width: nil, color: false)
  }

  var json: ConfigValue {
    [
      "looks": .array(looks.plan.pairs.map { .number(Double($0)) }),
      "maxSeeds": .number(Double(looks.plan.most)),
      "pairs": .array(
        rows.map { row in
          [
            "variant": .string(row.first), "over": .string(row.second),
            "pairs": .number(Double(row.look.pairs)), "difference": .number(row.look.mean),
            "p": .number(row.look.pValues[0]), "adjustedP": .number(row.adjustedP),
            "lower": row.look.interval.map { .number($0.lowerBound) } ?? .null,
            "upper": row.look.interval.map { .number($0.upperBound) } ?? .null,
          ]
        }),
    ]
  }
}

/// What an option of `stats` asks for and cannot be.
struct StatsError: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}
