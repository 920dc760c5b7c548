// SPDX-License-Identifier: MIT

import ExperimentSpec
import Plotting
import Statistics

/// What is said about two runs side by side.
extension Wording {
  /// The best of the one against the best of the other.
  static func comparison(
    _ a: RunDigest, _ b: RunDigest, names: [String], _ verdict: Verdict?
  ) -> String {
    guard let first = a.ranked.first, let second = b.ranked.first else {
      return "There is no finished trial on at least one side, so there is nothing to compare yet."
    }
    guard ComparePage.isAlike(a.plan.score, b.plan.score) else {
      return "The two score different things, so their scores are not compared: the"
        + " \(scoreNoun(a.plan.score, threshold: a.threshold)), and the"
        + " \(scoreNoun(b.plan.score, threshold: b.threshold))."
    }
    let best =
      "The best of \(quoted(names[0])), \(quoted(first.label)), has \(score(first.mean)); that of"
      + " \(quoted(names[1])), \(quoted(second.label)), \(score(second.mean))"
    guard let verdict, let estimate = verdict.estimate, estimate.isFinite else {
      return best + "."
    }
    return best + ": a difference of \(score(estimate))"
      + (verdict.interval.map { " (\(interval($0)))" } ?? "") + "."
  }

  static func comparisonSupport(_ a: RunDigest, _ b: RunDigest, _ verdict: Verdict?) -> [String] {
    guard let verdict else { return [] }
    var sentences = [
      "The score is the \(scoreNoun(a.plan.score, threshold: a.threshold)). Pairs are made by"
        + " \(count(verdict.n, "seed")) that both sides have finished."
    ]
    if a.plan.rootSeed != b.plan.rootSeed {
      sentences.append("The root seeds differ, so equal seed values share no random numbers.")
    }
    if let next = next(verdict.outcome) { sentences.append(next) }
    sentences.append("Both bests were picked after looking; fresh seeds would tell.")
    return sentences
  }

  static func comparedCurves(_ shown: Int) -> String {
    "Running mean of the return over the last \(LearningTrace.window) episodes, by training"
      + " episode; of each side the best \(count(shown, "variant")) at most."
  }

  static func comparedSettings(_ count: Int) -> String {
    count == 0
      ? "Both ask for the same values of every parameter."
      : "Every parameter whose values are not the same on both sides, over all variants."
  }
}
