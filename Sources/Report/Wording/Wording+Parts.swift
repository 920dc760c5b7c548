// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Statistics

/// Headings, leads and captions of the page's parts.
extension Wording {
  static func forestCaption(_ digest: RunDigest) -> String {
    let noun = capitalized(scoreNoun(digest.plan.score, threshold: digest.threshold))
    let direction =
      digest.goal == .maximize ? "further right is better" : "further left is better"
    return "\(noun), \(direction). Large dot: mean over seeds; bar: 95\u{A0}% bootstrap interval;"
      + " faint dots: single seeds."
  }

  static func forestLabel(_ digest: RunDigest) -> String {
    "Score of each variant: \(scoreNoun(digest.plan.score, threshold: digest.threshold))"
  }

  static func forestMore(_ count: Int) -> String {
    "\(Self.count(count, "more variant")) in the table of final scores."
  }

  static func forestRow(_ summary: VariantSummary, _ precision: Precision) -> String {
    "Mean \(score(summary.mean, precision)), \(evidence(summary, precision)); seeds: "
      + summary.scores.scores.map { score($0, precision) }.joined(separator: ", ")
  }

  static func forestNumber(_ summary: VariantSummary, _ precision: Precision) -> String {
    score(summary.mean, precision)
      + (summary.interval.map { " " + bounds($0, precision) } ?? "")
  }

  static func curvesLead(_ digest: RunDigest, hasUnfinished: Bool) -> String {
    var text =
      "Running mean of the return over the last \(LearningTrace.window) episodes; at the"
      + " beginning over as many as there are, from \(LearningTrace.fewest) on. Each faint line is a"
      + " seed, the strong line their mean, the band its pointwise 95\u{A0}% bootstrap interval."
    if hasUnfinished {
      text +=
        " Mean and band are over finished seeds where there are any; unfinished ones are only"
        + " drawn faintly."
    }
    return text
  }

  static let curvesMissing = "No trial has finished an episode yet."

  /// A variant's name in a legend where all its seeds ended without a score.
  static func noneFinished(_ label: String) -> String { "\(label) (no seed finished)" }

  static func curveCaption(_ axis: CurveAxis, stride: Int, endsApart: Bool = false) -> String {
    switch axis {
    case .episodes:
      "By training episode, one game each"
        + (stride > 1 ? "; points at every \(count(stride)) episodes." : ".")
        + (endsApart
          ? " A seed that has finished counts with its last value until the longest ends." : "")
    case .decisions:
      "By decision: what was learned for the same amount of play. Seeds play games of different"
        + " length; one that has finished counts with its last value until the longest ends."
    case .seconds:
      "By second of wall time in training on one core, as measured after each update and"
        + " interpolated by decisions in between. A seed that has finished counts with its last value until the longest"
        + " ends."
    }
  }

  static func axisTitle(_ axis: CurveAxis) -> String {
    switch axis {
    case .episodes: "By episode"
    case .decisions: "By decision"
    case .seconds: "By second"
    }
  }

  static func axisLabel(_ axis: CurveAxis) -> String {
    switch axis {
    case .episodes: "training episode"
    case .decisions: "decisions"
    case .seconds: "time in training, one core"
    }
  }

  static func scoresLead(_ digest: RunDigest) -> String {
    "The score is the \(scoreNoun(digest.plan.score, threshold: digest.threshold)). Evaluation"
      + " games are played by the final weights, on random streams of their own."
  }

  static func scoresNote(_ digest: RunDigest) -> String {
    var text =
      "IQM: interquartile mean. Intervals: 95\u{A0}% percentile bootstrap of the mean over seeds,"
      + " every resample enumerated up to six seeds, else 50,000 drawn."
    let partial = digest.variants.filter { !$0.coverage.isComplete }
    if !partial.isEmpty {
      text += " Seeds that failed or are not finished are left out and counted in n."
    }
    return text
  }

  static func thresholdTitle(_ threshold: Double) -> String {
    threshold == 0 ? "Episodes to parity" : "Episodes to \(score(threshold))"
  }
}

/// Health, configuration, trials and provenance.
extension Wording {
  static let quiet = "No rule fired: nothing about the training calls for a warning."

  static func configurationLead(_ variants: Int) -> String {
    "What differs between the \(count(variants, "variant"))."
  }

  static func reproduction(_ digest: RunDigest) -> String {
    "This command gives the same numbers, seed by seed, on the same kind of processor. It runs"
      + " only what is not stored yet."
  }

  static let methods =
    "Intervals are percentile bootstrap intervals at 95\u{A0}%, hypotheses are judged by an interval and"
    + " a paired sign-flip test with Holm's correction, and the random numbers of resampling depend"
    + " only on the experiment's name and the statistic, so the same trials give the same page."
}
