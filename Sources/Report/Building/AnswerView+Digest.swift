// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import Statistics

extension AnswerView {
  /// The first screen of a run.
  init(_ digest: RunDigest) {
    let plan = digest.plan
    self.init(
      questionHTML: Markdown.html(plan.question), headline: Wording.headline(digest),
      support: Wording.support(digest),
      verdicts: zip(plan.hypotheses, digest.verdicts).map {
        VerdictView($0, $1, goal: digest.goal)
      },
      forest: ForestView(digest))
  }
}

extension VerdictView {
  init(_ hypothesis: Plan.Hypothesis, _ verdict: Verdict, goal: ScoreGoal) {
    let outcome = Wording.outcome(verdict.outcome)
    self.init(
      outcome: outcome, outcomeClass: outcome.lowercased(), claim: hypothesis.claim,
      numbers: Wording.numbers(verdict, goal: goal), coverage: Wording.coverage(verdict),
      next: Wording.next(verdict))
  }
}

extension ForestView {
  /// Rows on the first screen; the table below has them all.
  static let rowLimit = 8

  /// - Returns: nil while no variant has a score on the scale.
  init?(_ digest: RunDigest) {
    let ranked = digest.ranked.filter { $0.scores.scores.contains(where: \.isFinite) }
    guard !ranked.isEmpty else { return nil }
    let shown = Array(ranked.prefix(Self.rowLimit))
    let finite = ranked.flatMap { $0.scores.scores.filter(\.isFinite) }
    let scale = Self.scale(finite, known: digest.scale)
    func place(_ value: Double) -> String { percent(value, in: scale) }
    let references = digest.scoreIsReturn ? digest.references : []
    let inside = references.filter { scale.contains($0.value) }
    self.init(
      caption: Wording.forestCaption(digest), label: Wording.forestLabel(digest),
      rows: shown.map { Self.row($0, digest.precision, place: place) },
      references: inside.map { Mark(x: place($0.value)) },
      axis: Self.axis(scale, references: inside, place: place),
      more: ranked.count > shown.count
        ? Wording.forestMore(ranked.count - shown.count) : nil)
  }

  private static func row(
    _ summary: VariantSummary, _ precision: Precision, place: (Double) -> String
  ) -> Row {
    let mean = summary.mean.flatMap { $0.isFinite ? $0 : nil }
    let bounds = summary.interval
    return Row(
      label: summary.label, seriesClass: seriesClass(summary.style),
      alternative: Wording.forestRow(summary, precision),
      seeds: summary.scores.scores.filter(\.isFinite).map { Mark(x: place($0)) },
      interval: bounds.map { Interval(lower: place($0.lower), upper: place($0.upper)) },
      mean: mean.map(place), number: Wording.forestNumber(summary, precision))
  }

  /// The game's own scale where it is known, else what the scores cover.
  private static func scale(
    _ values: [Double], known: ClosedRange<Double>?
  ) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if let known, known.contains(low), known.contains(high) { return known }
    return roomyRange(low, high, room: 0.08)
  }

  /// Ends of the scale above, names of the reference lines below.
  private static func axis(
    _ scale: ClosedRange<Double>, references: [ReferenceScore], place: (Double) -> String
  ) -> [AxisLabel] {
    let ends = [scale.lowerBound, scale.upperBound]
    let labels = ends.enumerated().map { index, value in
      AxisLabel(
        x: place(value), y: 14, label: Numbers.text(value),
        anchorClass: index == 0 ? "start" : "end")
    }
    return labels
      + references.map { reference in
        let share = share(of: reference.value, in: scale)
        return AxisLabel(
          x: place(reference.value), y: 30,
          label: "\(reference.name) \(Numbers.text(reference.value))",
          anchorClass: share < 0.15 ? "start" : share > 0.85 ? "end" : "middle")
      }
  }
}

/// Where a value lies in a range, in percent with two places; held within it.
func percent(_ value: Double, in range: ClosedRange<Double>) -> String {
  let share = share(of: value, in: range)
  let hundredths = Int((max(0, min(1, share.isNaN ? 0 : share)) * 10_000).rounded())
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}

/// How far along a range a value lies; of halves, since the width of a range may be beyond the
/// greatest Double.
func share(of value: Double, in range: ClosedRange<Double>) -> Double {
  (value / 2 - range.lowerBound / 2) / (range.upperBound / 2 - range.lowerBound / 2)
}

/// The range from `low` to `high` with that share of it more at both ends, as far as a Double goes.
func roomyRange(_ low: Double, _ high: Double, room share: Double) -> ClosedRange<Double> {
  let limit = Double.greatestFiniteMagnitude
  let room = low == high ? max(1, abs(low) * 0.1) : min((high / 2 - low / 2) * (2 * share), limit)
  return max(low - room, -limit)...min(high + room, limit)
}

/// The style sheet's class for a variant's colour.
func seriesClass(_ variant: Int) -> String {
  "s\(variant % max(1, Theme.light.categorical.count))"
}
