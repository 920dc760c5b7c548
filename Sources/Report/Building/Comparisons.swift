// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

/// The section that holds variants against each other: profiles, the matrix of the probability of
/// improvement, and what the sweep's shape allows to say about its parameters.
struct Comparisons {
  let digest: RunDigest
  /// Variants with a score, best first.
  let ranked: [VariantSummary]

  init(_ digest: RunDigest) {
    self.digest = digest
    ranked = digest.ranked
  }

  /// Nil where there are no two variants with a score.
  func section(_ press: inout FigurePress) throws(ReportError) -> FiguresView? {
    guard ranked.count > 1 else { return nil }
    var figures = [try profiles(&press), try matrix(&press)]
    var lead = Wording.comparisonsLead
    var notes: [String] = []
    switch SweepShape(digest.plan) {
    case .factorial(let design):
      if let found = effects(design) {
        figures.append(try draw(found, &press))
        lead += " " + Wording.factorialLead
      } else {
        notes.append(
          Wording.noEffects(
            isCensored: digest.variants.contains { $0.scores.scores.contains(.infinity) }))
      }
    case .scattered(let parameters):
      figures += try scattered(parameters, &press)
      lead += " " + Wording.scatteredLead
    case .other: break
    }
    var links: [LinkView] = []
    if let range = normalization {
      try press.write(normalized(by: range).text, to: "data/normalized.csv")
      links = [LinkView(target: "data/normalized.csv", text: "Normalized statistics (CSV)")]
    } else {
      notes.append(Wording.notNormalized)
    }
    return FiguresView(
      id: "comparisons", heading: "Comparisons", lead: lead, figures: figures, notes: notes,
      links: links)
  }

  /// Scores by seed of a variant, in the plan's order of seeds; NaN where a trial does not count.
  func scores(_ summary: VariantSummary) -> [Double] {
    digest.plan.seeds.map { seed in
      summary.trials.first { $0.planned.seed == seed && $0.isCounted }?.score ?? .nan
    }
  }

  /// The draws of seeds that all comparisons and verdicts of the page share.
  var seeds: ResamplingKey { .seeds(of: digest.plan.name) }

  func key(_ statistic: String) -> ResamplingKey {
    ResamplingKey(experiment: digest.plan.name, statistic: statistic)
  }

  var scoreLabel: String { Wording.scoreNoun(digest.plan.score, threshold: digest.threshold) }

  // MARK: Normalized statistics

  /// The fixed constants of the game or the experiment; nil without, or where scores are to be small.
  private var normalization: ScoreRange? {
    guard digest.goal == .maximize else { return nil }
    return digest.scale.flatMap { ScoreRange(minimum: $0.lowerBound, maximum: $0.upperBound) }
  }

  private func normalized(by range: ScoreRange) -> CSVTable {
    var table = CSVTable(["variant", "statistic", "value", "lower", "upper", "seeds", "resamples"])
    for summary in ranked {
      let scores = summary.scores.normalized(by: range)
      // The draws of the table of final scores, so that the mean there and here is one.
      let key = key("final/variant \(summary.variant.index)")
      let statistics: [(String, ScoreStatistic)] = [
        ("mean", .mean), ("iqm", .interquartileMean), ("optimalityGap", .optimalityGap(target: 1)),
      ]
      for (name, statistic) in statistics {
        let interval = scores.interval(of: statistic, key: key)
        table.addRow([
          summary.label, name, CSVTable.exact(scores.value(of: statistic)),
          CSVTable.exact(interval?.lower), CSVTable.exact(interval?.upper),
          "\(summary.coverage.used)", interval.map { "\($0.resamples)" } ?? "",
        ])
      }
    }
    return table
  }
}
