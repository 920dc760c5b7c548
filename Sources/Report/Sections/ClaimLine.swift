// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Search
import Statistics

/// One hypothesis on the first screen: what was found of it, its interval as a small drawing, and
/// the reasons behind it, folded.
struct ClaimLine {
  /// What the numbers say of a claim.
  enum Outcome: String, CaseIterable {
    case supported, refuted, undecided, open

    var isDecided: Bool { self == .supported || self == .refuted }
  }

  let outcome: Outcome
  /// Behind the outcome's word, for what it does not hold of.
  var qualification = ""
  let claim: String
  let measure: TwoSampleMeasure
  /// The claimed value, or both ends of a claimed range.
  let margins: [Double]
  let estimate: Double?
  let lower: Double?
  let upper: Double?
  let reasons: HTML

  static func all(of run: RunSummary) -> [ClaimLine] {
    run.plan.seedRange != nil
      ? zip(run.looks?.claims ?? [], run.plan.hypotheses).map { ClaimLine($0, $1, in: run) }
      : zip(run.plan.hypotheses, run.verdicts).map { ClaimLine($1, claim: $0.claim, in: run) }
  }

  /// What was decided, in the claims' own words where they are few, and how many are not; nil while
  /// nothing is.
  static func sentence(_ claims: [ClaimLine]) -> String? {
    guard claims.contains(where: \.outcome.isDecided) else { return nil }
    let groups = Outcome.allCases.flatMap { outcome in
      Dictionary(grouping: claims.filter { $0.outcome == outcome }, by: \.qualification)
        .sorted { $0.key < $1.key }
        .map { (outcome, outcome.rawValue + $0.key, $0.value.map(\.claim)) }
    }
    func text(_ isWhole: (Outcome) -> Bool) -> String {
      groups.enumerated().map { place, group in
        let (outcome, name, these) = group
        let text =
          isWhole(outcome)
          ? "\(name): \(these.joined(separator: "; "))."
          : "\(Numbers.count(these.count, "claim")) \(these.count == 1 ? "is" : "are") \(name)."
        return place == 0 ? text : Wording.capitalized(text)
      }.joined(separator: " ")
    }
    let whole = text { _ in true }
    if whole.count <= 200 { return whole }
    let decided = text(\.isDecided)
    return decided.count <= 260 ? decided : text { _ in false }
  }

  /// The scale of each measure, which holds the intervals and the claimed values of all claims.
  static func scales(of claims: [ClaimLine]) -> [TwoSampleMeasure: ClosedRange<Double>] {
    Dictionary(grouping: claims, by: \.measure).compactMapValues { claims in
      let values = claims.flatMap {
        $0.margins + [$0.estimate, $0.lower, $0.upper].compactMap { $0 }
      }
      .filter(\.isFinite)
      return values.min().flatMap { low in values.max().map { roomyRange(low, $0, room: 0.05) } }
    }
  }

  func html(in scales: [TwoSampleMeasure: ClosedRange<Double>]) -> HTML {
    let drawing = scales[measure].flatMap(drawing)
    return """
      <li class="verdict \(outcome.rawValue)">
      <details>
      <summary><h3><span class="outcome">\(Wording.capitalized(outcome.rawValue))\
      \(qualification)</span> <span class="claim">\(claim)</span>
      \(drawing)</h3></summary>
      \(reasons)</details>
      </li>

      """
  }

  /// The interval on the scale of its measure, with the claimed values as dashed lines; nil without
  /// an estimate.
  private func drawing(on scale: ClosedRange<Double>) -> HTML? {
    guard let estimate, estimate.isFinite else { return nil }
    let ends = lower.flatMap { low in upper.map { (low, $0) } }
    let precision = Precision(
      [estimate] + (ends.map { [$0.0, $0.1] } ?? []), widths: ends.map { [$0.1 - $0.0] } ?? [])
    let numbers =
      precision.text(estimate) + (ends.map { " \(precision.interval($0.0, $0.1))" } ?? "")
    func line(_ style: HTML, _ from: Double, _ to: Double, y: (Int, Int)) -> HTML {
      """
      <line class="\(style)" x1="\(percent(from, in: scale))%" x2="\(percent(to, in: scale))%" \
      y1="\(y.0)" y2="\(y.1)"></line>

      """
    }
    let whisker = ends.map { line("whisker", $0.0, $0.1, y: (9, 9)) }
    return """
      <span class="interval"><svg width="100%" height="18" role="img" aria-label="\(numbers)">
      <line class="rail" x1="0" x2="100%" y1="9" y2="9"></line>
      \(margins.html { line("reference", $0, $0, y: (0, 18)) })\(whisker)\
      <circle class="mean" cx="\(percent(estimate, in: scale))%" cy="9" r="4"></circle>
      </svg><span class="estimate">\(numbers)</span></span>
      """
  }
}
