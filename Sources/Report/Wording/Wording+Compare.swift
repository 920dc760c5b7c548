// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Statistics

/// What is said about two runs side by side.
extension Wording {
  /// The best of the one against the best of the other.
  static func comparison(
    _ a: RunDigest, _ b: RunDigest, names: [String], _ bests: ComparedBests?
  ) -> String {
    guard a.ranked.first != nil, b.ranked.first != nil else {
      return "There is no finished trial on at least one side, so there is nothing to compare yet."
    }
    guard let bests else {
      return "The two score different things, so their scores are not compared: the"
        + " \(scoreNoun(a.plan.score, threshold: a.threshold)), and the"
        + " \(scoreNoun(b.plan.score, threshold: b.threshold))."
    }
    let bounds = bests.interval.map { [$0.lower, $0.upper] } ?? []
    let precision = Precision(
      bests.means + [bests.difference].compactMap { $0 } + bounds,
      widths: bests.interval.map { [$0.upper - $0.lower] } ?? [])
    let means = zip(bests.means, bests.counts).map { mean, seeds in
      score(mean, precision) + (bests.isPaired ? "" : " (\(count(seeds, "seed")))")
    }
    let sides =
      "the best of \(quoted(names[0])), \(quoted(bests.first.label)), has \(means[0]), that of"
      + " \(quoted(names[1])), \(quoted(bests.second.label)), \(means[1])"
    let text =
      bests.isPaired
      ? "Over the \(count(bests.counts[0])) seeds that both have finished, \(sides)"
      : capitalized(sides)
    guard let difference = bests.difference else { return text + "." }
    return text + ": a difference of \(score(difference, precision))"
      + (bests.interval.map { " (\(interval($0, precision)))" } ?? "") + "."
  }

  static func comparisonSupport(_ a: RunDigest, _ bests: ComparedBests?) -> [String] {
    guard let bests else { return [] }
    var sentences = [
      "The score is the \(scoreNoun(a.plan.score, threshold: a.threshold))."
    ]
    if bests.leavesSeedsOut {
      let all = [bests.first, bests.second].map {
        "\(score($0.mean)) (\(count($0.coverage.used, "seed")))"
      }
      sentences.append("Over all their finished seeds the two have \(list(all)).")
    }
    sentences += bests.isPaired ? paired(bests) : [apart(bests)]
    sentences.append(
      "Both were picked as the best after looking at the scores; fresh seeds would show more.")
    return sentences
  }

  private static func paired(_ bests: ComparedBests) -> [String] {
    var text = "Equal seeds are pairs, since the root seeds are equal too."
    if let test = bests.test { text += " Sign-flip \(Numbers.pValue(test.pValue))." }
    if let won = bests.seedsWon {
      text += " \(quoted(bests.first.label)) is ahead in \(seedsWon(won))."
    }
    return bests.counts[0] < 6 ? [text, "Fewer than 6 pairs decide nothing."] : [text]
  }

  private static func apart(_ bests: ComparedBests) -> String {
    bests.haveSameRoot
      ? "They have fewer than two finished seeds in common, so nothing is compared in pairs."
      : "The root seeds differ, so equal seed values share no random numbers and are no pairs: the"
        + " seeds of either side are drawn by themselves."
  }

  /// `7 of 10 seeds (tied in 1; exact 95 % interval [35 %, 93 %])`.
  static func seedsWon(_ won: SeedShare) -> String {
    "\(won.won) of \(count(won.count, "seed"))"
      + " (\(won.tied > 0 ? "tied in \(won.tied); " : "")exact 95\u{A0}% interval"
      + " [\(Numbers.percent(won.lower)), \(Numbers.percent(won.upper))])"
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
