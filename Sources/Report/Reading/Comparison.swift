// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import RunStore
import Statistics

/// What was found of several runs, for a terminal and for programs.
package struct ComparisonSummary: Sendable {
  /// A variant of a side, best first; numbers are nil where it has no score.
  package struct Row: Sendable {
    package let run: String
    /// Empty where the experiment names none.
    package let author: String
    package let variant: String
    package let seeds: Int
    package let planned: Int
    package let mean: Double?
    package let interval: [Double]?
    package let interquartileMean: Double?
    /// The score of its best seed.
    package let best: Double?
    /// Of its run, such as `1 supported, 2 undecided`; empty without claims.
    package let verdicts: String
    /// How its run's file stands to the one that was handed out; nil where none was named.
    package let file: String?
  }

  /// A variant of a side over that of another.
  package struct Difference: Sendable {
    package let variant: String
    package let run: String
    package let over: String
    /// Whether equal seeds are pairs.
    package let isPaired: Bool
    package let seeds: [Int]
    package let difference: Double?
    package let interval: [Double]?
    package let seedsWon: Int?
    /// Of the sign-flip test, and after Holm's correction over all; nil where seeds are no pairs.
    package let pValue: Double?
    package let adjustedP: Double?
  }

  package let page: ReportSummary
  package let score: String
  package let rows: [Row]
  package let differences: [Difference]
}

/// Several runs, judged by the score of the first.
struct Comparison {
  struct Side {
    let name: String
    /// By its own score, for its claims.
    let own: RunSummary
    let run: RunSummary
    /// How its file stands to the one that was handed out.
    let file: String?

    var author: String { run.plan.about?.author ?? "" }
  }

  let sides: [Side]
  let merged: RunSummary
  /// The side of each variant of `merged`, and its place there.
  private let origins: [(side: Int, variant: Int)]
  /// The best of the two sides that have the best; nil where fewer than two have a score.
  let bests: (names: [String], compared: ComparedVariants)?
  /// Variant by variant against the first side that has it; where no two sides have one in common,
  /// the best of each against the best of all.
  let differences: [ComparisonSummary.Difference]

  /// - Parameter handedOut: what each side's plan is held against; nil for nothing.
  init(_ compared: [ComparedRun], handedOut: Plan?) throws {
    var sides: [Side] = []
    for one in compared {
      let own = try one.summary()
      let rule = sides.first?.run.plan.score ?? own.plan.score
      let run = rule.isAlike(own.plan.score) ? own : try one.summary(scoredBy: rule)
      let file = try handedOut.map { try one.run.readPlan().standing(to: $0) }
      sides.append(Side(name: one.name, own: own, run: run, file: file))
    }
    self.sides = sides
    merged = RunSummary(merging: sides.map { ($0.name, $0.run) })
    origins = sides.indices.flatMap { side in
      sides[side].run.variants.indices.map { (side, $0) }
    }
    let goal = merged.goal
    let ranked = sides.indices.filter { !sides[$0].run.ranked.isEmpty }.sorted { a, b in
      let means = [a, b].map { sides[$0].run.ranked[0].mean ?? .nan }
      if means[0] == means[1] { return a < b }
      return goal == .maximize ? means[0] > means[1] : means[0] < means[1]
    }
    let two = ranked.prefix(2).sorted()
    bests =
      two.count < 2
      ? nil : (two.map { sides[$0].name }, Self.compared(sides[two[0]].run, sides[two[1]].run))
    differences = Self.differences(sides, ranked: ranked)
  }

  private static func compared(_ a: RunSummary, _ b: RunSummary) -> ComparedVariants {
    ComparedVariants(a.ranked[0], of: a, b.ranked[0], of: b)
  }

  private static func differences(
    _ sides: [Side], ranked: [Int]
  ) -> [ComparisonSummary.Difference] {
    typealias Found = (variant: String, run: String, over: String, compared: ComparedVariants)
    var found: [Found] = []
    let labels = sides.flatMap { $0.run.ranked.map(\.label) }.uniqued
    for label in labels {
      let having = sides.compactMap { side in
        side.run.ranked.first { $0.label == label }.map { (side, $0) }
      }
      for (side, variant) in having.dropFirst() {
        let (first, other) = having[0]
        let compared = ComparedVariants(variant, of: side.run, other, of: first.run)
        found.append((label, side.name, first.name, compared))
      }
    }
    if found.isEmpty {
      for place in ranked.dropFirst() {
        let (side, best) = (sides[place], sides[ranked[0]])
        let compared = compared(side.run, best.run)
        let names = "\(compared.first.label) over \(compared.second.label)"
        found.append((names, side.name, best.name, compared))
      }
    }
    let tested = found.compactMap(\.compared.test?.pValue)
    var adjusted = holmAdjusted(tested)[...]
    return found.map { one in
      let compared = one.compared
      return ComparisonSummary.Difference(
        variant: one.variant, run: one.run, over: one.over, isPaired: compared.isPaired,
        seeds: compared.counts, difference: compared.difference,
        interval: compared.interval.map { [$0.lower, $0.upper] },
        seedsWon: compared.seedsWon?.won, pValue: compared.test?.pValue,
        adjustedP: compared.test == nil ? nil : adjusted.popFirst())
    }
  }

  func side(_ variant: VariantSummary) -> Side { sides[origins[variant.variant.index].side] }

  var rows: [ComparisonSummary.Row] {
    merged.ordered.map { variant in
      let (place, index) = origins[variant.variant.index]
      let side = sides[place]
      return ComparisonSummary.Row(
        run: side.name, author: side.author, variant: side.run.variants[index].label,
        seeds: variant.coverage.used, planned: variant.coverage.planned, mean: variant.mean,
        interval: variant.interval.map { [$0.lower, $0.upper] },
        interquartileMean: variant.interquartileMean, best: variant.best,
        verdicts: Answer(run: side.own).verdicts, file: side.file)
    }
  }
}

extension Plan.Score {
  /// Whether two scores are the same number of the same thing.
  func isAlike(_ other: Plan.Score) -> Bool {
    var (one, other) = (self, other)
    (one.range, other.range) = (nil, nil)
    return one == other
  }
}

extension Plan {
  /// What it asks beside the plan of a file that was handed out.
  fileprivate func standing(to handedOut: Plan) -> String {
    if experimentHash == handedOut.experimentHash && overrides.isEmpty { return "the same" }
    let changed = changes(from: handedOut)
    if changed.isEmpty { return "the same but for words" }
    let more = changed.count > 4 ? " and \(changed.count - 4) more" : ""
    return "changed: " + changed.prefix(4).joined(separator: ", ") + more
  }
}
